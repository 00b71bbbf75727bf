"""Check the layout of templates: one element per line, maximal width, Django's block tags on their own lines.

djade formats the inside of Django's tags and ignores HTML; this checks the rest, each line by itself.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tooling.base import ROOT

TEMPLATES = ROOT / "templates"
WIDTH = 120

BLOCK_NAMES = """
    address article aside base blockquote body caption col colgroup dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li link main meta nav noscript ol optgroup option p
    pre script search section style summary table tbody td template tfoot th thead title tr ul
"""
BLOCK_ELEMENTS = frozenset(BLOCK_NAMES.split())
"""Elements that need a line of their own: block elements, elements of the head, and options. Others may share a line,
like words of a sentence."""

DJANGO_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]*)\b")
BRANCH_TAG = r"\{%\s*(?:if|elif|else|for|empty|with|block|autoescape|filter|end\w+)\b.*?%\}"
BRANCH_BEFORE = re.compile(rf"\s*({BRANCH_TAG})")
BRANCH_AFTER = re.compile(rf">\s*({BRANCH_TAG})\s*$")

TOO_WIDE = "{} columns, at most {}: break it between attributes, or at a space of the text."
SHARED_LINE = "{} share a line: give each element a line of its own."
ADJACENT_TAG = "{} stands beside <{}>: put it on a line of its own, and the element a level below."


def templates(folder: Path) -> list[Path]:
    """All HTML and XML templates. Line breaks in text templates are content, and the API's examples are code."""
    return sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".xml"})


def find_errors(text: str) -> Iterator[tuple[int, str]]:
    """The errors of a template: line number, from 1, and a message with what is wrong and what to do.

    A line that is too wide gets no other message: the patterns are applied to at most `WIDTH` characters.
    """
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDTH:
            yield number, TOO_WIDE.format(len(line), WIDTH)
            continue
        block_names = block_elements(line)
        if len(block_names) > 1:
            yield number, SHARED_LINE.format(" and ".join(f"<{name}>" for name in block_names))
        if tag := adjacent_branch_tag(line, block_names):
            yield number, ADJACENT_TAG.format(tag, block_names[0])


def block_elements(line: str) -> list[str]:
    """The names of the BLOCK_ELEMENTS that begin or end on this line, in order; one that does both counts once."""
    names: list[str] = []
    opened: list[str] = []
    for end, name in ELEMENT.findall(DJANGO_TAG.sub("", line)):
        if name not in BLOCK_ELEMENTS:
            continue
        if end and name in opened:
            opened.remove(name)
            continue
        names.append(name)
        if not end:
            opened.append(name)
    return names


def adjacent_branch_tag(line: str, block_names: list[str]) -> str:
    """The Django block tag before or after a block element on the same line; "" without one."""
    if not block_names:
        return ""
    if before := BRANCH_BEFORE.match(line):
        return before[1]
    after = BRANCH_AFTER.search(line)
    if after is None:
        return ""
    end, name = ELEMENT.findall(DJANGO_TAG.sub("", line))[-1]
    return after[1] if end and name in BLOCK_ELEMENTS else ""


def main() -> int:
    """Print the errors with file and line; return 1 if there are any, else 0."""
    errors = [
        f"{path.relative_to(ROOT)}:{number}: {message}"
        for path in templates(TEMPLATES)
        for number, message in find_errors(path.read_text(encoding="utf-8"))
    ]
    print(*errors, sep="\n", end="\n" if errors else "")
    return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main())
