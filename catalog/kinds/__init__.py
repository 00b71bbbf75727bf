"""The register of kinds, from which lists, history, search, API, exports, review and admin site follow.

A kind is a folder; CONTRIBUTING.md says how to add one.
"""

from importlib import import_module
from typing import cast

from catalog.forms.rows import RowsField
from catalog.kinds.facets import Facet
from catalog.kinds.kind import Kind
from catalog.kinds.orders import Order
from catalog.kinds.ranges import Range
from catalog.models import Entry

__all__ = ["BY_PLURAL", "KINDS", "Facet", "Kind", "Order", "Range", "kind_of", "listing_field", "listing_kind"]

FOLDERS = (
    "paper",
    "dataset",
    "benchmark",
    "result",
    "protocol",
    "topic",
    "component",
)
"""The folders of the kinds, in the order of the menu; each has a `kind.py` with its register entry KIND."""

_entries: list[Kind] = [import_module(f"catalog.kinds.{folder}.kind").KIND for folder in FOLDERS]
KINDS: dict[str, Kind] = {kind.name: kind for kind in _entries}
BY_PLURAL: dict[str, Kind] = {kind.plural: kind for kind in KINDS.values()}


def kind_of(entry: Entry) -> Kind:
    """The kind of a saved entry."""
    return KINDS[entry.kind]


def listing_kind(kind: Kind, key: str) -> Kind:
    """The kind of the entries that list the names of a field (`EntryForm.listed`)."""
    owner = kind.form.base_fields[kind.form.listed[key].owner]
    return next(KINDS[target] for target, _ in owner.references("-"))


def listing_field(kind: Kind, key: str) -> RowsField:
    """The field of those entries whose rows have the names."""
    field = listing_kind(kind, key).form.base_fields[kind.form.listed[key].rows]
    return cast(RowsField, field)
