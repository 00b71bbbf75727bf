"""Usernames and displayed names: reserved prefixes and refused characters."""

from django.core.exceptions import ValidationError

from accounts.words import hidden_character

PSEUDONYM = "former-contributor-"
DEMO = "demo-"
RESERVED_PREFIXES = (PSEUDONYM, DEMO)


def clean_shown_name(text: str) -> str:
    """Strip whitespace from a name. Raises ValidationError if it contains invisible characters."""
    if hidden_character(text):
        raise ValidationError("A name cannot hold control, direction or invisible characters.", code="invisible")
    return text.strip()
