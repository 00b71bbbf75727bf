"""Where results stand on the boards of their benchmarks, for pages that show more than one board."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.results.boards import Board, Cell, Place, Row
from catalog.reading.results.claims import Claim, Metric, preferred
from catalog.reading.results.fetching import measured_of, measured_on, with_stamps
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import BoardKey, View, board_of, boards_of, view


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
    """The results of checkpoints on each board by each of its metrics, compared with nothing: of several claims the
    best one is shown first, as far as it is known what is better."""
    for key, claims in boards_of(measured).items():
        cells = defaultdict[tuple[str, Hashable], list[Claim]](list)
        for claim in claims:
            cells[claim.metric, claim.checkpoint].append(claim)
        for (name, _), of_one in cells.items():
            metric = measured.metrics[name]
            cell = Cell(tuple(_best_first(of_one, metric)))
            yield BoardResult(key=key, metric=metric, cell=cell, place=None, of=0, best=None, compared=False)


def _best_first(claims: list[Claim], metric: Metric) -> list[Claim]:
    return sorted(preferred(claims), key=lambda claim: (not claim.rankable, badness(metric, claim.number)))


def badness(metric: Metric, number: Decimal) -> Decimal:
    """What is smaller the better a number is; the same for all numbers of a metric without a direction."""
    return {"higher": -number, "lower": number}.get(metric.direction, Decimal(0))


MOST_READ = 16_000
"""Results that are read to find the places of one model, fewer than are kept (MOST_KEPT), so that the next page of it
reads none. Families of CLIP models share boards with 15,000."""


def board_results_of(model: int, benchmarks: Collection[Benchmark]) -> dict[int, list[BoardResult]]:
    """Where the checkpoints of a model stand, by benchmark, in two queries at most; fetch the benchmarks with their
    reference protocols. Places are looked for on those of the first benchmarks that have MOST_READ results together,
    and always on one."""
    whole = list(_within(MOST_READ, benchmarks)) or sorted(benchmarks, key=lambda one: one.result_count)[:1]
    compared = {one.pk for one in whole}
    return {
        pk: list(board_results(measured, model) if pk in compared else own_results(measured))
        for pk, measured in measured_of(model, benchmarks, whole).items()
    }


def _within(limit: int, benchmarks: Iterable[Benchmark]) -> Iterator[Benchmark]:
    """The first benchmarks whose results are within the limit together; one that has too many is passed over."""
    for one in benchmarks:
        if one.result_count <= limit:
            limit -= one.result_count
            yield one


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
