"""The history of entries: differences, blame, and revisions as of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
from catalog.ledger.own_slugs import Slugs, counterpart, items_of_value, own_slugs, with_own_slugs
from catalog.ledger.payloads import as_object, dropped_from, payload_of
from catalog.models import Revision

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class FieldChange:
    """One payload field in two snapshots; `before` and `after` are payload values."""

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Blame:
    """Which revision set a value. `item` is a row or text of a list field, else the complete value."""

    field: str
    label: str
    item: Any
    revision: Revision
    sources: list[dict[str, str]]


def differences(
    kind: Kind, before: Revision | None, after: Revision, *, slugs: Slugs | None = None
) -> list[FieldChange]:
    """The fields in which two revisions of a kind differ, in the payload's order, then fields that were dropped since.

    References have the present slugs of what they named, so that a rename is no difference; `slugs` are the
    `own_slugs` of both, if they are known. `before` None compares with an empty payload.
    """
    old = as_object(payload_of(before)) if before else kind.form.empty()
    new = as_object(payload_of(after))
    slugs = own_slugs([(kind, old), (kind, new)]) if slugs is None else slugs
    dropped_before, dropped_after = dropped_from(before) if before else {}, dropped_from(after)
    return payload_differences(kind, {**old, **dropped_before}, {**new, **dropped_after}, slugs)


def payload_differences(kind: Kind, before: Payload, after: Payload, slugs: Slugs | None = None) -> list[FieldChange]:
    """The fields in which two payloads of a kind differ, in the payload's order; a missing key counts as empty.

    `slugs` are as for `differences`.
    """
    empty = kind.form.empty()
    before, after = (with_own_slugs(kind, dict(payload), slugs or {}) for payload in (before, after))
    pairs = (
        (key, before.get(key, empty.get(key, "")), after.get(key, empty.get(key, ""))) for key in {**before, **after}
    )
    return [FieldChange(key, kind.label_of(key), old, new) for key, old, new in pairs if old != new]


def blame(kind: Kind, revisions: Sequence[Revision], slugs: Slugs | None = None) -> list[Blame]:
    """For each value of the newest snapshot, the revision that set it. `revisions` is all of an entry's history, oldest
    first; `slugs` are the `own_slugs` of it, if they are known.

    Renaming or merging what a value refers to does not set it.
    """
    if not revisions:
        return []
    payloads = [as_object(payload_of(revision)) for revision in revisions]
    newest = payloads[-1]
    slugs = own_slugs((kind, payload) for payload in payloads) if slugs is None else slugs
    history = list(zip(revisions, [with_own_slugs(kind, payload, slugs) for payload in payloads], strict=True))
    listed = newest["sources"] if isinstance(newest.get("sources"), list) else []
    rows = []
    for key in kind.form.payload_keys():
        value = newest.get(key)
        if key == "sources" or is_blank(value):
            continue
        sources = [row for row in listed if isinstance(row, dict) and row.get("field") == key]
        items = value if isinstance(value, list) else [value]
        label = kind.label_of(key)
        for item in items:
            own = with_own_slugs(kind, {key: [item] if isinstance(value, list) else item}, slugs)[key]
            set_by = _introduced_by(kind, history, key, own[0] if isinstance(value, list) else own)
            rows.append(Blame(key, label, item, set_by, sources))
    return rows


def _introduced_by(kind: Kind, history: Sequence[tuple[Revision, Payload]], key: str, item: Any) -> Revision:
    """The first of the latest consecutive revisions whose value is or contains `item`, or what a merge made it from."""
    introduced = history[-1][0]
    for revision, payload in reversed(history):
        value = payload.get(key)
        if item not in items_of_value(value):
            former = counterpart(kind, key, item, value) if introduced.part_of_id is not None else None
            if former is None:
                break
            item = former
        introduced = revision
    return introduced


def as_of(kind: Kind, entry_id: int, at: datetime) -> Revision | None:
    """The newest revision of an entry at a time; None before its first."""
    return Revision.objects.of(kind.name, entry_id).filter(at__lte=at).last()


def previous_revisions(revisions: Iterable[Revision]) -> dict[int, Revision]:
    """The previous revision of the same entry for each of these, by id, in one query; first revisions have none."""
    later = [revision for revision in revisions if revision.number > 1]
    if not later:
        return {}
    candidates = Revision.objects.filter(
        entry_id__in={revision.entry_id for revision in later},
        kind__in={revision.kind for revision in later},
        number__in={revision.number - 1 for revision in later},
    )
    by_number = {(row.kind, row.entry_id, row.number): row for row in candidates}
    return {
        revision.pk: by_number[key]
        for revision in later
        if (key := (revision.kind, revision.entry_id, revision.number - 1)) in by_number
    }
