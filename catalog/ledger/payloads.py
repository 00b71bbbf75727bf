"""Read stored payloads of any age: snapshots of the ledger, and the payloads of proposals.

A stored payload stays as it was written, while its kind adds, renames and drops fields and entries get new slugs.
These functions bring it to the present shape; nothing else reads `Revision.snapshot`.

Damaged values (of a wrong type, or a snapshot that is not an object) are returned as they are stored, so that they
break nothing that is listed beside them; `manage.py verify_ledger` reports them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from django.db.models import Q

from catalog.forms.fields import SlugReference
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.models import FormerSlug, Revision
from catalog.text.documents import without_lone_surrogates

Payload = dict[str, Any]


def payload_of(revision: Revision) -> Payload:
    """The payload of an entry after a revision, in the present shape; references keep the slugs of that time."""
    payload: Payload = read(KINDS[revision.kind], revision.snapshot, revision.shape)
    return payload


def edited_in(revision: Revision) -> Payload:
    """The values that the approver of a revision gave in review, by their present keys."""
    form, edited = KINDS[revision.kind].form, as_object(revision.edited)
    keys = {form.renamed.get(key, key) for key in edited}
    return {key: value for key, value in form.upgraded({**form.empty(), **edited}).items() if key in keys}


def current_payload_of(revision: Revision) -> Payload:
    """The same with the present slugs of other entries, so that a change can be made from it."""
    payload = payload_of(revision)
    return with_present_slugs(KINDS[revision.kind], payload) if isinstance(payload, dict) else payload


def read(kind: Kind, stored: Any, shape: int | None = None, *, keep_unknown: bool = False) -> Any:
    """A stored payload in the present shape; `shape` is the one in which it was written, if known.

    Keys that the kind never had are left out, or kept with `keep_unknown` so that validation reports them.
    """
    if not isinstance(stored, Mapping):
        return stored
    return dict(stored) if shape == kind.form.shape() else kind.form.upgraded(stored, keep_unknown=keep_unknown)


def read_json(kind: Kind, text: str, shape: int | None) -> str:
    """A stored payload in the present shape, as JSON text: the stored text itself if it has that shape, but for halves
    of characters, which no parser takes."""
    text = without_lone_surrogates(text)
    return text if shape == kind.form.shape() else orjson.dumps(read(kind, orjson.loads(text))).decode()


def readable_payload(revision: Revision) -> tuple[Payload, list[str]]:
    """A payload in which each field has a value of its type, and the keys of damaged values, which are empty in it.

    Pages read this; the API gives what is stored.
    """
    form, stored = KINDS[revision.kind].form, payload_of(revision)
    payload, empty = form.upgraded(as_object(stored)), form.empty()
    wrong = payload_errors(form, payload)
    damaged = [key for key in form.payload_keys() if key in wrong or not isinstance(stored, Mapping)]
    return payload | {key: empty[key] for key in damaged}, damaged


def changed_in(revision: Revision) -> list[str]:
    """The keys that a revision changed, by their present names; keys dropped since keep their former names.

    A stored value that is not a list of keys is returned as it is.
    """
    renamed, changed = KINDS[revision.kind].form.renamed, cast(Any, revision.changed)
    if isinstance(changed, list):
        changed = [renamed.get(key, key) if isinstance(key, str) else key for key in changed]
    return cast(list[str], changed)


def readable_changes(revision: Revision) -> list[str]:
    """The same without items that are not keys; empty if the stored value is not a list."""
    changed = changed_in(revision)
    return [key for key in changed if isinstance(key, str)] if isinstance(changed, list) else []


def has_joined_fields(revision: Revision) -> bool:
    """Whether a revision was written with fields that the kind has joined with others since."""
    form, snapshot = KINDS[revision.kind].form, revision.snapshot
    return isinstance(snapshot, dict) and not form.joined.isdisjoint(snapshot)


def dropped_from(revision: Revision) -> Payload:
    """The values of fields that the kind has dropped since, by key."""
    dropped, snapshot = KINDS[revision.kind].form.dropped, revision.snapshot
    return {key: value for key, value in snapshot.items() if key in dropped} if isinstance(snapshot, dict) else {}


def with_value(kind: Kind, key: str, value: Any) -> Q:
    """A condition on revisions: a payload key, under any name that it ever had, has this value."""
    condition = Q(**{f"snapshot__{key}": value})
    for former, present in kind.form.renamed.items():
        if present == key:
            condition |= Q(**{f"snapshot__{former}": value})
    return condition


def as_object(payload: Any) -> Payload:
    """The payload itself if it is an object, otherwise an empty one."""
    return payload if isinstance(payload, dict) else {}


def with_present_slugs(kind: Kind, payload: Mapping[str, Any]) -> Payload:
    """The payload with the present slugs of entries whose slug has changed."""
    return all_with_present_slugs(kind, [payload])[0]


def all_with_present_slugs(kind: Kind, payloads: Sequence[Mapping[str, Any]]) -> list[Payload]:
    """The same for several payloads, in as many queries as for one."""
    present: dict[SlugReference, str] = {}
    slugs = {slug for payload in payloads for _, slug in kind.form.references(payload)}
    moved: dict[str, list[str]] = {}
    for name, slug in FormerSlug.objects.filter(slug__in=slugs).values_list("kind", "slug") if slugs else ():
        moved.setdefault(name, []).append(slug)
    for name, former_slugs in moved.items():
        ids = FormerSlug.objects.entry_ids(name, former_slugs)
        rows = dict(KINDS[name].model.objects.filter(pk__in=ids.values()).order_by().values_list("pk", "slug"))
        present |= {(name, former): rows[pk] for former, pk in ids.items() if pk in rows}
    return [kind.form.with_references_replaced(payload, present) for payload in payloads]
