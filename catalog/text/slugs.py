"""Slugs made from names."""

import re
import unicodedata
from collections.abc import Callable

from anyascii import anyascii

MAX_LENGTH = 80
NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")


def slug_for(name: str) -> str:
    """A slug of at most 80 characters: "Qwen2.5-VL" gives "qwen2-5-vl", "α-CLIP" "a-clip", "通义" "tongyi".

    Letters of other scripts are transliterated, so that they tell names apart. A name without letters and digits gives
    the words of its signs ("🚀" gives "rocket") or their numbers in Unicode; a blank one gives "entry".
    """
    plain = name.replace("+", "-plus-").replace("&", "-and-")
    letters = plain if plain.isascii() else "".join(map(_letters_of, unicodedata.normalize("NFC", plain)))
    return _slug(letters) or _slug(anyascii(name)) or _slug(_numbers_of(name)) or "entry"


def _slug(text: str) -> str:
    return NOT_IN_SLUGS.sub("-", text.lower()).strip("-")[:MAX_LENGTH].strip("-")


def _letters_of(char: str) -> str:
    """The ASCII letters of a character: those that it is made of (é, ﬁ, ²), else how it is transliterated if it is a
    letter or number."""
    own = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return own or (anyascii(char) if unicodedata.category(char)[0] in "LN" else "")


def _numbers_of(name: str) -> str:
    return "-".join(f"u{ord(char):04x}" for char in name if not char.isspace())


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
