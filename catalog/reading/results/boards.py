"""A board: the results of one benchmark, part, split and track, with a row a checkpoint and a column a metric."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from catalog.reading.results.claims import Claim, Metric, Value, preferred
from catalog.reading.results.comparing import Against, Difference, reference_of
from catalog.reading.results.intervals import Interval, interval


class Place(NamedTuple):
    """The places that a row may have, 1 for the best: `last` is greater than `first` where rows are equal or their
    intervals overlap."""

    first: int
    last: int

    @property
    def text(self) -> str:
        """As a page shows it: "3" or "1–6"."""
        return f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"


class Cell(NamedTuple):
    """The claims of one checkpoint for one metric, the one that is shown first."""

    claims: tuple[Claim, ...]

    @property
    def shown(self) -> Claim:
        return self.claims[0]

    @property
    def rivals(self) -> int:
        return len(self.claims) - 1

    @property
    def spread(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest number claimed."""
        numbers = [claim.number for claim in self.claims]
        return min(numbers), max(numbers)


class Row(NamedTuple):
    """A checkpoint on a board.

    `cells` are by metric. `differs` are the conditions in which it is not like the reference, which is why it has no
    place; `unknown` are those of the reference that its claim says nothing about.
    """

    cells: Mapping[str, Cell]
    claim: Claim
    interval: Interval | None
    place: Place | None = None
    differs: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board by one of its metrics, the best row first.

    - `reference`: the conditions that its rows are compared with, by element.
    - `ranked`: the rows that do not differ from the reference. They have places if `reason` is "".
    - `unlike`: the rows that differ from it, which have none.
    - `set_aside`: what was superseded or retracted, or precedes a correction.
    - `without`: the rows that have no value for this metric.
    - `reason`: why no row has a place, or "".
    """

    metric: Metric
    metrics: tuple[str, ...]
    reference: Mapping[str, Value]
    ranked: tuple[Row, ...]
    unlike: tuple[Row, ...]
    set_aside: tuple[Row, ...]
    without: tuple[Row, ...]
    reason: str

    @property
    def has_places(self) -> bool:
        return not self.reason

    @property
    def better_but_unlike(self) -> tuple[Row, ...]:
        """The rows without a place whose number is better than that of the first."""
        if self.reason or not self.ranked:
            return ()
        first = self.ranked[0].claim.number
        return tuple(row for row in self.unlike if better(self.metric, row.claim.number, first))


NO_SPLIT = "no split is stated"
NO_DIRECTION = "it is not known whether higher or lower is better"
ONE_ROW = "there is only one to rank"
NO_ROW = "there is none to rank"


def better(metric: Metric, one: Decimal, other: Decimal) -> bool:
    """Whether one number is better than another."""
    return one < other if metric.direction == "lower" else one > other


def board(claims: Iterable[Claim], metric: Metric, stated: Mapping[str, Value]) -> Board:
    """The board by `metric` of claims that share benchmark, part, split and track. `stated` are the conditions that the
    benchmark names as its own, by element."""
    cells = _by_checkpoint(claims)
    own = [claim for by_metric in cells.values() for claim in by_metric.get(metric.name, ())]
    reference = reference_of([claim for claim in own if not claim.outdated], stated)
    against = Against(reference)
    ranked, unlike, set_aside, without = list[Row](), list[Row](), list[Row](), list[Row]()
    for by_metric in cells.values():
        groups = _groups(by_metric.get(metric.name, ()), against)
        for (rankable, difference), group in groups.items():
            row = _row(group, by_metric, metric, against, difference)
            (set_aside if not rankable else unlike if difference else ranked).append(row)
        if len(by_metric) == 1 and metric.name in by_metric:
            continue  # it has no other values
        if rest := _rest(by_metric, metric, against, {difference for rankable, difference in groups if rankable}):
            without.append(rest)
    reason = _reason(own, metric, len(ranked))
    ordered = _ordered(ranked, metric)
    return Board(
        metric=metric,
        metrics=tuple(sorted({name for by_metric in cells.values() for name in by_metric})),
        reference=reference,
        ranked=tuple(ordered if reason else _placed(ordered, metric)),
        unlike=tuple(_ordered(unlike, metric)),
        set_aside=tuple(_ordered(set_aside, metric)),
        without=tuple(sorted(without, key=lambda row: row.claim.slug)),
        reason=reason,
    )


def _by_checkpoint(claims: Iterable[Claim]) -> dict[tuple[object, str], dict[str, list[Claim]]]:
    cells = defaultdict[tuple[object, str], dict[str, list[Claim]]](dict)
    for claim in claims:
        cells[claim.checkpoint].setdefault(claim.metric, []).append(claim)
    return cells


def _groups(claims: Sequence[Claim], against: Against) -> Mapping[tuple[bool, Difference], list[Claim]]:
    """The claims of a cell by whether they can have a place, and by how they differ from the reference."""
    groups: dict[tuple[bool, Difference], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.rankable, against.difference(claim)), []).append(claim)
    return groups


def _row(
    group: list[Claim],
    by_metric: Mapping[str, list[Claim]],
    metric: Metric,
    against: Against,
    difference: Difference,
) -> Row:
    """The row of claims that differ alike; in its other columns are claims that differ like them."""
    claims = preferred(group)
    cells = {metric.name: Cell(tuple(claims))}
    for name, others in by_metric.items():
        if name == metric.name:
            continue
        if alike := [claim for claim in others if claim.rankable and against.difference(claim) == difference]:
            cells[name] = Cell(tuple(preferred(alike)))
    shown = claims[0]
    differs = tuple(name for name, _ in difference) if difference else ()
    return Row(cells, shown, interval(metric, shown), None, differs, against.unknown(shown))


def _rest(by_metric: Mapping[str, list[Claim]], metric: Metric, against: Against, taken: set[Difference]) -> Row | None:
    """The values of a checkpoint for other metrics that no row has; None without any. Those that were superseded or
    retracted are shown only if it has no other value."""
    rest = {
        name: [claim for claim in claims if claim.rankable and against.difference(claim) not in taken]
        for name, claims in by_metric.items()
        if name != metric.name
    }
    if metric.name not in by_metric and not any(rest.values()):
        rest = dict(by_metric)
    cells = {name: Cell(tuple(preferred(claims))) for name, claims in rest.items() if claims}
    return Row(cells=cells, claim=next(iter(cells.values())).shown, interval=None) if cells else None


def _reason(claims: Sequence[Claim], metric: Metric, rows: int) -> str:
    if any(claim.split is None for claim in claims):
        return NO_SPLIT
    if not metric.direction:
        return NO_DIRECTION
    return "" if rows > 1 else ONE_ROW if rows else NO_ROW


def _ordered(rows: list[Row], metric: Metric) -> list[Row]:
    sign = 1 if metric.direction == "lower" else -1
    return sorted(rows, key=lambda row: (sign * row.claim.number, row.claim.slug))


def _placed(rows: list[Row], metric: Metric) -> list[Row]:
    """The rows with their places: before a row are those whose whole interval is better than all of its own."""
    sign = 1 if metric.direction == "lower" else -1
    spans = [_span(row, sign) for row in rows]
    bests, worsts = sorted(best for best, _ in spans), sorted(worst for _, worst in spans)
    places = (Place(1 + bisect_left(worsts, best), bisect_right(bests, worst)) for best, worst in spans)
    return [
        Row(row.cells, row.claim, row.interval, place, row.differs, row.unknown)
        for row, place in zip(rows, places, strict=True)
    ]


def _span(row: Row, sign: int) -> tuple[Decimal, Decimal]:
    """The best and the worst that a row may be, smaller being better."""
    low, high = row.interval or (row.claim.number, row.claim.number)
    return (low, high) if sign > 0 else (-high, -low)
