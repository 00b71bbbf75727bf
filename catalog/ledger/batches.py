"""Iterate in batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size` values, in order (Python 3.12 has itertools.batched)."""
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
