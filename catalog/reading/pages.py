"""Further context of the pages of entries and proposals, from `page.py`, `preview.py` and `table.py` in the folder of
the kind."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from catalog.forms.listed import Row
from catalog.kinds import Kind
from catalog.reading.sources import Attribution

Sources = Mapping[str, list[Attribution]]
"""The sources of each value of an entry, by payload key."""
Surroundings = Callable[[Any, Sources], dict[str, Any]]
"""Gives further context of the page of an entry; the keys in `in_sections` are no facts there, since they have sections
of their own."""

Preview = Callable[[Mapping[str, Any], str, Mapping[str, Row]], Any]
"""Gives what kinds/<kind>/preview.html shows, from a proposed payload, the slug of the live entry, or "", and the rows
that other entries are to list with it (`EntryForm.additions`)."""

Table = Callable[[Sequence[tuple[Mapping[str, Any], str]]], Any]
"""Gives what kinds/<kind>/table-*.html show of several proposals, from their payloads and slugs: an object with `rows`,
in their order, each with a `state`, and `boards(positions)`."""

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


@cache
def preview_of(kind: Kind) -> Preview | None:
    """The `preview` function of a kind; None without a `preview.py`."""
    name = f"{kind.package}.preview"
    if find_spec(name) is None:
        return None
    function: Preview = import_module(name).preview
    return function


@cache
def table_of(kind: Kind) -> Table | None:
    """The `Table` of a kind; None without a `table.py`."""
    name = f"{kind.package}.table"
    if find_spec(name) is None:
        return None
    made: Table = import_module(name).Table
    return made
