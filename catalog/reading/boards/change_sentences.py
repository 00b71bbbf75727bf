"""What a change did to a board, in sentences."""

from collections.abc import Callable, Iterator

from catalog.reading.boards.sentences import without_place
from catalog.reading.boards.words import VERIFIED, conditions, state
from catalog.reading.results.board_changes import BoardChange, Standing
from catalog.reading.results.boards import Board, Row
from catalog.reading.results.claims import Claim

Name = Callable[[Claim], str]
"""Gives the name of a claim's model and variant."""


def change_sentence(change: BoardChange, name: Name) -> str:
    """What a change did to a board: "CLIP enters at place 1 with 70.2; before, Flamingo was first with 64.9."."""
    said = [*_about_result(change, name)] if change.was or change.now else [*_about_board(change)]
    first = change.first_after
    if change.takes_first and first and change.now and first.claim is change.now.claim:
        if not change.is_still_first:
            said[-1] += f"; before, {_first(change.first_before, name, 'was')}"
    else:
        said += _about_first(change, name)
    return " ".join(f"{sentence}." for sentence in said)


def _about_result(change: BoardChange, name: Name) -> Iterator[str]:
    was, now = change.was, change.now
    if now is None:
        if was:
            yield f"{name(was.claim)} leaves with {_number(was)}, {_place_before(was)}"
    elif was is None:
        yield f"{name(now.claim)} enters {_place(now, change.after)}"
    elif _number(was) != _number(now):
        yield f"{name(now.claim)} has {_number(now)}, before {_number(was)}"
        yield from _moved(was, now, change.after)
    else:
        yield f"{name(now.claim)}, {_number(now)}, {_what_changed(was, now)}"
        yield from _moved(was, now, change.after)


def _what_changed(was: Standing, now: Standing) -> str:
    if was.claim.verification != now.claim.verification:
        return f"is {VERIFIED.get(now.claim.verification, ('', 'not verified any more'))[1]}"
    if was.claim.checkpoint != now.claim.checkpoint:
        return "is of another model or size than was said before"
    if was.claim.conditions != now.claim.conditions:
        return "says more of how it was measured, or something else"
    if state(was.claim) != state(now.claim):
        return f"is {state(now.claim)}" if state(now.claim) else f"is not {state(was.claim)} any more"
    return "has other details of its source"


def _moved(was: Standing, now: Standing, after: Board) -> Iterator[str]:
    """The place that a claim has now, if it had another one."""
    if was.place == now.place and was.ranked == now.ranked and was.shown == now.shown:
        if now.place:
            yield f"Its place is {now.place.text}, as before"
    elif now.place and was.place and now.shown:
        yield f"Its place is {now.place.text}, before {was.place.text}"
    elif now.place and now.shown:
        yield f"Its place is {now.place.text}"
    else:
        yield why_no_place(now, after)


def _place(now: Standing, board: Board) -> str:
    if now.place and now.shown:
        return f"at place {now.place.text} with {_number(now)}"
    return f"with {_number(now)}. {why_no_place(now, board)}"


def why_no_place(now: Standing, board: Board) -> str:
    """Why a claim has no place of its own: "No place: 8 shots, not 0 shots"."""
    if not now.shown:
        return f"Its row shows another claim, {now.row.claim.number:f}"
    reason = without_place(board, now.row)
    if now.row.differs and now.claim.rankable:
        reason += f", not {conditions({name: board.reference[name] for name in now.row.differs})}"
    return f"No place: {reason}"


def _place_before(was: Standing) -> str:
    return f"which had place {was.place.text}" if was.place and was.shown else "which had no place"


def _number(one: Standing) -> str:
    return f"{one.claim.number:f}"


def _about_board(change: BoardChange) -> Iterator[str]:
    before, after = change.before, change.after
    if before.reference != after.reference:
        yield f"Ranked are results under these conditions: {conditions(after.reference) or 'none known'}"
        yield f"Before, these were {conditions(before.reference) or 'none known'}"
    yield f"{_places(after)}, before {_places(before)}"


def _places(board: Board) -> str:
    count = len(board.ranked) if board.has_places else 0
    return f"{count:,} row{'s' if count != 1 else ''} with a place"


def _about_first(change: BoardChange, name: Name) -> Iterator[str]:
    if change.takes_first:
        now, before = _first(change.first_after, name, "is"), _first(change.first_before, name, "was")
        yield f"{now[0].upper()}{now[1:]}; before, {before}"


def _first(row: Row | None, name: Name, verb: str) -> str:
    return f"{name(row.claim)} {verb} first with {row.claim.number:f}" if row else f"nothing {verb} first"
