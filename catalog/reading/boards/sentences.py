"""What is said above a board, and why rows are not ranked."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from catalog.reading.boards.words import condition, conditions, listing, named
from catalog.reading.results.boards import Board, Row, better
from catalog.reading.results.claims import Origin, Value
from catalog.reading.results.comparing import CONDITIONS, Comparison

NOT_NAMED = {"part": "the whole benchmark", "track": "as reported"}
"""What an element means that is empty."""
NAMED = 2
"""How many rows that are better than the first are named above the table; all of them are said to be in the list."""

Name = Callable[[Row], str]
"""Gives the name of a row's model and variant."""


def sentences(board: Board, name: Name) -> Iterator[str]:
    """What a reader must know before the table."""
    metric = board.metric
    if not board.ranked:
        yield "Nothing is ranked."
    elif board.has_places:
        yield f"{len(board.ranked):,} are ranked by {metric.name}, {metric.direction} is better."
    else:
        yield f"Nothing is ranked, because {board.reason}."
    if said := ", ".join(_shared(board, name) for name in named(board.reference) if name != "erratum"):
        yield f"They are compared with {said}; none is known to differ."
    if board.ranked and "erratum" in board.reference:
        yield _side_of_all(board)
    yield from _about_others(board, name)
    if board.has_places:
        yield _about_errors(board)


def _shared(board: Board, name: str) -> str:
    """A condition of the reference, and how many of the ranked rows state it if not all do."""
    total = len(board.ranked)
    known = [row.claim.conditions[name] for row in board.ranked if name in row.claim.conditions]
    stated = sum(one.origin != Origin.INFERRED for one in known)
    text = condition(name, board.reference[name])
    if stated == total:
        return text
    if stated:
        return f"{text} (stated by {stated:,} of {total:,})"
    if known:
        return f"{text} (only inferred, for {len(known):,} of {total:,})"
    return f"{text} (the benchmark’s own, stated by none)"


def _side_of_all(board: Board) -> str:
    """On which side of the corrections of the benchmark the ranked rows are, as far as it is known."""
    total, known = len(board.ranked), sum("erratum" in row.claim.conditions for row in board.ranked)
    count = "All" if known == total else f"{known:,} of {total:,}"
    verb = "is" if known == 1 < total else "are"
    its = "its" if verb == "is" else "their"
    return f"{count} {verb} from {condition('erratum', board.reference['erratum'])}, by {its} date or edition."


def _about_others(board: Board, name: Name) -> Iterator[str]:
    if not board.unlike:
        return
    count = len(board.unlike)
    yield f"{count:,} {'was' if count == 1 else 'were'} measured differently and {'is' if count == 1 else 'are'} below."
    ahead = board.better_but_unlike
    if ahead:
        named = [f"{name(row)} ({row.claim.number:f})" for row in ahead[:NAMED]]
        more = [f"{len(ahead) - NAMED:,} more"] if len(ahead) > NAMED else []
        verb = "has a better number" if len(ahead) == 1 else "have better numbers"
        yield f"{listing([*named, *more])} {verb} than the first."


def _about_errors(board: Board) -> str:
    known = sum(row.interval is not None for row in board.ranked)
    if not known:
        return "No error is known for any of them, so small differences mean nothing."
    if known < len(board.ranked):
        return (
            f"A place is a range where 95% intervals overlap; for {len(board.ranked) - known:,} without a known error, "
            "small differences mean nothing."
        )
    return "A place is a range where 95% intervals overlap."


def difference(board: Board, row: Row) -> str:
    """How a row was measured differently: "8 shots, judge gpt-4o; better than the first"."""
    text = conditions({name: row.claim.conditions[name].value for name in row.differs})
    ahead = board.has_places and better(board.metric, row.claim.number, board.ranked[0].claim.number)
    return f"{text}; better than the first" if ahead else text


def without_place(board: Board, row: Row) -> str:
    """Why a row of a board has no place, or ""."""
    if row.place:
        return ""
    if board.metric.name not in row.cells:
        return f"no value for {board.metric.name}"
    if not row.claim.rankable:
        return row.claim.outdated or row.claim.state
    return difference(board, row) if row.differs else board.reason


def group_heading(differs: tuple[str, ...]) -> str:
    """The heading of rows that differ in these conditions."""
    return f"Different {listing(differs)}"


def group_note(board: Board, differs: tuple[str, ...]) -> str:
    """What the ranked rows have instead."""
    return f"ranked: {conditions({name: board.reference[name] for name in differs})}"


def comparison_sentence(comparison: Comparison, values: Mapping[str, Sequence[Value]]) -> str:
    """Whether two results can be compared: "Not comparable: harness differs (A, B); shots not stated.". `values` are
    both values of what differs."""
    both = {name: ", ".join(_said(name, value) for value in values[name]) for name in comparison.differs}
    parts = [f"{name} differs ({said})" for name, said in both.items()]
    if comparison.unknown:
        parts.append(f"{listing(comparison.unknown)} not stated")
    answer = "Comparable" if comparison.comparable else "Not comparable"
    return f"{answer}: {'; '.join(parts)}." if parts else f"{answer}, and nothing is unknown."


def _said(name: str, value: Value) -> str:
    if value == "":
        return NOT_NAMED.get(name, "none")
    return condition(name, value) if name in CONDITIONS else str(value)
