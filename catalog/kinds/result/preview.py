"""What a proposed result would do on its board, for whoever reviews it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.forms.listed import Row as ListedRow
from catalog.forms.listed import with_additions
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.form import ResultForm
from catalog.kinds.result.model import Result
from catalog.kinds.result.vocabulary import LISTED, find_row, variants_of
from catalog.reading.boards.pages import board_url, title
from catalog.reading.boards.sentences import difference
from catalog.reading.results.boards import Row
from catalog.reading.results.claims import Claim
from catalog.reading.results.fetching import protocols_by_id, rows_of
from catalog.reading.results.reading import COLUMNS, Measured, measured_in
from catalog.reading.results.views import View, key_of, view

PROPOSED = "-"
"""In place of the slug of a result that has none yet; no entry has it."""
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


def preview(
    payload: Mapping[str, Any], slug: str, additions: Mapping[str, ListedRow] = ResultForm.additions
) -> BoardPreview | None:
    """The board with a proposed payload in place of the entry with this slug ("" for a new one), as if the benchmark
    and the model listed the additions, in five queries. None while the payload names no model, benchmark or value."""
    benchmark = Benchmark.objects.select_related("reference_protocol").filter(slug=payload.get("benchmark")).first()
    paper = Paper.objects.filter(slug=payload.get("paper")).first()
    if benchmark is None or paper is None or not payload.get("value"):
        return None
    benchmark = with_additions(benchmark, LISTED, "benchmark", additions)
    paper = with_additions(paper, LISTED, "paper", additions)
    own = proposed_row(payload, benchmark, paper, slug or PROPOSED)
    rows = [*rows_of(Result.objects.filter(benchmark=benchmark).exclude(slug=slug)), own]
    measured = measured_in(benchmark, rows, protocols_by_id(row["protocol_id"] for row in rows))
    claim = next(claim for claim in measured.claims if claim.slug == own["slug"])
    return board_preview(benchmark, measured, claim, view(measured, key_of(claim), claim.metric))


def proposed_row(payload: Mapping[str, Any], benchmark: Benchmark, paper: Paper, slug: str) -> dict[str, Any]:
    """A payload as a row of COLUMNS."""
    protocol = payload.get("protocol")
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
        "protocol_id": Protocol.objects.filter(slug=protocol).values_list("pk", flat=True).first()
        if protocol
        else None,
    }


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
    return [
        PreviewRow(
            place=one.place.text if one.place else "",
            model=str(measured.rows[one.claim.slug]["paper__name"]),
            variant=one.claim.variant,
            number=one.claim.number,
            is_proposed=one is row and one.claim.slug == claim.slug,
        )
        for one in ranked[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS + 1]
    ]
