"""Long files piece by piece."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange.pieces import SIZE, pieces


@given(st.lists(st.integers(0, SIZE * 2).map(lambda size: b"x" * size), max_size=8))
def test_pieces_are_the_lines_and_none_but_the_last_is_small(lines: list[bytes]) -> None:
    found = list(pieces(lines))

    assert b"".join(found) == b"".join(lines)
    assert all(len(piece) >= SIZE for piece in found[:-1])


def test_no_line_is_no_piece() -> None:
    assert list(pieces([])) == []
