"""The blocks of a list: headings, tables, list items, paragraphs, other text."""

import re
from dataclasses import dataclass

BREAK_TAG = re.compile(r"</?br\b[^<>]{0,100}>", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """Lines of the file, with their line endings. `line` is the number of the first, counted from 1."""

    line: int
    lines: tuple[str, ...]

    @property
    def raw(self) -> str:
        return "".join(self.lines)

    @property
    def last_line(self) -> int:
        return self.line + len(self.lines) - 1


@dataclass(frozen=True)
class Text(Block):
    """Lines that never are an entry: blank ones, code, comments, definitions of links."""


@dataclass(frozen=True)
class Heading(Block):
    """A heading."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph; `texts` are its lines without what marks a quotation or an item. `depth` is how deeply it is nested
    in lists and quotations."""

    texts: tuple[str, ...]
    depth: int = 0

    @property
    def content(self) -> str:
        """The text in one line, with a line break only where the list shows one."""
        return joined(self.texts)


@dataclass(frozen=True)
class ListItem(Paragraph):
    """The first paragraph of a list item."""


@dataclass(frozen=True)
class TableBlock(Block):
    """A table: the header, the separator and the rows. `texts` are its lines without what marks a quotation."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class HtmlRow:
    """A row of an HTML table: the place of its text in the table's, its first and last line there, counted from 0, and
    the HTML of its cells, in the columns in which the table shows them. `own` are the numbers of those that the row
    has itself; the others hold the words of cells above that span it. Its highest cell spans `height` rows."""

    start: int
    end: int
    line: int
    last: int
    cells: tuple[str, ...]
    is_header: bool
    own: tuple[int, ...]
    height: int


@dataclass(frozen=True)
class HtmlTable(Block):
    """A table in HTML, from the line in which it begins to that in which it ends."""

    rows: tuple[HtmlRow, ...]


def joined(texts: tuple[str, ...]) -> str:
    """Lines of Markdown in one, with a line break where they have a hard one (CommonMark 6.7) or a <br>."""
    parts: list[str] = []
    for number, text in enumerate(texts, 1):
        body = text.rstrip()
        is_hard = number < len(texts) and (body.endswith("\\") or text.endswith("  "))
        parts += [body.removesuffix("\\").strip() if is_hard else body.lstrip(), "\n" if is_hard else " "]
    return BREAK_TAG.sub("\n", "".join(parts).rstrip())
