"""Leaderboards: the results of a benchmark as boards of comparable results, ranked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Max, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from catalog.kinds.benchmark.model import Benchmark, Direction
from catalog.kinds.result.model import Result, ResultState

RANKED_STATES = (ResultState.LIVE, ResultState.DISPUTED)
PROTOCOL = (
    *("subset", "split", "metric", "setting", "shots", "fine_tuned", "chain_of_thought", "tools"),
    *("prompt", "resolution", "judge"),
)
MAX_RESULTS = 1000


@dataclass(frozen=True)
class BoardRow:
    """A result on a board.

    `rank` is None if the result is not ranked; `rival` says that the board has another claim for the same model and
    variant; `share` is the value as a percentage of the board's highest, 0 to 100.
    """

    result: Result
    rank: int | None
    rival: bool
    share: int


@dataclass
class Board:
    """Results with the same part, split, metric and protocol.

    Ranked if the split is stated, the direction of the metric is known and there are at least two rows.
    """

    subset: str
    split: str
    metric: str
    setting: str
    direction: str
    rows: list[BoardRow] = field(default_factory=list)

    @property
    def ranked(self) -> bool:
        return bool(self.rows) and self.rows[0].rank is not None

    @property
    def anchor(self) -> str:
        return "-".join(filter(str.isalnum, f"{self.subset} {self.split} {self.metric} {self.setting}".split())).lower()


BoardKey = tuple[object, ...]


def protocol(result: Result) -> BoardKey:
    """The values that comparable results share: the protocol as far as it is stated."""
    return tuple(getattr(result, name) for name in PROTOCOL)


def direction_of(benchmark: Benchmark, metric: str) -> str:
    """Whether higher or lower is better: as the benchmark states for this metric, else as all its metrics do; or ""."""
    stated = {row["name"].casefold(): row["direction"] for row in benchmark.metrics if row["direction"]}
    if metric.casefold() in stated:
        return str(stated[metric.casefold()])
    directions = set(stated.values())
    return str(directions.pop()) if len(directions) == 1 else ""


def boards(benchmark: Benchmark, results: Iterable[Result]) -> list[Board]:
    """The boards of a benchmark, ranked ones first, then by number of rows. Fetch `results` with their papers."""
    groups: dict[BoardKey, list[Result]] = defaultdict(list)
    for result in results:
        groups[protocol(result)].append(result)
    all_boards = [_board(benchmark, group) for group in groups.values()]
    return sorted(
        all_boards, key=lambda board: (not board.ranked, -len(board.rows), board.subset, board.split, board.metric)
    )


def _board(benchmark: Benchmark, group: list[Result]) -> Board:
    first = group[0]
    direction = direction_of(benchmark, first.metric)
    lower = direction == Direction.LOWER
    ordered = sorted(group, key=lambda result: (result.number if lower else -result.number, result.slug))
    rankable = [result for result in ordered if result.state in RANKED_STATES]
    ranks = len(rankable) > 1 and bool(first.split) and bool(direction)
    rank_by_value: dict[Decimal, int] = {}
    for position, result in enumerate(rankable, 1):
        rank_by_value.setdefault(result.number, position)
    claims = Counter((result.paper_id, result.variant) for result in group)
    best = max((abs(result.number) for result in group), default=0) or 1
    board = Board(first.subset, first.split, first.metric, first.setting, direction)
    for result in ordered:
        rank = rank_by_value[result.number] if ranks and result.state in RANKED_STATES else None
        share = max(0, round(100 * result.number / best))
        board.rows.append(BoardRow(result, rank, claims[result.paper_id, result.variant] > 1, share))
    return board


@dataclass(frozen=True)
class Rank:
    """The rank of a result on its board, and the number of results there."""

    rank: int
    of: int


def ranks_of(results: Iterable[Result]) -> dict[int, Rank]:
    """The ranks of results on ranked boards, by id, in one query. Fetch `results` with their benchmarks."""
    rankable = {result.pk: result for result in results if result.split and result.state in RANKED_STATES}
    directions = {pk: direction_of(result.benchmark, result.metric) for pk, result in rankable.items()}
    lower = [pk for pk, direction in directions.items() if direction == Direction.LOWER]
    ahead = Case(
        When(pk__in=lower, then=_count_on_same_board(number__lt=OuterRef("number"))),
        default=_count_on_same_board(number__gt=OuterRef("number")),
    )
    rows = (
        Result.objects.filter(pk__in=[pk for pk, direction in directions.items() if direction])
        .order_by()
        .annotate(ahead=ahead, of=_count_on_same_board())
        .values_list("pk", "ahead", "of")
    )
    return {pk: Rank(1 + ahead, of) for pk, ahead, of in rows if of > 1}


def _count_on_same_board(**conditions: OuterRef) -> Coalesce:
    """A subquery: the number of rankable results on the board of the outer result."""
    board = Result.objects.filter(benchmark=OuterRef("benchmark"), state__in=RANKED_STATES, **conditions)
    for name in PROTOCOL:
        same = Q(**{name: OuterRef(name)})
        if Result._meta.get_field(name).null:
            same |= Q(**{f"{name}__isnull": True}) & Q(IsNull(OuterRef(name), True))
        board = board.filter(same)
    counted = board.order_by().values("benchmark").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def leaders(limit: int) -> list[tuple[Result, int]]:
    """For up to `limit` benchmarks, the best result of the largest ranked board and its size, in three queries."""
    boards = (
        Result.objects.filter(state__in=RANKED_STATES)
        .exclude(split="")
        .order_by()
        .values("benchmark", *PROTOCOL)
        .annotate(of=Count("pk"), highest=Max("number"), lowest=Min("number"))
        .filter(of__gt=1)
        .order_by("-of", "benchmark", *PROTOCOL)[: limit * 20]
    )
    rows = list(boards)
    benchmarks = Benchmark.objects.in_bulk({row["benchmark"] for row in rows})
    chosen: dict[int, dict[str, Any]] = {}
    for row in rows:
        direction = direction_of(benchmarks[row["benchmark"]], row["metric"])
        if direction and len(chosen) < limit:
            best = row["lowest" if direction == Direction.LOWER else "highest"]
            chosen.setdefault(row["benchmark"], {**row, "number": best})
    condition = Q(pk__in=[])
    for row in chosen.values():
        condition |= Q(
            **{_exact_lookup(name, row[name]): row[name] is None or row[name] for name in BEST_RESULT_FIELDS}
        )
    candidates = Result.objects.filter(condition, state__in=RANKED_STATES).select_related("paper", "benchmark")
    best_by_benchmark = {result.benchmark_id: result for result in candidates.order_by("-slug")}
    return [(best_by_benchmark[benchmark], row["of"]) for benchmark, row in chosen.items()]


BEST_RESULT_FIELDS = ("benchmark", "number", *PROTOCOL)


def _exact_lookup(name: str, value: object) -> str:
    return f"{name}__isnull" if value is None else name
