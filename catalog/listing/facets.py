"""Narrowing a list by the facet sets that publishing keeps (catalog.ledger.indexing.facets): a list of any length is
narrowed and counted without reading it.

There are three ways to fetch the rows of a list, and `narrow` chooses between the latter two:

1. No facet is in use: the index of the order is read from its start, or from where a page begins.
2. Few entries remain, up to FEW or one in SHARE of all: their ids go into the query as one parameter, and the database
   sorts them.
3. Many remain: the index of the order is read and each entry looked up among the facet values, until the page is full.
   So many remain that this is soon.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull
from pyroaring import BitMap

from catalog.kinds import KINDS, Kind
from catalog.ledger.indexing.facets import ALL_ENTRIES_FACET, LoadedSet
from catalog.models import FacetSet, FacetValue

Rows = TypeVar("Rows", bound=QuerySet[Any])

FEW = 1_000
SHARE = 8


def union(sets: Iterable[LoadedSet]) -> BitMap:
    """The ids of the entries in any of these sets."""
    return BitMap().union(*(one.entries for one in sets))


def narrow(kind: Kind, rows: Rows, entries: BitMap, conditions: Sequence[Q], total: int) -> Rows:
    """The rows of a kind that are among `entries`, the ids of those of `total` entries that have a facet value of each
    of the `conditions`."""
    if len(entries) <= max(FEW, total // SHARE):
        return rows.filter(pk__in=ids_in_query(entries))
    for condition in conditions:
        # an EXISTS would say the same, and PostgreSQL would make of it a join that reads all rows
        value = FacetValue.objects.filter(condition, kind=kind.name, entry_id=OuterRef("pk")).values("pk")[:1]
        rows = rows.filter(IsNull(Subquery(value), False))
    return rows


def ids_in_query(entries: BitMap) -> RawSQL:
    """Ids as a table in a query: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(entries)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(entries))])


def totals() -> dict[str, int]:
    """How many entries there are, by name of the kind."""
    counted = dict(FacetSet.objects.filter(facet=ALL_ENTRIES_FACET).values_list("kind", "count"))
    return {name: counted.get(name, 0) for name in KINDS}
