"""What a change did to a board: the board before and after it, and where the claim that changed stands on both."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.reading.results.boards import Board, Place, Row
from catalog.reading.results.claims import Claim


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands on a board: the row that has it, and whether the row can have a place."""

    claim: Claim
    row: Row
    ranked: bool

    @property
    def shown(self) -> bool:
        """Whether it is the claim that its row shows."""
        return self.row.claim is self.claim

    @property
    def place(self) -> Place | None:
        return self.row.place


@dataclass(frozen=True, slots=True)
class BoardChange:
    """A board before and after a change. `was` and `now` are where the claim stood and stands that was changed; both
    are None if the benchmark or a protocol was."""

    before: Board
    after: Board
    was: Standing | None = None
    now: Standing | None = None

    @property
    def first_before(self) -> Row | None:
        return first(self.before)

    @property
    def first_after(self) -> Row | None:
        return first(self.after)

    @property
    def takes_first(self) -> bool:
        """Whether another checkpoint is first now, or the same with another number."""
        return _named(self.first_before) != _named(self.first_after)

    @property
    def is_still_first(self) -> bool:
        """Whether the checkpoint that was first still is."""
        before, after = self.first_before, self.first_after
        return bool(before and after and before.claim.checkpoint == after.claim.checkpoint)

    @property
    def is_visible(self) -> bool:
        """Whether anything on the board is another than before."""
        if self.was and self.now:
            return self.was.claim._replace(slug=self.now.claim.slug) != self.now.claim
        return bool(self.was or self.now) or self.differs

    @property
    def differs(self) -> bool:
        """Whether rows, places or what rows are compared with are other ones than before."""
        return _outline(self.before) != _outline(self.after)


def board_change(before: Board, after: Board, slug_before: str = "", slug_after: str = "") -> BoardChange:
    """Compare two boards by the same metric; the slugs are those that the result which was changed had and has."""
    return BoardChange(before, after, standing(before, slug_before), standing(after, slug_after))


def first(board: Board) -> Row | None:
    """The first row of a board; None if it has no places."""
    return board.ranked[0] if board.has_places else None


def standing(board: Board, slug: str) -> Standing | None:
    """Where the claim of a result stands by the metric of a board; None if it is not there."""
    sections = ((board.ranked, True), (board.unlike, False), (board.set_aside, False))
    for rows, ranked in sections if slug else ():
        for row in rows:
            for claim in row.cells[board.metric.name].claims:
                if claim.slug == slug:
                    return Standing(claim, row, ranked)
    return None


def _named(row: Row | None) -> tuple[object, ...]:
    return (row.claim.checkpoint, row.claim.number) if row else ()


def _outline(board: Board) -> tuple[object, ...]:
    """What of a board can be another one after a change of the benchmark or a protocol."""
    return board.reason, tuple(board.reference.items()), tuple(_outlines(board))


def _outlines(board: Board) -> Iterator[tuple[object, ...]]:
    for rows in (board.ranked, board.unlike, board.set_aside):
        for row in rows:
            yield *_named(row), row.place, row.differs, row.unknown, row.claim.outdated
