"""Slugs made from names."""

import re
import unicodedata
from collections.abc import Callable

MAX_LENGTH = 80


def slug_for(name: str) -> str:
    """A slug of at most 80 characters; "Qwen2.5-VL" gives "qwen2-5-vl", an empty result gives "entry"."""
    plain = name.replace("+", "-plus-").replace("&", "-and-")
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX_LENGTH].strip("-") or "entry"


def numbered(slug: str, number: int) -> str:
    """A variant of a slug, no longer than a slug may be: flamingo-2."""
    suffix = f"-{number}"
    return slug[: MAX_LENGTH - len(suffix)].strip("-") + suffix


def free_slug(name: str, is_taken: Callable[[str], bool]) -> str:
    """The slug made from a name, or its first variant that is free: flamingo, flamingo-2, flamingo-3 …"""
    base = candidate = slug_for(name)
    number = 1
    while is_taken(candidate):
        number += 1
        candidate = numbered(base, number)
    return candidate
