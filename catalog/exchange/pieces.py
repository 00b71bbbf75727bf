"""Long files on their way to a reader: lines are sent some at a time, since each sending has its price."""

from collections.abc import Iterable, Iterator

SIZE = 32_768  # bytes


def pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines joined to pieces of at least SIZE, but for the last."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= SIZE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
