"""Where results stand on the boards of their benchmarks, for pages that show more than one board."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.db.models import Count

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.results.boards import Board, Cell, Place, Row
from catalog.reading.results.claims import Claim, Metric, preferred
from catalog.reading.results.fetching import measured_of, measured_on, with_stamps
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, View, board_of, boards_of, view

WITHOUT_SPLIT = "split not stated"
WITHDRAWN = {"superseded": "superseded", "retracted": "retracted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardResult:
    """Where a checkpoint stands on one board.

    `of` is the number of checkpoints with a place there, `best` the claim of the first of them; `reason` says why this
    one has no place, or is "". Without `compared` no place was looked for.
    """

    key: BoardKey
    metric: Metric
    cell: Cell
    place: Place | None
    of: int
    best: Claim | None
    unknown: tuple[str, ...] = ()
    reason: str = ""
    compared: bool = True

    @property
    def claim(self) -> Claim:
        return self.cell.shown

    @property
    def distance(self) -> Decimal | None:
        """How far the number is from that of the first; None without a place."""
        return abs(self.claim.number - self.best.number) if self.best and self.place else None


def board_results(measured: Measured, model: int | None = None) -> Iterable[BoardResult]:
    """Where the checkpoints of a model, or all checkpoints, stand on each board by each of its metrics."""
    for key, claims in boards_of(measured).items():
        for name in sorted({claim.metric for claim in claims if model in (None, claim.model)}):
            yield from _on(key, board_of(measured, key, measured.metrics[name]), model)


def _on(key: BoardKey, one: Board, model: int | None) -> Iterable[BoardResult]:
    best = one.ranked[0].claim if one.has_places else None
    of = len(one.ranked) if one.has_places else 0
    rows: list[tuple[Row, str]] = [(row, one.reason) for row in one.ranked]
    rows += [(row, f"differs in {', '.join(row.differs)}") for row in one.unlike]
    rows += [(row, row.claim.outdated or row.claim.state) for row in one.set_aside]
    for row, reason in rows:
        if model not in (None, row.claim.model):
            continue
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


def own_results(measured: Measured) -> Iterable[BoardResult]:
    """The results of checkpoints on each board by each of its metrics, compared with nothing."""
    for key, claims in boards_of(measured).items():
        cells = defaultdict[tuple[str, Hashable], list[Claim]](list)
        for claim in claims:
            cells[claim.metric, claim.checkpoint].append(claim)
        for (metric, _), of_one in cells.items():
            cell = Cell(tuple(preferred(of_one)))
            yield BoardResult(
                key=key, metric=measured.metrics[metric], cell=cell, place=None, of=0, best=None, compared=False
            )


MOST_READ = 2_500
"""Results that are read to find the places of one model; those of a family of CLIP models share boards with 15,000."""


def board_results_of(model: int, benchmarks: Collection[Benchmark]) -> dict[int, list[BoardResult]]:
    """Where the checkpoints of a model stand, by benchmark, in two queries at most; fetch the benchmarks with their
    reference protocols. Places are looked for on the first benchmarks until MOST_READ results are read, and always on
    one."""
    read = accumulate((one.result_count for one in benchmarks), initial=0)
    whole = [one for one, before in zip(benchmarks, read, strict=False) if before < MOST_READ]
    compared = {one.pk for one in whole}
    return {
        pk: list(board_results(measured, model) if pk in compared else own_results(measured))
        for pk, measured in measured_of(model, benchmarks, whole).items()
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
