"""Revisions of the entries of a list, for feeds."""

from django.db.models import Exists, OuterRef, QuerySet
from pyroaring import BitMap

from catalog.listing.facets import MAX_IDS_IN_QUERY, ids_in_query
from catalog.listing.filterset import EntryFilterSet
from catalog.models import Revision


def revisions_of(filterset: EntryFilterSet, rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """The revisions of entries that are in the list today; all of the kind if no filter is in use.

    The ids of a few entries go into the query. If there are many, the newest revisions are read and their entries
    looked up, until there are enough.
    """
    rows = rows.filter(kind=filterset.kind.name)
    if not filterset.narrows:
        return rows
    entries = filterset.qs.order_by()
    ids = BitMap(entries.values_list("pk", flat=True)[: MAX_IDS_IN_QUERY + 1])
    if len(ids) <= MAX_IDS_IN_QUERY:
        return rows.filter(entry_id__in=ids_in_query(ids))
    return rows.filter(Exists(entries.filter(pk=OuterRef("entry_id"))))
