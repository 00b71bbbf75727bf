"""Addresses made from names."""

import re
import unicodedata

MAX_LENGTH = 80


def slug_for(name: str) -> str:
    """A slug of at most 80 characters; "Qwen2.5-VL" gives "qwen2-5-vl", an empty result gives "entry"."""
    plain = name.replace("+", "-plus-").replace("&", "-and-")
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:MAX_LENGTH].strip("-") or "entry"
