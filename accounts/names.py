"""Names of people: which the portal gives out itself, and what none may hold."""

import unicodedata

from django.core.exceptions import ValidationError

PSEUDONYM = "former-contributor-"
DEMO = "demo-"
RESERVED_PREFIXES = (PSEUDONYM, DEMO)
# control, format (direction marks among them), surrogate and private characters, line and paragraph separators
REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_shown_name(text: str) -> str:
    """`text` without surrounding space. Raises ValidationError when it holds characters that cannot be seen."""
    if any(unicodedata.category(character) in REFUSED for character in text):
        raise ValidationError("A name cannot hold control or direction characters.", code="invisible")
    return text.strip()
