"""What changed on a board between two days: a function of the two boards."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog.reading.results.boards import Board, Row


@dataclass(frozen=True, slots=True)
class Change:
    """A checkpoint that is ranked on both days."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed among the ranked rows, in the order of the board.

    - `new`: the rows of checkpoints that are ranked on the second day only; `gone`: of those on the first only.
    - `numbers`: other numbers. `places`: other places with the same number.
    - `first_before`, `first_after`: the first rows, None where there are no places.
    """

    new: tuple[Row, ...]
    gone: tuple[Row, ...]
    numbers: tuple[Change, ...]
    places: tuple[Change, ...]
    first_before: Row | None
    first_after: Row | None

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.numbers or self.places)

    @property
    def same_first(self) -> bool:
        """Whether the same checkpoint is first on both days."""
        first, last = self.first_before, self.first_after
        return first is not None and last is not None and first.claim.checkpoint == last.claim.checkpoint


def changes(before: Board, after: Board) -> Changes:
    """What changed from one board to another, which is of the same benchmark, part, split, track and metric."""
    earlier, later = _by_checkpoint(before.ranked), _by_checkpoint(after.ranked)
    both = [Change(earlier[key], row) for key, row in later.items() if key in earlier]
    return Changes(
        new=tuple(row for key, row in later.items() if key not in earlier),
        gone=tuple(row for key, row in earlier.items() if key not in later),
        numbers=tuple(one for one in both if one.before.claim.number != one.after.claim.number),
        places=tuple(
            one
            for one in both
            if one.before.claim.number == one.after.claim.number and one.before.place != one.after.place
        ),
        first_before=before.ranked[0] if before.has_places else None,
        first_after=after.ranked[0] if after.has_places else None,
    )


def _by_checkpoint(rows: Iterable[Row]) -> dict[tuple[object, str], Row]:
    return {row.claim.checkpoint: row for row in rows}
