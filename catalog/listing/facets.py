"""Filter a list by the facet sets that publishing maintains (catalog.ledger.indexing.facets): a list of any length is
filtered and counted without reading its rows.

The rows of a list are fetched in one of three ways; `narrow` chooses between the last two:

1. No facet is in use: the index of the order is read from its start, or from where the page begins.
2. Few entries match, up to MAX_IDS_IN_QUERY or one in MAX_IDS_DIVISOR of all: their ids go into the query as one
   parameter, and the database sorts the rows.
3. Many match: the index of the order is read and each entry looked up among the facet values, until the page is full,
   which takes few look-ups because so many match.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull
from pyroaring import BitMap

from catalog.kinds import KINDS, Kind
from catalog.ledger.indexing.facets import ALL_ENTRIES_FACET, LoadedSet
from catalog.models import FacetSet, FacetValue
from catalog.models.database import catalogue_connection

Rows = TypeVar("Rows", bound=QuerySet[Any])

MAX_IDS_IN_QUERY = 1_000
MAX_IDS_DIVISOR = 8


def union(sets: Iterable[LoadedSet]) -> BitMap:
    """The ids of the entries in any of these sets."""
    return BitMap().union(*(facet_set.entries for facet_set in sets))


def narrow(kind: Kind, rows: Rows, entries: BitMap, conditions: Sequence[Q], total: int) -> Rows:
    """The rows of a kind that are among `entries`: the ids of the entries, of `total`, that meet each of the
    `conditions` on facet values."""
    if len(entries) <= max(MAX_IDS_IN_QUERY, total // MAX_IDS_DIVISOR):
        return rows.filter(pk__in=ids_in_query(entries))
    for condition in conditions:
        # not EXISTS: PostgreSQL would turn it into a join that reads all rows
        value = FacetValue.objects.filter(condition, kind=kind.name, entry_id=OuterRef("pk")).values("pk")[:1]
        rows = rows.filter(IsNull(Subquery(value), False))
    return rows


def ids_in_query(entries: BitMap) -> RawSQL:
    """Ids as a subquery with a single parameter, however many there are."""
    if catalogue_connection().vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(entries)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(entries))])


def totals() -> dict[str, int]:
    """The number of entries by name of the kind."""
    counted = dict(FacetSet.objects.filter(facet=ALL_ENTRIES_FACET).values_list("kind", "count"))
    return {name: counted.get(name, 0) for name in KINDS}
