"""Leaderboards, their cells and claims, and comparisons, as the API represents them.

`number` is a decimal in the unit of its metric, as text with all its digits; `value` and `scale` are as printed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vlm_portal_client import frames
from vlm_portal_client.entries import Entry

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class RankedBenchmark:
    """A benchmark that has results, and how many."""

    benchmark: str
    name: str
    results: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A known condition of a measurement. `origin` is stated, protocol or inferred."""

    value: str | int | bool
    origin: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A result: what a source says that a checkpoint scored. `conditions` has those that are known; `inferred` names
    the fields that the source does not state."""

    result: str
    url: str
    model: str | None
    model_name: str
    variant: str
    number: str
    value: str
    scale: str
    conditions: dict[str, Condition]
    inferred: list[str]
    state: str
    verification: str
    source: str | None
    source_class: str
    measured_by: str
    reported_on: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The claims of a checkpoint for one metric; the first is the one that is shown. `rivals` is how many others there
    are, `spread` the least and the greatest number."""

    number: str
    value: str
    scale: str
    rivals: int
    spread: list[str]
    claims: list[Claim]


@dataclass(frozen=True, kw_only=True)
class ExposureEntry:
    """A dataset, benchmark, model or component of an exposure."""

    kind: str
    slug: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step on the path from a model to what it was trained on."""

    relation: str
    kind: str
    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Edge:
    """That something was trained on `target`, or (`excluded`) is stated not to be."""

    target: ExposureEntry
    variant: str
    excluded: bool
    path: list[Step]
    words: str


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Whether a checkpoint was trained on the benchmark. `verdict` is exposed, stated-clean or unknown."""

    verdict: str
    words: str
    edge: Edge | None
    denied: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """The range of places that a row may have."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """A checkpoint on a board. `place` is None if the row has none, and `no_place_because` says why. `interval` is
    95 %, None if the error is unknown; `exposure` is None on boards of a past time."""

    place: Place | None
    model: str | None
    name: str
    variant: str
    interval: list[str] | None
    ranked_with_unknown: list[str]
    differs: list[str]
    no_place_because: str | None
    exposure: Exposure | None
    cells: dict[str, Cell]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric of a board. `direction` is higher or lower, None if unknown."""

    name: str
    unit: str
    direction: str | None
    primary: bool


@dataclass(frozen=True, kw_only=True)
class Board:
    """The results of one part, split and track of a benchmark. `rows` have places, those of the other lists none."""

    part: str
    split: str
    track: str
    metric: str
    metrics: list[Metric]
    ranked: bool
    reason: str
    size: int
    reference: dict[str, str | int | bool]
    rows: list[Row]
    better_but_differs: list[Row]
    differing: list[Row]
    set_aside: list[Row]
    without: list[Row]
    split_not_stated: list[Claim]

    def rows_by_group(self) -> Iterator[tuple[str, Row]]:
        """Yield every row once, with its group: ranked, differing, set aside or without."""
        groups = {
            "ranked": self.rows,
            "differing": self.differing,
            "set aside": self.set_aside,
            "without": self.without,
        }
        for group, rows in groups.items():
            for row in rows:
                yield group, row

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each checkpoint, ranked ones first: its group, place, model and exposure, and a column of
        numbers for each metric. Needs pandas."""
        return frames.board_frame(self)

    def claims_frame(self) -> "pd.DataFrame":
        """Return a row for each claim of each cell, indexed by the slug of the result. Needs pandas."""
        return frames.claims_frame(self)


@dataclass(frozen=True, kw_only=True)
class BoardSummary:
    """A board by what its results share, and its size."""

    part: str
    split: str
    track: str
    checkpoints: int
    models: int


@dataclass(frozen=True, kw_only=True)
class Leaderboards:
    """The boards of a benchmark: `all` names them, `boards` has those that were asked for, or the largest."""

    benchmark: Entry
    all: list[BoardSummary]
    boards: list[Board]


@dataclass(frozen=True, kw_only=True)
class FirstRow:
    """The first row of a board at some time."""

    model: str
    variant: str
    number: str
    result: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a result stands on a board. `shown` is False if its row shows another claim."""

    model: str
    variant: str
    number: str
    place: Place | None
    shown: bool
    differs: list[str]


@dataclass(frozen=True, kw_only=True)
class BoardChange:
    """A change of a board; `sentence` says what it did. `was` and `now` are None for changes of other entries than
    results."""

    kind: str
    action: str
    slug: str
    url: str
    html_url: str
    revision: int
    at: datetime
    contributor: str
    approver: str | None
    source: str | None
    comment: str
    sentence: str
    was: Standing | None
    now: Standing | None
    first_before: FirstRow | None
    first_after: FirstRow | None


@dataclass(frozen=True, kw_only=True)
class BoardChanges:
    """The newest changes of one board, newest first."""

    benchmark: str
    part: str
    split: str
    track: str
    metric: str
    results: list[BoardChange]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Whether two results can be compared; `sentence` says it in words. `strictly` means that nothing is unknown."""

    sentence: str
    comparable: bool
    strictly: bool
    same: list[str]
    differs: dict[str, list[Any]]
    unknown: list[str]
    results: list[Claim]
