"""Proposed results as one table, for whoever reviews them together."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.form import ResultForm
from catalog.kinds.result.model import Result
from catalog.kinds.result.preview import MAX_RIVALS, PROPOSED, Named, PreviewRow, placed, preview_row
from catalog.kinds.result.vocabulary import find_row, out_of_bounds
from catalog.models import SourceClass
from catalog.reading.boards.pages import board_url
from catalog.reading.boards.words import board_title
from catalog.reading.results.claims import Claim
from catalog.reading.results.fetching import protocols_by_id, rows_of
from catalog.reading.results.reading import Measured, measured_in
from catalog.reading.results.views import BoardKey, key_of, view
from catalog.text.addresses import host_of
from catalog.text.variants import full_name

NEAR = 1
"""How many rows around each proposed one are shown."""
ENOUGH_NUMBERS = 5
FAR_OFF = "far from all others on the board: a slip of the point, or another scale?"
UNREADABLE = "its model or benchmark is not in the catalogue, or it has no readable value"


class State(StrEnum):
    """What a proposed result would be beside those on record."""

    NEW = "new"
    SECOND_SOURCE = "second source"
    RIVAL = "rival"
    FAR_OFF = "far off"
    OUT_OF_BOUNDS = "out of bounds"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"

    @property
    def is_plain(self) -> bool:
        """Whether nothing speaks against it, so that a decision may be suggested."""
        return self in (State.NEW, State.SECOND_SOURCE)

    @property
    def can_be_approved(self) -> bool:
        return self not in (State.OUT_OF_BOUNDS, State.DUPLICATE, State.UNREADABLE)


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """A proposed result in a table: what it claims, what is on record for the same cell, and its state.

    `bounds` are those of the metric and `on_board` the smallest and the largest number on its board, as text; `outside`
    says that the number is beyond these. `source` is the host of `source_url`, where it was read, and `source_class`
    its class.
    """

    payload: Mapping[str, Any]
    state: State
    reason: str = ""
    model: str = ""
    variant: str = ""
    board: str = ""
    benchmark: str = ""
    metric: str = ""
    number: Decimal | None = None
    bounds: str = ""
    on_board: str = ""
    outside: bool = False
    source: str = ""
    source_url: str = ""
    source_class: str = ""
    on_record: tuple[Claim, ...] = ()

    @property
    def is_shifted(self) -> bool:
        """Whether the number is not the one that is printed."""
        return self.number is not None and f"{self.number:f}" != self.payload["value"]


@dataclass(frozen=True)
class BoardOfSeveral:
    """A board as it would be with several proposed results: the rows around each, None where rows are left out, and
    what would have no place, with the reason. `reason` says why no row has a place, or is ""."""

    title: str
    url: str
    metric: str
    rows: list[PreviewRow | None]
    ranked: int
    reason: str
    without_place: list[tuple[str, Decimal, str]]


Proposed = tuple[Mapping[str, Any], str]
"""A payload, and the slug of the entry that it replaces, or ""."""


class Table:
    """Proposed results, in five queries however many they are, and two for what is taken."""

    def __init__(self, proposed: Sequence[Proposed]) -> None:
        self.proposed = proposed
        self.named = Named.by([payload for payload, _ in proposed])
        self.own = [
            self.named.row(payload, f"{PROPOSED}{at}") if is_number(payload.get("value")) else None
            for at, (payload, _) in enumerate(proposed)
        ]
        live = rows_of(Result.objects.filter(benchmark__in=self.named.benchmarks.values()))
        self.live: dict[int, list[dict[str, Any]]] = {}
        for row in live:
            self.live.setdefault(row["benchmark_id"], []).append(row)
        rows = [*live, *(row for row in self.own if row)]
        self.protocols = protocols_by_id(row["protocol_id"] for row in rows)

    @cached_property
    def rows(self) -> list[TableRow]:
        """A row for each proposal, in their order."""
        every = range(len(self.own))
        measured = {slug: self._measured(benchmark, every, ()) for slug, benchmark in self._benchmarks()}
        claims = {claim.slug: (slug, claim) for slug, one in measured.items() for claim in one.claims}
        by_cell = defaultdict[Any, list[Claim]](list)
        numbers = defaultdict[Any, list[Decimal]](list)
        for slug, claim in claims.values():
            by_cell[slug, key_of(claim), claim.metric, claim.checkpoint].append(claim)
            if not claim.slug.startswith(PROPOSED):
                numbers[slug, key_of(claim), claim.metric].append(claim.number)
        rows = []
        for at, (payload, replaced) in enumerate(self.proposed):
            if self.own[at] is None:
                rows.append(TableRow(payload=payload, state=State.UNREADABLE, reason=UNREADABLE))
                continue
            slug, claim = claims[f"{PROPOSED}{at}"]
            board = slug, key_of(claim), claim.metric
            rivals = [one for one in by_cell[*board, claim.checkpoint] if one.slug not in (claim.slug, replaced)]
            rows.append(self._row(at, measured[slug], claim, rivals, numbers[board]))
        return rows

    def boards(self, taken: Collection[int]) -> list[BoardOfSeveral]:
        """The boards as they would be with the proposals at these positions."""
        boards = []
        replaced = {self.proposed[at][1] for at in taken}
        for _, benchmark in self._benchmarks():
            measured = self._measured(benchmark, taken, replaced)
            own = {f"{PROPOSED}{at}" for at in taken}
            keys = dict.fromkeys((key_of(one), one.metric) for one in measured.claims if one.slug in own)
            boards += [_board_of_several(benchmark, measured, key, metric, own) for key, metric in keys]
        return boards

    def _benchmarks(self) -> list[tuple[str, Benchmark]]:
        return sorted(self.named.benchmarks.items())

    def _measured(self, benchmark: Benchmark, taken: Collection[int], replaced: Collection[str]) -> Measured:
        """What is measured on a benchmark with the proposals at these positions, without what they replace."""
        own = [row for at in taken if (row := self.own[at]) and row["benchmark_id"] == benchmark.pk]
        live = [row for row in self.live.get(benchmark.pk, []) if row["slug"] not in replaced]
        return measured_in(benchmark, [*live, *own], self.protocols)

    @cached_property
    def _repeated(self) -> dict[int, str]:
        """Why the claim of a proposal is one that a result on record makes already, by position; in one query."""
        wanted: dict[str, list[int]] = {}
        for at, (payload, _) in enumerate(self.proposed):
            for identifier in ResultForm.identifiers(payload):
                wanted.setdefault(identifier, []).append(at)
        held = ResultForm.fetch_holders(wanted) if wanted else {}
        return {
            at: f"{holder.name} says the same already, from the same source"
            for identifier, positions in wanted.items()
            for holder in held.get(identifier, [])
            for at in positions
            if holder.slug != self.proposed[at][1]
        }

    def _row(self, at: int, measured: Measured, claim: Claim, rivals: list[Claim], numbers: list[Decimal]) -> TableRow:
        payload, _ = self.proposed[at]
        benchmark = self.named.benchmarks[payload["benchmark"]]
        state, reason = self._state(at, claim, rivals, numbers)
        metric = find_row(benchmark.metrics, payload.get("metric") or "") or {}
        low, high = metric.get("minimum") or "", metric.get("maximum") or ""
        row = measured.rows[claim.slug]
        return TableRow(
            payload=payload,
            state=state,
            reason=reason,
            model=str(row["paper__name"]),
            variant=claim.variant,
            board=board_title(key_of(claim)),
            benchmark=benchmark.name,
            metric=claim.metric,
            number=claim.number,
            bounds=f"{low or '…'} to {high or '…'}" if low or high else "",
            on_board=f"{min(numbers):f} to {max(numbers):f}" if numbers else "",
            outside=bool(numbers) and not min(numbers) <= claim.number <= max(numbers),
            source=host_of(claim.source_url),
            source_url=claim.source_url,
            source_class=str(SourceClass(claim.source_class).label).lower() if claim.source_class else "class unknown",
            on_record=tuple(one for one in rivals if not one.slug.startswith(PROPOSED))[:MAX_RIVALS],
        )

    def _state(self, at: int, claim: Claim, rivals: list[Claim], numbers: list[Decimal]) -> tuple[State, str]:
        """The state of a claim beside its rivals, on record and in the table, and the numbers on its board, and why."""
        payload, _ = self.proposed[at]
        if error := out_of_bounds({**payload, "benchmark": self.named.benchmarks[payload["benchmark"]]}):
            return State.OUT_OF_BOUNDS, error
        if at in self._repeated:
            return State.DUPLICATE, self._repeated[at]
        others = [one for one in rivals if one.rankable]
        unlike = [one for one in others if one.number != claim.number]
        here = next((one for one in unlike if one.slug.startswith(PROPOSED)), None)
        if here:
            return State.RIVAL, f"row {int(here.slug.removeprefix(PROPOSED)) + 1} of this table says {here.number:f}"
        if unlike:
            return State.RIVAL, ""
        if others:
            return State.SECOND_SOURCE, ""
        return (State.FAR_OFF, FAR_OFF) if is_far_off(claim.number, numbers) else (State.NEW, "")


def is_far_off(number: Decimal, others: Sequence[Decimal]) -> bool:
    """Whether a number is further from those on its board than half of their range, as one with a slip of the point
    is. Of fewer than ENOUGH_NUMBERS nothing is said."""
    if len(others) < ENOUGH_NUMBERS:
        return False
    low, high = min(others), max(others)
    return max(low - number, number - high) > (high - low) / 2


def is_number(printed: Any) -> bool:
    """Whether a stored value, which may be damaged, can be read."""
    try:
        return Decimal(printed).is_finite()
    except (ArithmeticError, TypeError, ValueError):
        return False


def _board_of_several(
    benchmark: Benchmark, measured: Measured, key: BoardKey, metric: str, own: Collection[str]
) -> BoardOfSeveral:
    shown = view(measured, key, metric)
    near, last, without_place = set[int](), -1, list[tuple[str, Decimal, str]]()
    at_row = {row.claim.slug: at for at, row in enumerate(shown.board.ranked)}
    for claim in (one for one in shown.claims if one.slug in own and one.metric == shown.board.metric.name):
        row, reason = placed(shown, claim)
        if row is None:
            name = full_name(claim.variant, str(measured.rows[claim.slug]["paper__name"]))
            without_place.append((name, claim.number, reason))
        else:
            at = at_row[row.claim.slug]
            near |= set(range(max(at - NEAR, 0), min(at + NEAR + 1, len(at_row))))
    rows = list[PreviewRow | None]()
    for at in sorted(near):
        rows += [None] if at > last + 1 else []
        rows.append(preview_row(measured, shown.board.ranked[at], own))
        last = at
    return BoardOfSeveral(
        title=f"{benchmark.name}, {board_title(key)}",
        url=board_url(benchmark, key, metric=metric),
        metric=metric,
        rows=rows,
        ranked=len(at_row),
        reason=shown.board.reason,
        without_place=without_place,
    )
