"""The revisions of the entries of a list, for feeds."""

from django.db.models import Exists, OuterRef, QuerySet
from pyroaring import BitMap

from catalog.listing.facets import FEW, ids_in_query
from catalog.listing.filterset import EntryFilterSet
from catalog.models import Revision


def revisions_of(filterset: EntryFilterSet, rows: QuerySet[Revision]) -> QuerySet[Revision]:
    """Those of the revisions that are of entries in the list today; all of the kind's where no filter is in use.

    The ids of a few entries go into the query. Where they are many, the newest revisions are read and the entry of each
    looked up, until there are enough.
    """
    rows = rows.filter(kind=filterset.kind.name)
    if not filterset.narrows:
        return rows
    entries = filterset.qs.order_by()
    ids = BitMap(entries.values_list("pk", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        return rows.filter(entry_id__in=ids_in_query(ids))
    return rows.filter(Exists(entries.filter(pk=OuterRef("entry_id"))))
