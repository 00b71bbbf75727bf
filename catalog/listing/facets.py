"""Which entries fall under each value of a facet, read from the sets that publishing keeps (catalog.ledger.indexing):
a list of any length is narrowed and counted without reading it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull
from pyroaring import BitMap

from catalog.kinds import KINDS, Kind
from catalog.ledger.indexing.facets import ALL, Word, words
from catalog.models import FacetSet, FacetValue

__all__ = ["ALL", "FEW", "Word", "one_by_one", "together", "totals", "under", "words"]

Rows = TypeVar("Rows", bound=QuerySet[Any])

FEW = 1_000
SHARE = 8
"""Up to FEW entries, or this part of all, are fetched and sorted."""


def together(found: Iterable[Word]) -> BitMap:
    """The entries under any of these values."""
    return BitMap().union(*(word.entries for word in found))


def under(kind: Kind, rows: Rows, entries: BitMap, meant: Sequence[Q], total: int) -> Rows:
    """The rows of a kind that are among `entries`, which are those of `total` that have a value of each sort `meant`.

    A few are fetched and sorted. Of many the order's index is walked and each entry looked up, until the page is full:
    as many are among `entries`, that is soon. An EXISTS would say the same, and PostgreSQL would make a join of it that
    reads them all.
    """
    if len(entries) <= max(FEW, total // SHARE):
        return rows.filter(pk__in=one_by_one(entries))
    for one in meant:
        value = FacetValue.objects.filter(one, kind=kind.name, entry_id=OuterRef("pk")).values("pk")[:1]
        rows = rows.filter(IsNull(Subquery(value), False))
    return rows


def one_by_one(entries: BitMap) -> RawSQL:
    """The ids as a table in a query: one parameter, however many they are."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(entries)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(entries))])


def totals() -> dict[str, int]:
    """How many entries there are, by name of the kind."""
    counted = dict(FacetSet.objects.filter(facet=ALL).values_list("kind", "count"))
    return {name: counted.get(name, 0) for name in KINDS}
