"""The boards of a benchmark: its claims by part, split and track."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog.reading.results.boards import Board, board
from catalog.reading.results.claims import Claim, Metric
from catalog.reading.results.reading import Measured

NO_METRIC = Metric(name="")


@dataclass(frozen=True, slots=True)
class Scope:
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
    """A board to choose: its scope, and the number of checkpoints and models on it."""

    scope: Scope
    checkpoints: int
    models: int


@dataclass(frozen=True, slots=True)
class View:
    """A board of a benchmark by one of its metrics.

    `tabs` are all its boards, the largest first; `claims` those of this one; `unstated` the claims of the same part and
    track whose split is not stated, so that they stand on no board.
    """

    scope: Scope
    board: Board
    tabs: tuple[Tab, ...]
    claims: tuple[Claim, ...]
    unstated: tuple[Claim, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        return self.board.metrics


def by_scope(claims: Iterable[Claim]) -> dict[Scope, list[Claim]]:
    """The claims of each board."""
    scopes = defaultdict[Scope, list[Claim]](list)
    for claim in claims:
        scopes[Scope(claim.part, str(claim.split.value) if claim.split else "", claim.track)].append(claim)
    return scopes


def tabs_of(scopes: Mapping[Scope, Sequence[Claim]]) -> tuple[Tab, ...]:
    """The boards with a stated split first, of these the ones with the most models, what is reported before harnesses
    and the whole benchmark before its parts."""
    tabs = [
        Tab(scope, len({claim.checkpoint for claim in claims}), len({claim.model for claim in claims}))
        for scope, claims in scopes.items()
    ]
    return tuple(
        sorted(tabs, key=lambda tab: (not tab.scope.split, -tab.models, -tab.checkpoints, *tab.scope.text))
    )


def view(measured: Measured, scope: Scope | None = None, metric: str = "") -> View:
    """The board with this scope by this metric; without them, the largest board by its first metric. A scope that
    nothing was measured in gives an empty board."""
    scopes = by_scope(measured.claims)
    tabs = tabs_of(scopes)
    scope = scope or (tabs[0].scope if tabs else Scope())
    claims = scopes.get(scope, [])
    chosen = measured.metrics.get(metric) if metric else None
    chosen = chosen or first_metric(claims, measured.metrics)
    return View(
        scope=scope,
        board=board(claims, chosen, measured.reference),
        tabs=tabs,
        claims=tuple(claims),
        unstated=tuple(scopes.get(Scope(scope.part, "", scope.track), ())) if scope.split else (),
    )


def first_metric(claims: Sequence[Claim], metrics: Mapping[str, Metric]) -> Metric:
    """The metric that a board is ordered by: the primary one, else the one that the most checkpoints have."""
    checkpoints = defaultdict[str, set[object]](set)
    for claim in claims:
        checkpoints[claim.metric].add(claim.checkpoint)
    names = sorted(checkpoints, key=lambda name: (not metrics[name].primary, -len(checkpoints[name]), name))
    return metrics[names[0]] if names else NO_METRIC
