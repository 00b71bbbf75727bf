"""Long files in chunks."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange.chunks import MIN_CHUNK_SIZE, chunks


@given(st.lists(st.integers(0, MIN_CHUNK_SIZE * 2).map(lambda size: b"x" * size), max_size=8))
def test_chunks_are_the_lines_and_only_the_last_is_small(lines: list[bytes]) -> None:
    joined = list(chunks(lines))

    assert b"".join(joined) == b"".join(lines)
    assert all(len(chunk) >= MIN_CHUNK_SIZE for chunk in joined[:-1])


def test_no_line_is_no_chunk() -> None:
    assert list(chunks([])) == []
