"""Provenance: for each value the revision that set it, who proposed and approved it, when, and from which source."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from catalog.api.envelopes import EntryAtRevision
from catalog.kinds import KINDS, Kind
from catalog.ledger.blame import Blame, Given, blame
from catalog.ledger.own_slugs import Slugs, own_slugs
from catalog.ledger.payloads import payload_of
from catalog.models import Revision
from catalog.reading.sources import class_of_revision, class_of_row, stated_class

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
    return [
        provenance_of_history(entry.kind, histories[entry.kind.name, entry.entry_id], fields, slugs)
        for entry in entries
    ]


def provenance_of_history(
    kind: Kind, history: Sequence[Revision], fields: Sequence[str] = (), slugs: Slugs | None = None
) -> Provenance:
    """Return the provenance of an entry as its last revision left it, also if that retired or merged it. `slugs` are
    the `own_slugs` of its history, if they are known."""
    by_field: Provenance = {}
    for row in blame(kind, history, slugs):
        if not fields or row.field in fields:
            by_field.setdefault(row.field, []).append(_represent(row))
    return by_field


def _represent(value: Blame) -> dict[str, Any]:
    """Represent a value with who gave it and its sources; `sourced` says whether the source of a change stands for
    sources of its own."""
    revision, source = value.revision, value.given_by
    return {
        "value": value.item,
        "revision": revision.number,
        "contributor": value.contributor,
        "approver": revision.approver or None,
        "seconder": revision.seconder,
        "edited_in_review": value.in_review,
        "at": revision.at,
        "source": (source and source.source) or None,
        "source_class": class_of_revision(source) if source else "",
        "source_revision": source.number if source and source.source else None,
        "sourced": value.sourced.value,
        "sourced_text": str(value.sourced.label),
        "sources": [_represent_source(given) for given in value.sources],
    }


def _represent_source(given: Given) -> dict[str, Any]:
    """Represent a source row with the class that it states, else that of its host, and with who gave it."""
    row = given.row
    return {
        **{key: row[key] for key in ("url", "note", "confidence")},
        "source_class": class_of_row(row),
        "class_stated": bool(stated_class(row)),
        "revision": given.revision.number,
        "contributor": given.contributor,
    }
