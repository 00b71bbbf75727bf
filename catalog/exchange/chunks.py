"""Chunks of a streamed response: lines are sent together, since every chunk costs time."""

from collections.abc import Iterable, Iterator

MIN_CHUNK_SIZE = 32_768  # bytes


def chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Join lines to chunks of at least MIN_CHUNK_SIZE; the last may be smaller."""
    pending: list[bytes] = []
    size = 0
    for line in lines:
        pending.append(line)
        size += len(line)
        if size >= MIN_CHUNK_SIZE:
            yield b"".join(pending)
            pending, size = [], 0
    if pending:
        yield b"".join(pending)
