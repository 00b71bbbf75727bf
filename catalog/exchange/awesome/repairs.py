"""Mend what a slip of the hand broke, where there is one thing that it can have been."""

import re
from collections.abc import Sequence

OPEN_LINK = re.compile(r"\]\([^()\s]*$")


def mended(lines: Sequence[str]) -> str:
    """The lines of an entry, with a link that the first opens and the second closes in one line."""
    first, *others = lines
    if others and OPEN_LINK.search(first.rstrip("\r\n")) and others[0].lstrip().startswith(")"):
        return first.rstrip("\r\n") + others[0].lstrip() + "".join(others[1:])
    return "".join(lines)
