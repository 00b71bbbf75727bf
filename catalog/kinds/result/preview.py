"""What proposed results would do on their boards, for whoever reviews them: one, or several as a table."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from catalog.forms.listed import Row as ListedRow
from catalog.forms.listed import with_additions
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.form import ResultForm
from catalog.kinds.result.model import Result
from catalog.kinds.result.vocabulary import LISTED, find_row, out_of_bounds, variants_of
from catalog.models import SourceClass
from catalog.reading.boards.pages import board_url, title
from catalog.reading.boards.sentences import difference
from catalog.reading.results.boards import Row
from catalog.reading.results.claims import Claim
from catalog.reading.results.fetching import protocols_by_id, rows_of
from catalog.reading.results.reading import COLUMNS, Measured, measured_in
from catalog.reading.results.views import BoardKey, View, key_of, view
from catalog.text.addresses import host_of

PROPOSED = "~"
"""In place of the slug of a result that has none yet; no entry has it, and it comes after those of all entries, as the
slug of a second claim of the same name does."""
NEIGHBOURS = 3
MAX_RIVALS = 10


@dataclass(frozen=True)
class PreviewRow:
    """A row of the board as it would be; `is_proposed` marks that of the proposal."""

    place: str
    model: str
    variant: str
    number: Decimal
    is_proposed: bool


@dataclass(frozen=True)
class BoardPreview:
    """The board as it would be, around the proposed result.

    `reason` says why it would have no place, or is "". `instead` is the number of another claim that its row would
    show; None if it would show the proposed one, or has no place. `rivals` are the other claims for the same checkpoint
    and metric; `lowest` and `highest` are the numbers on the board without it, None if there are none.
    """

    title: str
    url: str
    metric: str
    number: Decimal
    rows: list[PreviewRow]
    ranked: int
    reason: str
    instead: Decimal | None
    unknown: tuple[str, ...]
    rivals: list[Claim]
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def outside(self) -> bool:
        """Whether the number is greater or smaller than all others on the board."""
        if self.lowest is None or self.highest is None:
            return False
        return not self.lowest <= self.number <= self.highest


@dataclass(frozen=True)
class Named:
    """The entries that proposed payloads name, by slug; of protocols their primary keys."""

    benchmarks: Mapping[str, Benchmark]
    papers: Mapping[str, Paper]
    protocols: Mapping[str, int]

    @classmethod
    def by(cls, payloads: Collection[Mapping[str, Any]]) -> "Named":
        """Those of these payloads, in three queries at most."""
        slugs = {key: {payload.get(key) for payload in payloads} - {None, ""} for key in REFERENCES}
        benchmarks = Benchmark.objects.select_related("reference_protocol").filter(slug__in=slugs["benchmark"])
        papers = Paper.objects.filter(slug__in=slugs["paper"])
        protocols = (
            Protocol.objects.filter(slug__in=slugs["protocol"]) if slugs["protocol"] else Protocol.objects.none()
        )
        return cls(
            {benchmark.slug: benchmark for benchmark in benchmarks},
            {paper.slug: paper for paper in papers},
            dict(protocols.values_list("slug", "pk")),
        )

    def listing(self, additions: Mapping[str, ListedRow]) -> "Named":
        """The same, as if the benchmarks and models listed the additions."""

        def listing(entries: Mapping[str, Any], owner: str) -> dict[str, Any]:
            return {slug: with_additions(entry, LISTED, owner, additions) for slug, entry in entries.items()}

        return Named(listing(self.benchmarks, "benchmark"), listing(self.papers, "paper"), self.protocols)

    def row(self, payload: Mapping[str, Any], slug: str) -> dict[str, Any] | None:
        """A payload as a row of COLUMNS; None while it names no model, benchmark or value."""
        benchmark = self.benchmarks.get(payload.get("benchmark") or "")
        paper = self.papers.get(payload.get("paper") or "")
        if benchmark is None or paper is None or not payload.get("value"):
            return None
        variant = payload.get("variant") or ""
        listed = find_row(variants_of(paper), variant) if variant else None
        return {
            **{name: value for name, value in {**ResultForm.empty(), **payload}.items() if name in COLUMNS},
            "slug": slug,
            "benchmark_id": benchmark.pk,
            "paper_id": paper.pk,
            "paper__slug": paper.slug,
            "paper__name": paper.name,
            "variant": listed["name"] or variant if listed else variant,
            "protocol_id": self.protocols.get(payload.get("protocol") or ""),
        }


REFERENCES = ("benchmark", "paper", "protocol")


def preview(
    payload: Mapping[str, Any], slug: str, additions: Mapping[str, ListedRow] = ResultForm.additions
) -> BoardPreview | None:
    """The board with a proposed payload in place of the entry with this slug ("" for a new one), as if the benchmark
    and the model listed the additions, in five queries. None while the payload names no model, benchmark or value."""
    named = Named.by([payload]).listing(additions)
    own = named.row(payload, slug or PROPOSED)
    if own is None:
        return None
    benchmark = named.benchmarks[payload["benchmark"]]
    rows = [*rows_of(Result.objects.filter(benchmark=benchmark).exclude(slug=slug)), own]
    measured = measured_in(benchmark, rows, protocols_by_id(row["protocol_id"] for row in rows))
    claim = next(claim for claim in measured.claims if claim.slug == own["slug"])
    return board_preview(benchmark, measured, claim, view(measured, key_of(claim), claim.metric))


def board_preview(benchmark: Benchmark, measured: Measured, claim: Claim, shown: View) -> BoardPreview:
    """The board around a claim."""
    others = [one.number for one in shown.claims if one.metric == claim.metric and one.slug != claim.slug]
    rivals = [
        one
        for one in shown.claims
        if (one.checkpoint, one.metric) == (claim.checkpoint, claim.metric) and one.slug != claim.slug
    ]
    row, reason = placed(shown, claim)
    return BoardPreview(
        title=title(shown.key),
        url=board_url(benchmark, shown.key, metric=claim.metric),
        metric=claim.metric,
        number=claim.number,
        rows=neighbours(measured, shown, row, claim) if row else [],
        ranked=len(shown.board.ranked),
        reason=reason,
        instead=row.claim.number if row and row.claim.slug != claim.slug else None,
        unknown=row.unknown if row else (),
        rivals=rivals[:MAX_RIVALS],
        lowest=min(others, default=None),
        highest=max(others, default=None),
    )


def placed(shown: View, claim: Claim) -> tuple[Row | None, str]:
    """The ranked row that a claim belongs to, if any, and why it would not be ranked."""
    board = shown.board

    def holds(row: Row) -> bool:
        return any(one.slug == claim.slug for cell in row.cells.values() for one in cell.claims)

    if row := next(filter(holds, board.ranked), None):
        return row, board.reason
    if row := next(filter(holds, board.unlike), None):
        return None, difference(board, row)
    return None, claim.outdated or claim.state


def neighbours(measured: Measured, shown: View, row: Row, claim: Claim) -> list[PreviewRow]:
    """The rows around one, as far as NEIGHBOURS away."""
    ranked = shown.board.ranked
    at = ranked.index(row)
    near = ranked[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1]
    return [preview_row(measured, one, {claim.slug}) for one in near]


def preview_row(measured: Measured, row: Row, proposed: Collection[str]) -> PreviewRow:
    """A row of a board; `proposed` are the slugs of proposed claims."""
    return PreviewRow(
        place=row.place.text if row.place else "",
        model=str(measured.rows[row.claim.slug]["paper__name"]),
        variant=row.claim.variant,
        number=row.claim.number,
        is_proposed=row.claim.slug in proposed,
    )


# -- several proposals as one table


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
            board=title(key_of(claim)),
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
            without_place.append((claim.variant or str(measured.rows[claim.slug]["paper__name"]), claim.number, reason))
        else:
            at = at_row[row.claim.slug]
            near |= set(range(max(at - NEAR_SEVERAL, 0), min(at + NEAR_SEVERAL + 1, len(at_row))))
    rows = list[PreviewRow | None]()
    for at in sorted(near):
        rows += [None] if at > last + 1 else []
        rows.append(preview_row(measured, shown.board.ranked[at], own))
        last = at
    return BoardOfSeveral(
        title=f"{benchmark.name}, {title(key)}",
        url=board_url(benchmark, key, metric=metric),
        metric=metric,
        rows=rows,
        ranked=len(at_row),
        reason=shown.board.reason,
        without_place=without_place,
    )


NEAR_SEVERAL = 1
"""How many rows around each proposed one are shown."""
