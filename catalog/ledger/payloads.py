"""Read stored payloads of any age: snapshots of the ledger, and the payloads of proposals.

A stored payload stays as it was written, while its kind adds, renames and drops fields and entries get new slugs.
These functions bring it to the present shape; nothing else reads `Revision.snapshot`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.db.models import Q

from catalog.kinds import KINDS, Kind
from catalog.models import FormerSlug, Revision

Payload = dict[str, Any]


def payload_of(revision: Revision) -> Payload:
    """The payload of an entry after a revision, in the present shape; references keep the slugs of that time."""
    return read(KINDS[revision.kind], revision.snapshot, revision.shape)


def current_payload_of(revision: Revision) -> Payload:
    """The same with the present slugs of other entries, so that a change can be made from it."""
    return with_present_slugs(KINDS[revision.kind], payload_of(revision))


def read(kind: Kind, stored: Mapping[str, Any], shape: int | None = None) -> Payload:
    """A stored payload in the present shape; `shape` is the one in which it was written, if known."""
    return dict(stored) if shape == kind.form.shape() else kind.form.upgraded(stored)


def read_json(kind: Kind, text: str, shape: int | None) -> str:
    """A stored payload in the present shape, as JSON text: the stored text itself if it has that shape."""
    return text if shape == kind.form.shape() else orjson.dumps(kind.form.upgraded(orjson.loads(text))).decode()


def changed_in(revision: Revision) -> list[str]:
    """The keys that a revision changed, by their present names; keys dropped since keep their former names."""
    renamed = KINDS[revision.kind].form.renamed
    return [renamed.get(key, key) for key in revision.changed]


def dropped_from(revision: Revision) -> Payload:
    """The values of fields that the kind has dropped since, by key."""
    dropped = KINDS[revision.kind].form.dropped
    return {key: value for key, value in revision.snapshot.items() if key in dropped}


def with_value(kind: Kind, key: str, value: Any) -> Q:
    """A condition on revisions: a payload key, under any name that it ever had, has this value."""
    condition = Q(**{f"snapshot__{key}": value})
    for former, present in kind.form.renamed.items():
        if present == key:
            condition |= Q(**{f"snapshot__{former}": value})
    return condition


def with_present_slugs(kind: Kind, payload: Mapping[str, Any]) -> Payload:
    """The payload with the present slugs of entries whose slug has changed."""
    updated = dict(payload)
    slugs = {slug for _, slug in kind.form.references(payload)}
    moved = FormerSlug.objects.filter(slug__in=slugs).order_by("pk").values_list("kind", "slug") if slugs else ()
    for name, former in moved:
        entry_id = FormerSlug.objects.entry_ids(name, [former])[former]
        rows = KINDS[name].model.objects.filter(pk=entry_id)
        if present := rows.values_list("slug", flat=True).first():
            updated = kind.form.with_reference_replaced(updated, name, former, present)
    return updated


def unreadable_keys(revision: Revision) -> Iterator[str]:
    """The keys of a snapshot that are no field of its kind, and are not listed as renamed or dropped."""
    yield from KINDS[revision.kind].form.unknown_keys(revision.snapshot)
