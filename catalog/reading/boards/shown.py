"""What the template of a board gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.reading.boards.strips import Strip, StripTick
from catalog.reading.boards.words import Slot, Source
from catalog.reading.exposure.words import ShownExposure


@dataclass(frozen=True, slots=True)
class Links:
    """Where a board leads: `here` is the URL of its page by its metric, `metrics` are those by others; "" and none
    where rows and columns have no links."""

    here: str = ""
    metrics: Mapping[str, str] = field(default_factory=dict)


NOWHERE = Links()


@dataclass(frozen=True, slots=True)
class Column:
    """A metric of a board; `url` is the board ranked by it, "" without a link."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A cell: a number and, where another one was printed, that; `best` of its column among the ranked rows. `inferred`
    says what was inferred of a claim that is not the one whose conditions the row shows."""

    metric: str
    text: str
    url: str
    printed: str
    best: bool
    inferred: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClaim:
    """One of several claims of a cell, with what was inferred of it as `slots`, or a claim that is on no board, with
    all its conditions; `shown` is the one in the table."""

    metric: str
    text: str
    url: str
    printed: str
    slots: tuple[Slot, ...]
    source: Source
    reported_text: str
    state: str
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnstatedResult:
    """A result whose split is not stated."""

    model: str
    variant: str
    url: str
    anchor: str
    claim: ShownClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A row. `anchor` is its id, `link` leads to it from anywhere, "" for none. `place` is "3", "1–6" or "" without
    one; `scores` are by column, None where there is no value; `reason` says why it is not ranked, and then `slots` are
    what was inferred; `claims` are empty where each cell has only one, `summary` says how many each has."""

    anchor: str
    link: str
    place: str
    model: str
    variant: str
    url: str
    weights: str
    parameters: int | None
    size: str
    scores: tuple[Score | None, ...]
    strip: Strip | None
    slots: tuple[Slot, ...]
    source: Source
    reported: str
    reported_text: str
    state: str
    exposure: ShownExposure
    reason: str
    claims: tuple[ShownClaim, ...]
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Rows next to each other, with a heading if they cannot be told from the first of them. `first` says that the best
    row is among them."""

    heading: str
    note: str
    first: bool
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unranked:
    """Rows without a place, for the same reason."""

    heading: str
    note: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """The URLs of the other pages of a board, and of a page with all rows; "" where there is none."""

    previous: str = ""
    next: str = ""
    all: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaderboard:
    """A board for its template.

    `columns` are its metrics, the one it is ordered by first. `conditions` are those of all shown rows, which are said
    above the table and not in it. `start` and `end` are the first and the last of its `total` rows that are shown, from
    1; 0 if there are none.
    """

    metric: str
    direction: str
    ranked: bool
    columns: tuple[Column, ...]
    conditions: tuple[Slot, ...]
    ticks: tuple[StripTick, ...]
    sentences: tuple[str, ...]
    levels: tuple[Level, ...]
    unranked: tuple[Unranked, ...]
    set_aside: tuple[ShownRow, ...]
    set_aside_count: int
    start: int
    end: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether all rows are shown, so that sorting what is shown sorts the board."""
        return sum(len(level.rows) for level in self.levels) == self.total

    @property
    def width(self) -> int:
        """The number of columns of the table."""
        return 5 + len(self.columns) + self.has_sizes + bool(self.ticks) + self.has_conditions

    @property
    def has_conditions(self) -> bool:
        """Whether a shown row has conditions that not all have."""
        return any(row.slots for level in self.levels for row in level.rows)

    @property
    def has_sizes(self) -> bool:
        """Whether the number of parameters of a shown row is known."""
        return any(row.parameters for level in self.levels for row in level.rows)
