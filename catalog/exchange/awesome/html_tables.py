"""Tables in HTML, row by row."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from catalog.exchange.awesome.blocks import HtmlRow

TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
PART = re.compile(r"<(/?)(tr|td|th)\b[^<>]{0,1000}>", re.IGNORECASE)


@dataclass(frozen=True)
class FoundTable:
    """The lines of a table, from the first to before `end`, and its rows by their place in these lines joined."""

    start: int
    end: int
    rows: tuple[HtmlRow, ...]


def find_tables(shown: Sequence[str], raw: Sequence[str]) -> list[FoundTable]:
    """The tables that `shown` lines hold; one that is not closed, or stands within another, is none by itself.

    The lines differ from the `raw` ones in no length but in their endings.
    """
    found: list[FoundTable] = []
    start, depth = 0, 0
    for index, line in enumerate(shown):
        for tag in TABLE_TAG.finditer(line):
            if not tag[1]:
                start = start if depth else index
                depth += 1
            elif depth:
                depth -= 1
                if not depth and (not found or found[-1].end <= start):
                    rows = tuple(_rows(shown[start : index + 1], raw[start : index + 1]))
                    found.append(FoundTable(start, index + 1, rows))
    return found


def _rows(shown: Sequence[str], raw: Sequence[str]) -> Iterator[HtmlRow]:
    """The rows of the table that these lines hold; an end of a cell or a row may be left out."""
    ends = list(accumulate(len(line) for line in raw))
    text = "".join(line[: len(whole)].ljust(len(whole)) for line, whole in zip(shown, raw, strict=True))
    row, cell = -1, -1  # where the open row and the text of the open cell begin
    cells: list[str] = []
    is_header = False
    for part in PART.finditer(text):
        name, closes = part[2].lower(), bool(part[1])
        if cell >= 0:
            cells.append(text[cell : part.start()].strip())
            cell = -1
        if name == "tr":
            if row >= 0 and cells:
                yield _row(row, part.end() if closes else part.start(), ends, cells, is_header=is_header)
            row, cells, is_header = (-1 if closes else part.start()), [], False
        elif not closes and row >= 0:
            cell = part.end()
            is_header = is_header or name == "th"
    if row >= 0 and cells:
        yield _row(row, ends[-1], ends, cells, is_header=is_header)


def _row(start: int, end: int, ends: Sequence[int], cells: Sequence[str], *, is_header: bool) -> HtmlRow:
    line, last = bisect_right(ends, start), bisect_left(ends, end)
    return HtmlRow(start, end, line, last, tuple(cells), is_header)
