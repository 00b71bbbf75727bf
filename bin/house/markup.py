"""Templates that people can read: one element a line, within the width, Django's tags around it on their own lines.

djade sees to the inside of Django's tags and knows nothing of HTML; this is the rest. A line is judged by itself.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from house.base import ROOT

TEMPLATES = ROOT / "templates"
WIDTH = 120

NAMES = """
    address article aside base blockquote body caption col colgroup dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li link main meta nav noscript ol optgroup option p
    pre script search section style summary table tbody td template tfoot th thead title tr ul
"""
ONE_A_LINE = frozenset(NAMES.split())
"""Elements that stand alone on their line: those that a browser lays out as blocks, those of the head, and options.
The rest may share a line, as words of a sentence do."""

DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]*)\b")
BRANCH = r"\{%\s*(?:if|elif|else|for|empty|with|block|autoescape|filter|end\w+)\b.*?%\}"
BEFORE = re.compile(rf"\s*({BRANCH})")
AFTER = re.compile(rf">\s*({BRANCH})\s*$")

TOO_WIDE = "{} columns, at most {}: break it between attributes, or at a space of the text."
SHARED = "{} share a line: give each element a line of its own."
BESIDE = "{} stands beside <{}>: put it on a line of its own, and the element a level below."


def templates(folder: Path) -> list[Path]:
    """Every template in HTML or XML. The line breaks of a text are its content, and the API's examples are code."""
    return sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".xml"})


def faults(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a template, and what to do about it: the number of the line, from 1, and a sentence.

    A line that is too wide is only told so: the patterns see no more than `WIDTH` characters.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDTH:
            yield number, TOO_WIDE.format(len(line), WIDTH)
            continue
        alone = elements(line)
        if len(alone) > 1:
            yield number, SHARED.format(" and ".join(f"<{name}>" for name in alone))
        if tag := beside(line, alone):
            yield number, BESIDE.format(tag, alone[0])


def elements(line: str) -> list[str]:
    """The names of the elements that must stand alone and begin or end on this line, in order; one that does both
    counts once."""
    found: list[str] = []
    begun: list[str] = []
    for end, name in ELEMENT.findall(DJANGO.sub("", line)):
        if name not in ONE_A_LINE:
            continue
        if end and name in begun:
            begun.remove(name)
            continue
        found.append(name)
        if not end:
            begun.append(name)
    return found


def beside(line: str, alone: list[str]) -> str:
    """The tag of Django's that opens or closes a branch before or behind an element that must stand alone, if any."""
    if not alone:
        return ""
    if before := BEFORE.match(line):
        return before[1]
    after = AFTER.search(line)
    if after is None:
        return ""
    end, name = ELEMENT.findall(DJANGO.sub("", line))[-1]
    return after[1] if end and name in ONE_A_LINE else ""


def main() -> int:
    """Name every fault by file and line; 1 when there is one, else 0."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: {fault}"
        for path in templates(TEMPLATES)
        for number, fault in faults(path.read_text(encoding="utf-8"))
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
