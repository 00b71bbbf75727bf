"""What a kind shows around an entry, as the `page.py` of its folder says."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from catalog.kinds import Kind
from catalog.reading.sources import Mark

Marks = Mapping[str, list[Mark]]
"""Where each value of an entry was read, by payload key."""
Surroundings = Callable[[Any, Marks], dict[str, Any]]

REFERRING_SHOWN = 100
"""How many entries that refer to one its page lists."""


@cache
def surroundings_of(kind: Kind) -> Surroundings:
    """The function that gives the further context of an entry's page; one that gives nothing without a `page.py`."""
    name = f"{kind.package}.page"
    if find_spec(name) is None:
        return lambda entry, marks: {}
    found: Surroundings = import_module(name).surroundings
    return found
