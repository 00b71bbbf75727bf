"""Questions asked of the ledger: what changed, who says so, since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
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
    """Which revision gave a value its present form. `item` is a row or text of a list field, or the whole value."""

    field: str
    label: str
    item: Any
    revision: Revision
    sources: list[dict[str, str]]


def differences(kind: Kind, before: Revision | None, after: Revision) -> list[FieldChange]:
    """The fields in which two revisions of a kind differ, in the payload's order; then those dropped since, as they
    were."""
    old = as_object(payload_of(before)) if before else kind.form.empty()
    gone_before, gone_after = dropped_from(before) if before else {}, dropped_from(after)
    return payload_differences(kind, {**old, **gone_before}, {**as_object(payload_of(after)), **gone_after})


def payload_differences(kind: Kind, before: Payload, after: Payload) -> list[FieldChange]:
    """The fields in which two payloads of a kind differ, in their order; a key that one of them lacks counts as empty
    there."""
    empty = kind.form.empty()
    pairs = (
        (key, before.get(key, empty.get(key, "")), after.get(key, empty.get(key, ""))) for key in {**before, **after}
    )
    return [FieldChange(key, kind.label_of(key), old, new) for key, old, new in pairs if old != new]


def blame(kind: Kind, revisions: Sequence[Revision]) -> list[Blame]:
    """Per value of the newest snapshot: the revision that brought it. `revisions` is the whole history, oldest
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
        rows += [Blame(key, label, item, _bringer(revisions, payloads, key, item), sources) for item in items]
    return rows


def _bringer(revisions: Sequence[Revision], payloads: Sequence[Payload], key: str, item: Any) -> Revision:
    """The first revision of the unbroken run, up to the newest, in which the value holds `item`."""
    bringer = revisions[-1]
    for revision, payload in zip(reversed(revisions), reversed(payloads), strict=True):
        value = payload.get(key)
        if value != item and not (isinstance(value, list) and item in value):
            break
        bringer = revision
    return bringer


def as_of(kind: Kind, entry_id: int, day: date) -> Revision | None:
    """The revision of an entry that was the newest at the end of a day (UTC); None before its first."""
    end = datetime.combine(day, time.max, UTC)
    return Revision.objects.of(kind.name, entry_id).filter(at__lte=end).last()


def before_each(revisions: Iterable[Revision]) -> dict[int, Revision]:
    """The revision before each of these, by id, in one query; the first of an entry has none."""
    wanted = [revision for revision in revisions if revision.number > 1]
    if not wanted:
        return {}
    found = Revision.objects.filter(
        entry_id__in={revision.entry_id for revision in wanted},
        kind__in={revision.kind for revision in wanted},
        number__in={revision.number - 1 for revision in wanted},
    )
    by_place = {(row.kind, row.entry_id, row.number): row for row in found}
    return {
        revision.pk: by_place[place]
        for revision in wanted
        if (place := (revision.kind, revision.entry_id, revision.number - 1)) in by_place
    }
