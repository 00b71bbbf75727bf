"""Questions asked of the ledger: what changed, who says so, since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from catalog.kinds import Kind
from catalog.models import Revision

Payload = Mapping[str, Any]
EMPTY: tuple[Any, ...] = ("", None, [], {})

LIST_ACCOUNT = "the-list"
"""The account in whose name a list is imported; what only it has said stands "on the list alone"."""


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


def label_of(kind: Kind, key: str) -> str:
    """The name of a payload field on the page."""
    field = kind.form.base_fields.get(key)
    return str(field.label) if field is not None and field.label else key.replace("_", " ").capitalize()


def differences(kind: Kind, before: Payload, after: Payload) -> list[FieldChange]:
    """The fields in which two snapshots of a kind differ, in the payload's order."""
    empty = kind.form.empty()
    pairs = ((key, before.get(key, empty[key]), after.get(key, empty[key])) for key in kind.form.payload_keys())
    return [FieldChange(key, label_of(kind, key), old, new) for key, old, new in pairs if old != new]


def blame(kind: Kind, revisions: Sequence[Revision]) -> list[Blame]:
    """Per value of the newest snapshot: the revision that brought it. `revisions` is the whole history, oldest
    first."""
    if not revisions:
        return []
    newest = revisions[-1].snapshot
    rows = []
    for key in kind.form.payload_keys():
        value = newest.get(key)
        if key == "sources" or value in EMPTY:
            continue
        sources = [row for row in newest.get("sources", []) if row["field"] == key]
        items = value if isinstance(value, list) else [value]
        rows += [Blame(key, label_of(kind, key), item, _bringer(revisions, key, item), sources) for item in items]
    return rows


def _bringer(revisions: Sequence[Revision], key: str, item: Any) -> Revision:
    """The first revision of the unbroken run, up to the newest, in which the value holds `item`."""
    bringer = revisions[-1]
    for revision in reversed(revisions):
        value = revision.snapshot.get(key)
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
