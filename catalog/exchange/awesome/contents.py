"""The table of contents of a list, for sections that the portal adds."""

import re
from collections.abc import Iterable, Sequence

from catalog.exchange.awesome.lines import split_lines

CONTENTS = re.compile(r"^#{1,3}[ \t]++[^\w\r\n]*+(?:table of )?contents\b", re.IGNORECASE)
MARKERS = ("- ", "* ", "+ ")
NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def with_contents(chunks: Sequence[str], titles: Iterable[str]) -> list[str]:
    """The text of a list, in parts, with an item for each new section at the end of its table of contents, if it has
    one whose items lead to sections."""
    titles = list(titles)
    for index, chunk in enumerate(chunks if titles else ()):
        lines = split_lines(chunk)
        start = next((number for number, line in enumerate(lines) if CONTENTS.match(line)), None)
        if start is not None:
            return [*chunks[:index], "".join(_with_items(lines, start + 1, titles)), *chunks[index + 1 :]]
    return [*chunks]


def _with_items(lines: list[str], start: int, titles: Iterable[str]) -> list[str]:
    """The lines with new items behind the last item of the first level below `start`, and what is nested in it."""
    end, first = None, ""
    for number in range(start, len(lines)):
        line = lines[number]
        if _is_item(line):
            end, first = number + 1, first or line
        elif line.startswith((" ", "\t")) and line.strip() and end == number:
            end = number + 1
        elif line.strip():
            break
    if end is None:
        return lines
    newline = "\r\n" if first.endswith("\r\n") else "\n"
    known = {line.rpartition("](")[2].rstrip(" \t\r\n)") for line in lines[start:end]}
    added = [
        f"{first[:2]}[{title}]({anchor}){newline}" for title in titles if (anchor := anchor_of(title)) not in known
    ]
    before = lines[:end] if lines[end - 1].endswith("\n") else [*lines[: end - 1], lines[end - 1] + newline]
    return [*before, *added, *lines[end:]]


def _is_item(line: str) -> bool:
    return line.startswith(MARKERS) and "](#" in line and line.rstrip().endswith(")")


def anchor_of(title: str) -> str:
    """The anchor that GitHub gives a heading: lower case, without punctuation, with hyphens for spaces."""
    return "#" + NOT_IN_ANCHOR.sub("", title.strip().lower()).replace(" ", "-")
