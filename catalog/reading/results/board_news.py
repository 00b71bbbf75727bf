"""What changed the boards of a benchmark lately, and what each change did to them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result
from catalog.models import Revision
from catalog.reading.results.board_changes import BoardChange, board_change
from catalog.reading.results.claims import Claim
from catalog.reading.results.replaying import Replay, State
from catalog.reading.results.views import BoardKey, View, first_metric, key_of, view
from catalog.text.variants import full_name

MAX_CHANGES = 20
"""Of a board, how many changes are shown."""
MAX_CLAIMS = 50_000
"""How many claims are compared for the changes of a board, which bounds the time: of a very large one fewer changes
are shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """A revision that changed a board."""

    revision: Revision
    change: BoardChange


@dataclass(frozen=True)
class BoardHistory:
    """Changes of a board, the newest first; `names` are those of models by primary key.

    They are those before the revision `before`, by its id, if it is given. `older` is that before which the changes
    that follow are, None if there are none; `newer` that before which as many newer ones are, None if there are fewer.
    """

    view: View
    steps: Sequence[Step]
    names: Mapping[int, str]
    before: int | None = None
    older: int | None = None
    newer: int | None = None

    def name(self, claim: Claim) -> str:
        """The checkpoint of a claim on this board."""
        return full_name(claim.variant, self.names.get(claim.model, "")) or "A model"


def board_history(
    benchmark: Benchmark,
    key: BoardKey | None = None,
    metric: str = "",
    limit: int = MAX_CHANGES,
    before: int | None = None,
) -> BoardHistory:
    """What changed a board by one of its metrics, in eleven queries at most; without a key and a metric it is the board
    that `view` shows. Fetch the benchmark with its reference protocol. `before` is a revision by its id: changes before
    it are found by undoing the newer ones too, so that MAX_CLAIMS bounds both together."""
    replay = Replay(benchmark)
    shown = view(replay.measured, key, metric)
    newer, steps = list[int](), list[Step]()
    for step in _steps(replay, shown):
        if before is not None and step.revision.pk >= before:
            newer.append(step.revision.pk)
            continue
        steps.append(step)
        if len(steps) > limit:
            break
    older = steps[limit - 1].revision.pk if len(steps) > limit else None
    nearest = newer[-limit - 1] if len(newer) > limit else None
    return BoardHistory(shown, steps[:limit], replay.names, before, older, nearest)


def _steps(replay: Replay, shown: View) -> Iterator[Step]:
    """Undo revisions, and give those that changed the board, until there are none or enough was compared."""
    key, metric, after = shown.key, shown.board.metric.name, shown.board
    for revision in replay.revisions:
        now = replay.claim_of(revision)
        if not replay.undo(revision):
            continue
        was = replay.claim_of(revision)
        if revision.kind == Result.kind and not any(_is_on(claim, key, metric) for claim in (was, now)):
            continue
        if replay.compared > MAX_CLAIMS:
            return
        before = replay.board(key, metric)
        change = board_change(before, after, was.slug if was else "", now.slug if now else "")
        after = before
        if change.is_visible:
            yield Step(revision, change)


def _is_on(claim: Claim | None, key: BoardKey, metric: str) -> bool:
    return claim is not None and key_of(claim) == key and claim.metric == metric


@dataclass(frozen=True)
class BoardEffect:
    """What some revisions together did to a board."""

    key: BoardKey
    change: BoardChange


def board_effects(replay: Replay, since: int, until: int) -> list[BoardEffect] | None:
    """What the revisions after `since` up to `until`, by id, did to the boards of a benchmark, each by its first
    metric; None if more revisions followed than can be undone, or more claims had to be read than MAX_CLAIMS."""
    if replay.ledger.since > since + 1:
        return None
    revisions = replay.revisions
    for revision in revisions:
        if revision.pk > until:
            replay.undo(revision)
        if replay.compared > MAX_CLAIMS:
            return None
    after = replay.state
    for revision in revisions:
        if since < revision.pk <= until:
            replay.undo(revision)
        if replay.compared > MAX_CLAIMS:
            return None
    before = replay.state
    own, every = _keys_of_changed(before, after), before.by_key.keys() | after.by_key.keys()
    candidates = own if before.is_measured_like(after) else every
    effects = [BoardEffect(key, _effect(before, after, key)) for key in sorted(candidates, key=lambda key: key.text)]
    return [effect for effect in effects if effect.key in own or effect.change.differs]


def _keys_of_changed(before: State, after: State) -> set[BoardKey]:
    """The boards of the claims that changed, before and after."""
    pks = {pk for pk in before.claims.keys() | after.claims.keys() if before.claims.get(pk) != after.claims.get(pk)}
    return {key_of(claim) for state in (before, after) for pk in pks if (claim := state.claims.get(pk))}


def _effect(before: State, after: State, key: BoardKey) -> BoardChange:
    state = after if key in after.by_key else before
    metric = first_metric(state.claims_on(key), state.metrics).name
    return board_change(before.board(key, metric), after.board(key, metric))
