"""What changed on a board since a past day, in words, for `templates/components/board-changes.html`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from catalog.reading.boards import words
from catalog.reading.boards.sentences import difference
from catalog.reading.results.boards import Board, Row
from catalog.reading.results.changes import Change, changes

MOST_SHOWN = 20
"""Of each sort of change; all are counted."""

Name = Callable[[Row], str]
"""Gives the name of a row's model and variant."""
Url = Callable[[Row], str]
"""Gives the link to a ranked row of today's board."""


@dataclass(frozen=True, slots=True)
class Line:
    """A checkpoint and what changed; `url` leads to its row today, "" without one."""

    name: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one sort; `left_out` of `count` are not shown."""

    heading: str
    count: int
    lines: tuple[Line, ...]

    @property
    def left_out(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a day: `sentence` says it in short."""

    sentence: str
    groups: tuple[Group, ...] = ()


def since(then: Board, now: Board, name: Name, url: Url) -> Since:
    """What changed from a board to today's. What has the same place and number is not mentioned."""
    found = changes(then, now)
    groups = (
        _group("New", found.new, lambda row: Line(name(row), url(row), _stands(row))),
        _group("Not ranked any more", found.gone, lambda row: Line(name(row), "", _whereabouts(row, now))),
        _group("Changed number", found.numbers, lambda one: Line(name(one.after), url(one.after), _number(one))),
        _group("Changed place", found.places, lambda one: Line(name(one.after), url(one.after), _places(one))),
    )
    return Since(" ".join(_sentences(then, now, name)), tuple(group for group in groups if group.count))


def _group(heading: str, some: Sequence[Row] | Sequence[Change], line: Callable[..., Line]) -> Group:
    return Group(heading, len(some), tuple(line(one) for one in some[:MOST_SHOWN]))


def _sentences(then: Board, now: Board, name: Name) -> Iterator[str]:
    found = changes(then, now)
    if not found:
        yield "Nothing that is ranked here has changed since then."
    first, last = found.first_before, found.first_after
    if first is None or last is None:
        return
    if not found.same_first:
        yield f"{name(first)} was first ({first.claim.number:f}); today {_with_number(last, name)} is."
    elif first.claim.number != last.claim.number:
        yield f"{name(last)} is still first, with {last.claim.number:f} instead of {first.claim.number:f}."
    elif found:
        yield f"{_with_number(last, name)} is still first."


def _with_number(row: Row, name: Name) -> str:
    return f"{name(row)} ({row.claim.number:f})"


def _stands(row: Row) -> str:
    return f"{row.claim.number:f}, place {row.place.text}" if row.place else f"{row.claim.number:f}"


def _whereabouts(row: Row, now: Board) -> str:
    """Why a row that was ranked is not, and what it had."""
    had = f"had {_stands(row)}"
    for other in now.unlike:
        if other.claim.checkpoint == row.claim.checkpoint:
            return f"{had}; now measured differently: {difference(now, other)}"
    for other in now.set_aside:
        if other.claim.checkpoint == row.claim.checkpoint:
            return f"{had}; now {words.state(other.claim)}"
    return had


def _number(one: Change) -> str:
    numbers = f"{one.before.claim.number:f} → {one.after.claim.number:f}"
    return f"{numbers}; {_places(one)}" if one.before.place != one.after.place else numbers


def _places(one: Change) -> str:
    before, after = (row.place.text if row.place else "none" for row in (one.before, one.after))
    return f"place {before} → {after}"
