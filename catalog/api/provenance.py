"""For every value of an entry: which revision brought it, who proposed and approved it, when, and from which source."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from catalog.api.envelopes import Item
from catalog.ledger.history import blame
from catalog.models import Revision

Provenance = dict[str, list[dict[str, Any]]]


def provenance(found: Sequence[Item], fields: Sequence[str] = ()) -> list[Provenance]:
    """By payload field, for each item; a list field has a row for each of its values. One query for all items.

    `fields` names the fields to tell of; none means all.
    """
    if not found:
        return []
    asked = Q()
    for item in found:
        asked |= Q(kind=item.kind.name, entry_id=item.entry_id, number__lte=item.revision)
    histories: dict[tuple[str, int], list[Revision]] = {}
    for row in Revision.objects.filter(asked).order_by("number"):
        histories.setdefault((row.kind, row.entry_id), []).append(row)
    return [_of(item, histories[item.kind.name, item.entry_id], fields) for item in found]


def _of(item: Item, history: list[Revision], fields: Sequence[str]) -> Provenance:
    told: Provenance = {}
    for row in blame(item.kind, history):
        if fields and row.field not in fields:
            continue
        told.setdefault(row.field, []).append(
            {
                "value": row.item,
                "revision": row.revision.number,
                "contributor": row.revision.contributor,
                "approver": row.revision.approver or None,
                "at": row.revision.at,
                "source": row.revision.source or None,
                "sources": [{key: value for key, value in one.items() if key != "field"} for one in row.sources],
            }
        )
    return told
