"""Where results stand on the boards of their benchmarks, for pages that show more than one board."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.results.boards import Board, Cell, Place, Row
from catalog.reading.results.claims import Claim, Metric
from catalog.reading.results.fetching import measured_on, with_stamps
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, View, board_of, boards_of, view

WITHOUT_SPLIT = "split not stated"
WITHDRAWN = {"superseded": "superseded", "retracted": "retracted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardResult:
    """Where a checkpoint stands on one board.

    `of` is the number of checkpoints with a place there, `best` the claim of the first of them; `reason` says why this
    one has no place, or is "".
    """

    key: BoardKey
    metric: Metric
    cell: Cell
    place: Place | None
    of: int
    best: Claim | None
    unknown: tuple[str, ...] = ()
    reason: str = ""

    @property
    def claim(self) -> Claim:
        return self.cell.shown

    @property
    def distance(self) -> Decimal | None:
        """How far the number is from that of the first; None without a place."""
        return abs(self.claim.number - self.best.number) if self.best and self.place else None


def board_results(measured: Measured) -> Iterable[BoardResult]:
    """Where every checkpoint stands, on each board by each of its metrics."""
    for key, claims in boards_of(measured).items():
        for name in sorted({claim.metric for claim in claims}):
            yield from _on(key, board_of(measured, key, measured.metrics[name]))


def _on(key: BoardKey, one: Board) -> Iterable[BoardResult]:
    best = one.ranked[0].claim if one.has_places else None
    of = len(one.ranked) if one.has_places else 0
    rows: list[tuple[Row, str]] = [(row, one.reason) for row in one.ranked]
    rows += [(row, f"differs in {', '.join(row.differs)}") for row in one.unlike]
    rows += [(row, row.claim.outdated or row.claim.state) for row in one.set_aside]
    for row, reason in rows:
        yield BoardResult(
            key=key,
            metric=one.metric,
            cell=row.cells[one.metric.name],
            place=row.place,
            of=of,
            best=best,
            unknown=row.unknown,
            reason=reason,
        )


def board_results_of(model: int, benchmarks: Collection[Benchmark]) -> dict[int, list[BoardResult]]:
    """Where the checkpoints of a model stand, by benchmark, in three queries at most; fetch the benchmarks with their
    reference protocols."""
    return {
        pk: [one for one in board_results(measured) if one.claim.model == model]
        for pk, measured in measured_on(benchmarks).items()
    }


@dataclass(frozen=True, slots=True)
class First:
    """The largest board of a benchmark with its first row, if it has places."""

    benchmark: Benchmark
    view: View
    measured: Measured

    @property
    def row(self) -> Row:
        return self.view.board.ranked[0]

    @property
    def model(self) -> str:
        return str(self.measured.rows[self.row.claim.slug]["paper__name"])

    @property
    def model_slug(self) -> str:
        return str(self.measured.rows[self.row.claim.slug]["paper__slug"])


MAX_READ = 3
"""How many benchmarks are read for each that is shown: the boards of some have no places."""


def firsts(limit: int) -> list[First]:
    """The first rows of up to `limit` benchmarks on which the most models were measured, in three queries."""
    models = Count("results__paper", distinct=True)
    counted = with_stamps(Benchmark.objects.all()).annotate(models=models).filter(models__gt=1)
    rows = counted.select_related("reference_protocol").order_by("-models", "slug")[: limit * MAX_READ]
    benchmarks = list(rows)
    measured = measured_on(benchmarks)
    found = [First(one, view(measured[one.pk]), measured[one.pk]) for one in benchmarks]
    return [first for first in found if first.view.board.has_places][:limit]
