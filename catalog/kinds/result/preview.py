"""What a proposed result would do on its board, for whoever reviews it."""

from collections.abc import Collection, Mapping
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
from catalog.reading.boards.pages import board_url
from catalog.reading.boards.sentences import difference
from catalog.reading.boards.words import board_title
from catalog.reading.results.boards import Row
from catalog.reading.results.claims import Claim
from catalog.reading.results.fetching import protocols_by_id, rows_of
from catalog.reading.results.reading import COLUMNS, Measured, measured_in
from catalog.reading.results.views import View, key_of, view

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
        title=board_title(shown.key),
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
