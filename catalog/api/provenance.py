"""Provenance: for each value the revision that set it, who proposed and approved it, when, and from which source."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from catalog.api.envelopes import EntryAtRevision
from catalog.kinds import KINDS
from catalog.ledger.blame import blame
from catalog.ledger.own_slugs import Slugs, own_slugs
from catalog.ledger.payloads import payload_of
from catalog.models import Revision

Provenance = dict[str, list[dict[str, Any]]]


def provenance(entries: Sequence[EntryAtRevision], fields: Sequence[str] = ()) -> list[Provenance]:
    """Return the provenance of each entry by payload field, with one row per value of a list field; at most three
    queries in all.

    `fields` limits it to some fields; empty means all.
    """
    if not entries:
        return []
    condition = Q()
    for entry in entries:
        condition |= Q(kind=entry.kind.name, entry_id=entry.entry_id, number__lte=entry.revision)
    histories: dict[tuple[str, int], list[Revision]] = {}
    for row in Revision.objects.filter(condition).order_by("number"):
        histories.setdefault((row.kind, row.entry_id), []).append(row)
    slugs = own_slugs((KINDS[row.kind], payload_of(row)) for history in histories.values() for row in history)
    return [_provenance_of_entry(entry, histories[entry.kind.name, entry.entry_id], fields, slugs) for entry in entries]


def _provenance_of_entry(
    entry: EntryAtRevision, history: list[Revision], fields: Sequence[str], slugs: Slugs
) -> Provenance:
    by_field: Provenance = {}
    for row in blame(entry.kind, history, slugs):
        if fields and row.field not in fields:
            continue
        by_field.setdefault(row.field, []).append(
            {
                "value": row.item,
                "revision": row.revision.number,
                "contributor": row.revision.contributor,
                "approver": row.revision.approver or None,
                "at": row.revision.at,
                "source": row.revision.source or None,
                "sources": [{key: value for key, value in source.items() if key != "field"} for source in row.sources],
            }
        )
    return by_field
