"""Reading payloads that were kept, whatever their age: snapshots of the ledger, and what proposals hold.

A stored payload stays as it was written, while its kind gains, renames and drops fields and entries move to other
addresses. These functions bring it to the shape that it has today; nothing else reads `Revision.snapshot`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.db.models import Q

from catalog.kinds import KINDS, Kind
from catalog.models import FormerSlug, Revision

Payload = dict[str, Any]


def payload_of(revision: Revision) -> Payload:
    """What an entry was after a revision, in today's shape; other entries by the slugs that they had then."""
    return read(KINDS[revision.kind], revision.snapshot, revision.shape)


def current_payload_of(revision: Revision) -> Payload:
    """The same, with the slugs that other entries have now: what a change can be made from."""
    return with_present_slugs(KINDS[revision.kind], payload_of(revision))


def read(kind: Kind, stored: Mapping[str, Any], shape: int | None = None) -> Payload:
    """A stored payload in today's shape; `shape` is the one that it was written in, where that is known."""
    return dict(stored) if shape == kind.form.shape() else kind.form.upgraded(stored)


def read_json(kind: Kind, text: str, shape: int | None) -> str:
    """A stored payload in today's shape, as JSON text: the stored text itself where it has that shape already."""
    return text if shape == kind.form.shape() else orjson.dumps(kind.form.upgraded(orjson.loads(text))).decode()


def changed_in(revision: Revision) -> list[str]:
    """The keys that a revision changed, by their present names; those that were dropped since keep their own."""
    renamed = KINDS[revision.kind].form.renamed
    return [renamed.get(key, key) for key in revision.changed]


def dropped_from(revision: Revision) -> Payload:
    """The values of keys that the kind has dropped since."""
    dropped = KINDS[revision.kind].form.dropped
    return {key: value for key, value in revision.snapshot.items() if key in dropped}


def with_value(kind: Kind, key: str, value: Any) -> Q:
    """Revisions in which a payload key, under any name that it ever had, holds a value."""
    found = Q(**{f"snapshot__{key}": value})
    for former, present in kind.form.renamed.items():
        if present == key:
            found |= Q(**{f"snapshot__{former}": value})
    return found


def with_present_slugs(kind: Kind, payload: Mapping[str, Any]) -> Payload:
    """A payload in which entries that have moved are called by the slugs that they have now."""
    found = dict(payload)
    slugs = {slug for _, slug in kind.form.references(payload)}
    moved = FormerSlug.objects.filter(slug__in=slugs).order_by("pk").values_list("kind", "slug") if slugs else ()
    for name, former in moved:
        entry_id = FormerSlug.objects.entry_ids(name, [former])[former]
        rows = KINDS[name].model.objects.filter(pk=entry_id)
        if present := rows.values_list("slug", flat=True).first():
            found = kind.form.repointed(found, name, former, present)
    return found


def unreadable_keys(revision: Revision) -> Iterator[str]:
    """The keys of a snapshot that its kind neither has nor says to be renamed or dropped."""
    yield from KINDS[revision.kind].form.unknown_keys(revision.snapshot)
