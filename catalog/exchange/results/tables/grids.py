"""Text as a grid of cells, whatever of the four formats it is written in; bounded in size, in linear time."""

import csv
import html
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from catalog.exchange.results.documents import MAX_TEXT, shown
from catalog.exchange.results.stated import UnreadableFile
from catalog.exchange.results.tables.cells import BOLD, ITALIC, UNDERLINED, Cell, plain_cell, require_short
from catalog.exchange.results.tables.latex import is_latex, latex_rows

MAX_CHARACTERS = 200_000
MAX_ROWS = 500
MAX_COLUMNS = 100
DELIMITER = re.compile(r":?-+:?")
"""A cell of the line below the head of a Markdown table."""
PIPE = re.compile(r"(?<!\\)\|")
IMAGE = re.compile(r"!\[[^\]\[]*\]\([^()\s]*\)")
LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")
FOOTNOTE = re.compile(r"\[\^([^\]\[]{1,20})\]|<sup>([^<>]{1,20})</sup>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
WRAPPED = (("**", BOLD), ("__", BOLD), ("`", ""), ("~~", "struck out"), ("*", ITALIC), ("_", ITALIC))
EMPHASISED = ((re.compile(r"\*\*([^*]+)\*\*"), BOLD), (re.compile(r"\*([^*]+)\*"), ITALIC))
TAGS = {"b": BOLD, "strong": BOLD, "u": UNDERLINED, "ins": UNDERLINED, "i": ITALIC, "em": ITALIC}


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, all of the same length."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def transposed(self) -> "Grid":
        return Grid(tuple(zip(*self.rows, strict=True)))


def read_grid(text: str) -> Grid:
    """The cells of a pasted table, without empty rows. Raises UnreadableFile, with what is wrong and where."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(f"The table has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.")
    if not text.strip():
        raise UnreadableFile("There is no table.")
    if is_latex(text):
        rows = latex_rows(text)
    elif (lines := text.splitlines()) and any(is_delimiter(line) for line in lines):
        rows = _markdown_rows(lines)
    else:
        rows = _separated_rows(text)
    return _grid(rows)


def is_delimiter(line: str) -> bool:
    """Whether a line separates the head of a Markdown table from its body."""
    cells = line.strip().removeprefix("|").removesuffix("|").split("|") if "|" in line else [""]
    return all(DELIMITER.fullmatch(cell.strip()) for cell in cells)


def _grid(rows: Iterable[list[Cell]]) -> Grid:
    filled = [row for row in rows if any(cell.text for cell in row)]
    if len(filled) > MAX_ROWS:
        raise UnreadableFile(f"The table has {len(filled):,} rows; at most {MAX_ROWS} are read.")
    width = max(map(len, filled), default=0)
    if width > MAX_COLUMNS:
        raise UnreadableFile(f"The table has {width:,} columns; at most {MAX_COLUMNS} are read.")
    if len(filled) < 2 or width < 2:
        raise UnreadableFile(
            "This is no table with a row of headings and a column of names: separate its cells by tabs or commas, "
            "or paste it as Markdown or LaTeX."
        )
    for number, row in enumerate(filled, 1):
        if long := next((cell.text for cell in row if len(cell.text) > MAX_TEXT), ""):
            raise UnreadableFile(f"Row {number}: “{shown(long)}” has more than {MAX_TEXT} characters.")
        if odd := next((cell.text for cell in row if not cell.text.isprintable()), ""):
            raise UnreadableFile(f"Row {number}: “{shown(odd)}” holds a control character.")
    columns = list(zip_longest(*filled, fillvalue=Cell()))
    kept = [column for column in columns if any(cell.text for cell in column)]
    return Grid(tuple(zip(*kept, strict=True)))


def _separated_rows(text: str) -> list[list[Cell]]:
    """Rows that are separated by tabs, else by semicolons or commas, whichever the first line has more of."""
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = "\t" if "\t" in text else max(",;", key=first.count)
    reader = csv.reader(io.StringIO(text.strip("\r\n"), newline=""), delimiter=delimiter, strict=True)
    try:
        return [[markdown_cell(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num}: {error}.") from error


def _markdown_rows(lines: list[str]) -> list[list[Cell]]:
    """The rows of the one table of these lines: the line above the delimiters, and those below as far as they have
    pipes."""
    at = [number for number, line in enumerate(lines) if is_delimiter(line)]
    if len(at) > 1:
        raise UnreadableFile(f"Line {at[1] + 1}: here a second table begins. Paste one at a time.")
    body = lines[at[0] + 1 :]
    end = next((number for number, line in enumerate(body) if "|" not in line), len(body))
    head = lines[at[0] - 1 : at[0]] if at[0] else []
    return [_markdown_row(line) for line in (*head, *body[:end])]


def _markdown_row(line: str) -> list[Cell]:
    parts = PIPE.split(line.strip())
    if parts and not parts[0].strip():
        parts = parts[1:]
    if parts and not parts[-1].strip():
        parts = parts[:-1]
    return [markdown_cell(part.replace("\\|", "|")) for part in parts]


def markdown_cell(text: str) -> Cell:
    """A cell without emphasis, links, tags and entities. Raises UnreadableFile for one that is too long."""
    require_short(text)
    marks = [next(filter(None, match.groups())) for match in FOOTNOTE.finditer(text)]
    marks += [TAGS[name] for match in TAG.finditer(text) if (name := match[0].strip("</> ").casefold()) in TAGS]
    text = TAG.sub(" ", LINK.sub(r"\1", IMAGE.sub("", FOOTNOTE.sub("", text))))
    text = html.unescape(text).strip()
    changed = True
    while changed:
        changed = False
        for sign, mark in WRAPPED:
            if text.startswith(sign) and text.endswith(sign) and len(text) > 2 * len(sign):
                text, changed = text[len(sign) : -len(sign)].strip(), True
                marks += [mark] if mark else []
    for pattern, mark in EMPHASISED:
        if pattern.search(text):
            text = pattern.sub(r"\1", text)
            marks.append(mark)
    return plain_cell(re.sub(r"\\([*_~`\[\]#%&$])", r"\1", text), tuple(marks))
