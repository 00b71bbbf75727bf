"""Tables in HTML, row by row."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from catalog.exchange.awesome.blocks import HtmlRow
from catalog.exchange.awesome.inline import links, plain_text

TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?(\d{1,4})", re.IGNORECASE)
MAX_COLUMNS = 100
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


@dataclass
class _Cell:
    """A cell: its HTML, and how many rows and columns it spans."""

    html: str
    rows: int
    columns: int


@dataclass
class _Row:
    """A row: where it begins in the text of the table, and its own cells."""

    start: int
    cells: list[_Cell] = field(default_factory=list)
    is_header: bool = False


def _rows(shown: Sequence[str], raw: Sequence[str]) -> Iterator[HtmlRow]:
    """The rows of the table that these lines hold; an end of a cell or a row may be left out."""
    ends = list(accumulate(len(line) for line in raw))
    text = "".join(line[: len(whole)].ljust(len(whole)) for line, whole in zip(shown, raw, strict=True))
    row: _Row | None = None
    opened: re.Match[str] | None = None  # the tag of the open cell
    spanning: dict[int, _Cell] = {}
    for part in PART.finditer(text):
        name, closes = part[2].lower(), bool(part[1])
        if row and opened:
            row.cells.append(_Cell(text[opened.end() : part.start()].strip(), *_spans(opened[0])))
        opened = None
        if name == "tr":
            if row and row.cells:
                yield _placed(row, part.end() if closes else part.start(), ends, spanning)
            row = None if closes else _Row(part.start())
        elif not closes and row:
            opened = part
            row.is_header = row.is_header or name == "th"
    if row and row.cells:
        yield _placed(row, ends[-1], ends, spanning)


def _spans(tag: str) -> tuple[int, int]:
    """How many rows and columns a cell spans, by its tag."""
    found = {match[1].lower(): int(match[2]) for match in SPAN.finditer(tag)}
    return max(found.get("row", 1), 1), min(max(found.get("col", 1), 1), MAX_COLUMNS)


def _placed(row: _Row, end: int, ends: Sequence[int], spanning: dict[int, _Cell]) -> HtmlRow:
    """A row with its cells in their columns, between the words of those above that span it; `spanning` holds the latter
    by column, with the number of rows that are left, and is brought up to date."""
    cells: list[str] = []
    own: list[int] = []
    waiting = list(reversed(row.cells))
    below = {column: _Cell(cell.html, cell.rows - 1, 1) for column, cell in spanning.items() if cell.rows > 1}
    while len(cells) < MAX_COLUMNS and (waiting or len(cells) in spanning):
        column = len(cells)
        if above := spanning.get(column):
            cells.append(above.html)
            continue
        cell = waiting.pop()
        own.append(column)
        cells += [cell.html, *[""] * (cell.columns - 1)]
        if cell.rows > 1:
            words = _Cell(plain_text(links(cell.html)[1]), cell.rows - 1, 1)
            below |= {
                column + number: words if not number else _Cell("", words.rows, 1) for number in range(cell.columns)
            }
    spanning.clear()
    spanning |= below
    line, last = bisect_right(ends, row.start), bisect_left(ends, end)
    height = max(cell.rows for cell in row.cells)
    return HtmlRow(row.start, end, line, last, tuple(cells), row.is_header, tuple(own), height)


def header_rows(rows: Sequence[HtmlRow]) -> Sequence[HtmlRow]:
    """The first rows of a table, if they are its header: one, or as many as a cell of it spans."""
    first = rows[0] if rows else None
    if not first or (not first.is_header and any(links(cell)[0] for cell in first.cells)):
        return ()
    return rows[: first.height if first.height < len(rows) else 1]
