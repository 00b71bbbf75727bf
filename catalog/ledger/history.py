"""The history of entries: differences, blame, and revisions as of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
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


def differences(kind: Kind, before: Revision | None, after: Revision) -> list[FieldChange]:
    """The fields in which two revisions of a kind differ, in the payload's order, then fields that were dropped since.

    `before` None compares with an empty payload.
    """
    old = as_object(payload_of(before)) if before else kind.form.empty()
    dropped_before, dropped_after = dropped_from(before) if before else {}, dropped_from(after)
    return payload_differences(kind, {**old, **dropped_before}, {**as_object(payload_of(after)), **dropped_after})


def payload_differences(kind: Kind, before: Payload, after: Payload) -> list[FieldChange]:
    """The fields in which two payloads of a kind differ, in the payload's order; a missing key counts as empty."""
    empty = kind.form.empty()
    pairs = (
        (key, before.get(key, empty.get(key, "")), after.get(key, empty.get(key, ""))) for key in {**before, **after}
    )
    return [FieldChange(key, kind.label_of(key), old, new) for key, old, new in pairs if old != new]


def blame(kind: Kind, revisions: Sequence[Revision]) -> list[Blame]:
    """For each value of the newest snapshot, the revision that set it. `revisions` is all of an entry's history, oldest
    first."""
    if not revisions:
        return []
    payloads = [as_object(payload_of(revision)) for revision in revisions]
    newest = payloads[-1]
    listed = newest["sources"] if isinstance(newest.get("sources"), list) else []
    rows = []
    for key in kind.form.payload_keys():
        value = newest.get(key)
        if key == "sources" or is_blank(value):
            continue
        sources = [row for row in listed if isinstance(row, dict) and row.get("field") == key]
        items = value if isinstance(value, list) else [value]
        label = kind.label_of(key)
        rows += [Blame(key, label, item, _introduced_by(revisions, payloads, key, item), sources) for item in items]
    return rows


def _introduced_by(revisions: Sequence[Revision], payloads: Sequence[Payload], key: str, item: Any) -> Revision:
    """The first of the latest consecutive revisions whose value is or contains `item`."""
    introduced = revisions[-1]
    for revision, payload in zip(reversed(revisions), reversed(payloads), strict=True):
        value = payload.get(key)
        if value != item and not (isinstance(value, list) and item in value):
            break
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
