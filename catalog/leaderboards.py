"""The results of a benchmark, ranked only like with like."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from catalog.models import Benchmark, Direction, Result, ResultState

RANKED_STATES = (ResultState.LIVE, ResultState.DISPUTED)
PROTOCOL = (
    *("subset", "split", "metric", "setting", "shots", "fine_tuned", "chain_of_thought", "tools"),
    *("prompt", "resolution", "judge"),
)
MOST_RESULTS = 1000


@dataclass(frozen=True)
class Row:
    """A result on a board.

    `rank` is None where the board does not rank; `rival` says that the board holds another value for the same model
    and variant; `share` is its part of the best value on the board, 0 to 100.
    """

    result: Result
    rank: int | None
    rival: bool
    share: int


@dataclass
class Board:
    """Results that agree in part, split, metric and protocol. Ranked when the split is stated, the direction of the
    metric is known and there are at least two rows."""

    subset: str
    split: str
    metric: str
    setting: str
    direction: str
    rows: list[Row] = field(default_factory=list)

    @property
    def ranked(self) -> bool:
        return bool(self.rows) and self.rows[0].rank is not None

    @property
    def anchor(self) -> str:
        return "-".join(filter(str.isalnum, f"{self.subset} {self.split} {self.metric} {self.setting}".split())).lower()


Key = tuple[object, ...]


def protocol(result: Result) -> Key:
    """What two results must share to be comparable (the protocol as far as it is stated)."""
    return tuple(getattr(result, name) for name in PROTOCOL)


def direction_of(benchmark: Benchmark, metric: str) -> str:
    """Whether higher or lower is better: as the benchmark states for the metric of this name, else what all its metrics
    agree on; empty when it is not known."""
    stated = {row["name"].casefold(): row["direction"] for row in benchmark.metrics if row["direction"]}
    if metric.casefold() in stated:
        return str(stated[metric.casefold()])
    directions = set(stated.values())
    return str(directions.pop()) if len(directions) == 1 else ""


def boards(benchmark: Benchmark, results: Iterable[Result]) -> list[Board]:
    """The boards of a benchmark, the fullest ranked ones first. `results` have their paper fetched."""
    groups: dict[Key, list[Result]] = defaultdict(list)
    for result in results:
        groups[protocol(result)].append(result)
    found = [_board(benchmark, group) for group in groups.values()]
    return sorted(
        found, key=lambda board: (not board.ranked, -len(board.rows), board.subset, board.split, board.metric)
    )


def _board(benchmark: Benchmark, group: list[Result]) -> Board:
    first = group[0]
    direction = direction_of(benchmark, first.metric)
    lower = direction == Direction.LOWER
    ordered = sorted(group, key=lambda result: (result.number if lower else -result.number, result.slug))
    rankable = [result for result in ordered if result.state in RANKED_STATES]
    ranks = len(rankable) > 1 and bool(first.split) and bool(direction)
    claims = Counter((result.paper_id, result.variant) for result in group)
    best = max((abs(result.number) for result in group), default=0) or 1
    board = Board(first.subset, first.split, first.metric, first.setting, direction)
    for result in ordered:
        rank = 1 + sum(_better(other, result, lower) for other in rankable) if ranks and result in rankable else None
        share = max(0, round(100 * result.number / best))
        board.rows.append(Row(result, rank, claims[result.paper_id, result.variant] > 1, share))
    return board


def _better(one: Result, other: Result, lower: bool) -> bool:
    return one.number < other.number if lower else one.number > other.number


@dataclass(frozen=True)
class Standing:
    """The place of a result on its board, and how many stand there."""

    rank: int
    of: int


def standings(results: Iterable[Result]) -> dict[int, Standing]:
    """The places of results by their id, where their boards rank, in one query. `results` have their benchmark."""
    asked = {result.pk: result for result in results if result.split and result.state in RANKED_STATES}
    places = {
        pk: (above, below, of)
        for pk, above, below, of in Result.objects.filter(pk__in=asked)
        .order_by()
        .annotate(above=_count(number__gt=OuterRef("number")), below=_count(number__lt=OuterRef("number")), of=_count())
        .values_list("pk", "above", "below", "of")
    }
    found = {}
    for pk, (above, below, of) in places.items():
        direction = direction_of(asked[pk].benchmark, asked[pk].metric)
        if direction and of > 1:
            found[pk] = Standing(1 + (below if direction == Direction.LOWER else above), of)
    return found


def _count(**narrowed: OuterRef) -> Coalesce:
    """How many rankable results share the board of the outer one."""
    board = Result.objects.filter(benchmark=OuterRef("benchmark"), state__in=RANKED_STATES, **narrowed)
    for name in PROTOCOL:
        same = Q(**{name: OuterRef(name)})
        if Result._meta.get_field(name).null:
            same |= Q(**{f"{name}__isnull": True}) & Q(IsNull(OuterRef(name), True))
        board = board.filter(same)
    counted = board.order_by().values("benchmark").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def fullest(most: int) -> list[Board]:
    """The ranked board with most rows of each of the benchmarks that most models were scored on, in two queries."""
    counted: QuerySet[Result, tuple[int, int]] = (
        Result.objects.order_by()
        .values_list("benchmark")
        .annotate(models=Count("paper", distinct=True))
        .order_by("-models", "benchmark")
    )
    ids = [benchmark for benchmark, _ in counted[:most]]
    results: dict[int, list[Result]] = {pk: [] for pk in ids}
    rows = Result.objects.filter(benchmark__in=ids).select_related("paper", "benchmark").order_by("-number", "slug")
    for result in rows[: most * MOST_RESULTS]:
        results[result.benchmark_id].append(result)
    found = [boards(rows[0].benchmark, rows)[0] for rows in results.values() if rows]
    return [board for board in found if board.ranked]
