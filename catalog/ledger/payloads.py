"""Reading payloads that were kept, whatever their age: snapshots of the ledger, and what proposals hold.

A stored payload stays as it was written, while its kind gains, renames and drops fields and entries move to other
addresses. These functions bring it to the shape that it has today; nothing else reads `Revision.snapshot`.

What is damaged (a value of a wrong type, a snapshot that is no object) is given as it is stored, so that it takes down
nothing that is listed beside it; `manage.py verify_ledger` reports it.
"""

from collections.abc import Mapping
from typing import Any, cast

import orjson
from django.db.models import Q

from catalog.kinds import KINDS, Kind
from catalog.models import FormerSlug, Revision

Payload = dict[str, Any]


def payload_of(revision: Revision) -> Payload:
    """What an entry was after a revision, in today's shape; other entries by the slugs that they had then."""
    payload: Payload = read(KINDS[revision.kind], revision.snapshot, revision.shape)
    return payload


def current_payload_of(revision: Revision) -> Payload:
    """The same, with the slugs that other entries have now: what a change can be made from."""
    payload = payload_of(revision)
    return with_present_slugs(KINDS[revision.kind], payload) if isinstance(payload, dict) else payload


def read(kind: Kind, stored: Any, shape: int | None = None, *, keep_unknown: bool = False) -> Any:
    """A stored payload in today's shape; `shape` is the one that it was written in, where that is known. Keys that the
    kind never had are left out, or kept for the validation to name them."""
    if not isinstance(stored, Mapping):
        return stored
    return dict(stored) if shape == kind.form.shape() else kind.form.upgraded(stored, keep_unknown=keep_unknown)


def read_json(kind: Kind, text: str, shape: int | None) -> str:
    """A stored payload in today's shape, as JSON text: the stored text itself where it has that shape already."""
    return text if shape == kind.form.shape() else orjson.dumps(read(kind, orjson.loads(text))).decode()


def changed_in(revision: Revision) -> list[str]:
    """The keys that a revision changed, by their present names; those that were dropped since keep their own. What is
    no list of names is given as it is stored."""
    renamed, changed = KINDS[revision.kind].form.renamed, cast(Any, revision.changed)
    if isinstance(changed, list):
        changed = [renamed.get(key, key) if isinstance(key, str) else key for key in changed]
    return cast(list[str], changed)


def readable_changes(revision: Revision) -> list[str]:
    """The same, without what is no name of a key."""
    changed = changed_in(revision)
    return [key for key in changed if isinstance(key, str)] if isinstance(changed, list) else []


def dropped_from(revision: Revision) -> Payload:
    """The values of keys that the kind has dropped since."""
    dropped, snapshot = KINDS[revision.kind].form.dropped, revision.snapshot
    return {key: value for key, value in snapshot.items() if key in dropped} if isinstance(snapshot, dict) else {}


def with_value(kind: Kind, key: str, value: Any) -> Q:
    """Revisions in which a payload key, under any name that it ever had, holds a value."""
    found = Q(**{f"snapshot__{key}": value})
    for former, present in kind.form.renamed.items():
        if present == key:
            found |= Q(**{f"snapshot__{former}": value})
    return found


def as_object(payload: Any) -> Payload:
    """A payload as it was read; empty where what is stored is no object."""
    return payload if isinstance(payload, dict) else {}


def with_present_slugs(kind: Kind, payload: Mapping[str, Any]) -> Payload:
    """A payload in which entries that have moved are called by the slugs that they have now."""
    found = dict(payload)
    slugs = {slug for _, slug in kind.form.references(payload)}
    for former in FormerSlug.objects.filter(slug__in=slugs).order_by("pk") if slugs else ():
        rows = KINDS[former.kind].model.objects.filter(pk=former.entry_id)
        if present := rows.values_list("slug", flat=True).first():
            found = kind.form.repointed(found, former.kind, former.slug, present)
    return found
