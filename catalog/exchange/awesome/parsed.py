"""The result of parsing a list, as plain values."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """A line (counted from 1) that could not be parsed or was repaired: what is wrong and what was done about it."""

    line: int
    text: str


@dataclass(frozen=True)
class Account:
    """What became of lines of the file, of which `line` is the first and `last` the last: `outcome` is READ, SKIPPED or
    REFUSED, `text` says as what, or why."""

    line: int
    last: int
    outcome: str
    text: str


READ, SKIPPED, REFUSED = "read", "skipped", "refused"


@dataclass
class ParsedSection:
    """A heading. `kind` is that of the entries below it, "" for a heading that only contains others."""

    slug: str
    name: str
    emoji: str
    level: int
    position: int
    line: int
    parent: str | None = None
    kind: str = ""
    family: str = ""


@dataclass
class Style:
    """How an entry is written in the file.

    `form` is "bullet", "row" (of a table, with meaning and width of each column), "html" (a row of an HTML table, with
    the meaning of each column), "topic" (a heading with points) or "heading" (a heading that is the title of an entry).
    """

    form: str
    columns: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    heading: str = ""


@dataclass
class ParsedEntry:
    """An entry of the list: its payload (only the keys that the text states) and its lines in the file.

    `components` has (name, note) as stated, for the payload keys that refer to components. `derived` are the keys whose
    values were taken from words of the summary or the notes of the list.
    """

    kind: str
    line: int
    raw: str
    section: str | None
    style: Style
    payload: dict[str, Any]
    components: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    derived: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return str(self.payload["name"])


@dataclass
class SummaryRow:
    """A row of the summary table: a category and the names in it."""

    category: str
    labels: list[str]
    raw: str
    widths: list[int]


@dataclass
class ParsedList:
    """A list. `blocks` are verbatim text, entries and summary rows, in order; joined, they are the file.

    `accounts` say of every line that holds a link or looks like an item what became of it, in order; `problems` are
    those of them that were refused.
    """

    blocks: list[str | ParsedEntry | SummaryRow] = field(default_factory=list)
    sections: list[ParsedSection] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)

    def leave_out_links_to(self, site: str) -> None:
        """Leave out the links that lead to a portal's own pages: they stand for those that an entry does not have."""
        for entry in self.entries:
            if links := entry.payload.get("links"):
                entry.payload["links"] = [row for row in links if not row["url"].startswith(f"{site}/")]

    @property
    def entries(self) -> list[ParsedEntry]:
        return [block for block in self.blocks if isinstance(block, ParsedEntry)]

    @property
    def summary(self) -> list[SummaryRow]:
        return [block for block in self.blocks if isinstance(block, SummaryRow)]
