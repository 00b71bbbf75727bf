"""What every test of the way in begins with."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    """Nobody has done anything too often yet: the counters live in the cache, which no transaction rolls back."""
    cache.clear()
    yield
    cache.clear()
