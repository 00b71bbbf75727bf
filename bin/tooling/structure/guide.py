"""Measures of the guides in CONTRIBUTING.md: the files and lines that they require."""

import re

BLOCK = re.compile(r"^ *```(python|diff|html|sh)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"`([\w/]+/[\w.]+\.\w+)`")
ROW = re.compile(r"^\| `([\w/.]+/[\w.]*)`", re.MULTILINE)
TOUCHED = re.compile(r"^ *touch (\S+)$", re.MULTILINE)


def to_write(guide: str, heading: str) -> tuple[int, int]:
    """The number of files that the steps below a heading write or change by hand, and of non-blank lines.

    A step names its file before its block of code. Of a block marked `diff` the lines with a "+" count; a file that
    `touch` makes counts as one without lines. A guide that is a table names a file in the first cell of each row, and
    has no lines; migrations are made by a command. (0, 0) when there is neither, or no such section.
    """
    section = guide.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    files: set[str] = set()
    lines = start = 0
    for match in BLOCK.finditer(section):
        language, text = match.groups()
        if language == "sh":
            files |= set(TOUCHED.findall(text))
        else:
            files |= set(PATH.findall(section[start : match.start()])[:1])
            lines += sum(counts(line.strip(), language) for line in text.splitlines())
        start = match.end()
    return len(files or {path for path in ROW.findall(section) if "/migrations/" not in path}), lines


def counts(line: str, language: str) -> bool:
    """Whether a line of a block has to be typed."""
    return bool(line.removeprefix("+").strip()) and (language != "diff" or line.startswith("+"))
