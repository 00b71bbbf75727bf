"""The results of a benchmark, ranked only like with like."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import Benchmark, Direction, Result, ResultState

RANKED_STATES = (ResultState.LIVE, ResultState.DISPUTED)


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
    return (
        result.subset,
        result.split,
        result.metric,
        result.setting,
        result.shots,
        result.fine_tuned,
        result.chain_of_thought,
        result.tools,
        result.prompt,
        result.resolution,
        result.judge,
    )


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
