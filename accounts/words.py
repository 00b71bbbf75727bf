"""What people type where words are required."""

import unicodedata

FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols of Unicode that are drawn as nothing."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
"""The general categories of controls, formats, separators and marks."""


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it: only white space, invisible characters, fillers, or marks on no letter."""
    return all(char in FILLERS or unicodedata.category(char) in UNSEEN for char in text)
