"""Which rows of a board are level: they cannot be told from the first of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.reading.results.boards import Board, Row


@dataclass(frozen=True, slots=True)
class Span:
    """The rows from `start` to before `end`; `level` says that they are level with the first of them."""

    start: int
    end: int
    level: bool


def spans(board: Board) -> list[Span]:
    """The ranked rows in order: the first with those behind it that are level with it, and so on. Rows that are level
    with no neighbour are together in a span that is not level, and so are all rows of a board without places."""
    rows = board.ranked
    if not board.has_places:
        return [Span(0, len(rows), level=False)] if rows else []
    found: list[Span] = []
    start = 0
    while start < len(rows):
        end = _end(rows, start)
        level = end - start > 1
        if found and not level and not found[-1].level:
            found[-1] = Span(found[-1].start, end, level=False)
        else:
            found.append(Span(start, end, level))
        start = end
    return found


def _end(rows: Sequence[Row], start: int) -> int:
    """The first row behind `start` that is not level with it."""
    end = start + 1
    while end < len(rows) and _level(rows[start], rows[end]):
        end += 1
    return end


def _level(one: Row, other: Row) -> bool:
    low, high = one.interval or (one.claim.number, one.claim.number)
    other_low, other_high = other.interval or (other.claim.number, other.claim.number)
    return low <= other_high and other_low <= high
