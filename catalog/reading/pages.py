"""Further context of an entry's page, from the `page.py` in the folder of its kind."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from catalog.kinds import Kind
from catalog.reading.sources import Attribution

Sources = Mapping[str, list[Attribution]]
"""The sources of each value of an entry, by payload key."""
Surroundings = Callable[[Any, Sources], dict[str, Any]]

REFERRING_SHOWN = 100
"""The maximal number of referring entries that a page lists."""


@cache
def surroundings_of(kind: Kind) -> Surroundings:
    """The `surroundings` function of a kind; without a `page.py`, one that returns {}."""
    name = f"{kind.package}.page"
    if find_spec(name) is None:
        return lambda entry, sources: {}
    function: Surroundings = import_module(name).surroundings
    return function
