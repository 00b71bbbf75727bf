"""The history of entries: differences, and revisions as of a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.kinds import Kind
from catalog.ledger.own_slugs import Slugs, own_slugs, with_own_slugs
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
