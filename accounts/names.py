"""Usernames and displayed names: reserved prefixes and refused characters."""

import unicodedata

from django.core.exceptions import ValidationError

PSEUDONYM = "former-contributor-"
DEMO = "demo-"
RESERVED_PREFIXES = (PSEUDONYM, DEMO)
# control, format (including direction marks), surrogate, private and unassigned characters, line separators
REFUSED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_shown_name(text: str) -> str:
    """Strip whitespace from a name. Raises ValidationError if it contains invisible characters."""
    if any(unicodedata.category(character) in REFUSED_CATEGORIES for character in text):
        raise ValidationError("A name cannot hold control or direction characters.", code="invisible")
    return text.strip()
