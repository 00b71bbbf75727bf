"""The boards of a benchmark: its claims by part, split and track."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from catalog.reading.results.boards import Board, board
from catalog.reading.results.claims import Claim, Metric
from catalog.reading.results.reading import Measured

NO_METRIC = Metric(name="")


class BoardKey(NamedTuple):
    """What the claims of a board share: the part or edition ("" for the whole benchmark), the split ("" if it is not
    stated) and the track ("" for what is reported without a harness)."""

    part: str = ""
    split: str = ""
    track: str = ""

    @property
    def text(self) -> tuple[str, str, str]:
        """What boards are ordered by: what is reported before harnesses, the whole benchmark before its parts."""
        return self.track, self.part, self.split


@dataclass(frozen=True, slots=True)
class Tab:
    """A board to choose, and the number of checkpoints and models on it."""

    key: BoardKey
    checkpoints: int
    models: int


@dataclass(frozen=True, slots=True)
class View:
    """A board of a benchmark by one of its metrics.

    `tabs` are all its boards, the largest first; `claims` those of this one; `unstated` the claims of the same part and
    track whose split is not stated, so that they stand on no board.
    """

    key: BoardKey
    board: Board
    tabs: tuple[Tab, ...]
    claims: tuple[Claim, ...]
    unstated: tuple[Claim, ...]


def boards_of(measured: Measured) -> dict[BoardKey, list[Claim]]:
    """The claims of each board of a benchmark, told apart once."""
    if None not in measured.boards:
        measured.boards[None] = by_board(measured.claims)
    boards: dict[BoardKey, list[Claim]] = measured.boards[None]
    return boards


def board_of(measured: Measured, key: BoardKey, metric: Metric) -> Board:
    """A board of a benchmark by a metric, computed once; an empty one for a key under which nothing was measured."""
    claims = boards_of(measured).get(key)
    if not claims:
        return board((), metric, measured.reference)  # not kept: there is no end of keys
    if (key, metric.name) not in measured.boards:
        measured.boards[key, metric.name] = board(claims, metric, measured.reference)
    one: Board = measured.boards[key, metric.name]
    return one


def by_board(claims: Iterable[Claim]) -> dict[BoardKey, list[Claim]]:
    """The claims of each board."""
    boards = defaultdict[BoardKey, list[Claim]](list)
    for claim in claims:
        boards[key_of(claim)].append(claim)
    return dict(boards)


def key_of(claim: Claim) -> BoardKey:
    """The board on which a claim stands."""
    return BoardKey(claim.part, str(claim.split.value) if claim.split else "", claim.track)


def tabs_of(boards: Mapping[BoardKey, Sequence[Claim]]) -> tuple[Tab, ...]:
    """The boards with a stated split first, of these the ones with the most models, what is reported before harnesses
    and the whole benchmark before its parts."""
    tabs = [
        Tab(key, len({claim.checkpoint for claim in claims}), len({claim.model for claim in claims}))
        for key, claims in boards.items()
    ]
    return tuple(sorted(tabs, key=lambda tab: (not tab.key.split, -tab.models, -tab.checkpoints, *tab.key.text)))


def view(measured: Measured, key: BoardKey | None = None, metric: str = "") -> View:
    """The board with this key by this metric; without them, the largest board by its first metric. A key under which
    nothing was measured gives an empty board."""
    boards = boards_of(measured)
    tabs = tabs_of(boards)
    key = key or (tabs[0].key if tabs else BoardKey())
    claims = boards.get(key, [])
    chosen = measured.metrics.get(metric) if metric else None
    chosen = chosen or first_metric(claims, measured.metrics)
    return View(
        key=key,
        board=board_of(measured, key, chosen),
        tabs=tabs,
        claims=tuple(claims),
        unstated=tuple(boards.get(BoardKey(key.part, "", key.track), ())) if key.split else (),
    )


def first_metric(claims: Sequence[Claim], metrics: Mapping[str, Metric]) -> Metric:
    """The metric that a board is ordered by: the primary one, else the one that the most checkpoints have."""
    checkpoints = defaultdict[str, set[object]](set)
    for claim in claims:
        checkpoints[claim.metric].add(claim.checkpoint)
    names = sorted(checkpoints, key=lambda name: (not metrics[name].primary, -len(checkpoints[name]), name))
    return metrics[names[0]] if names else NO_METRIC
