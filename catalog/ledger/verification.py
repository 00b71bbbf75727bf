"""Check that the ledger and the live entries agree, for `manage.py verify_ledger`."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Min

from catalog.forms.fields import json_name
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import changed_in, current_payload_of, payload_of, read
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction

CHUNK_SIZE = 500
UNKNOWN = "no field of the form, and not listed as renamed or dropped"


def find_errors() -> Iterator[str]:
    """A sentence for each inconsistency."""
    yield from _gaps()
    yield from _changes()
    for kind in KINDS.values():
        yield from _kind(kind)


def _gaps() -> Iterator[str]:
    """Histories that are not numbered 1, 2, 3 …"""
    rows = Revision.objects.order_by().values("kind", "entry_id")
    for row in rows.annotate(n=Count("pk"), first=Min("number"), last=Max("number")).iterator():
        if (row["first"], row["last"]) != (1, row["n"]):
            yield f"{row['kind']} {row['entry_id']}: revisions are not numbered 1 to {row['n']}."


def payload_faults(kind: Kind, stored: Any, shape: int | None = None) -> Iterator[str]:
    """What is wrong with a stored payload, each the rest of a sentence that begins with its place."""
    if not isinstance(stored, dict):
        yield f": the payload must be an object, not {json_name(stored)}."
        return
    if unknown := kind.form.unknown_keys(stored):
        yield f" has {', '.join(unknown)}: {UNKNOWN}."
    if shape == kind.form.shape():
        keys = kind.form.payload_keys()
        if missing := [key for key in keys if key not in stored]:
            yield f" lacks {', '.join(missing)}, although its shape is today's."
        if retired := [key for key in stored if key not in keys and key not in unknown]:
            yield f" has {', '.join(retired)}, although its shape is today's."
    known = read(kind, {key: value for key, value in stored.items() if key not in unknown}, keep_unknown=True)
    for key, messages in payload_errors(kind.form, known).items():
        yield from (f", {key}: {message}" for message in messages)


def _changes() -> Iterator[str]:
    """Revisions that cannot be read, and edits whose `changed` does not match the difference of the snapshots."""
    rows = Revision.objects.order_by("kind", "entry_id", "number")
    former: Revision | None = None
    for row in rows.only("kind", "entry_id", "number", "action", "snapshot", "shape", "changed").iterator(CHUNK_SIZE):
        place = f"{row.kind} {row.entry_id}: revision {row.number}"
        if row.kind not in KINDS:
            yield f"{place} is of an unknown kind."
            continue
        yield from (f"{place}{fault}" for fault in payload_faults(KINDS[row.kind], row.snapshot, row.shape))
        follows = former and (former.kind, former.entry_id, former.number + 1) == (row.kind, row.entry_id, row.number)
        yield from (f"{place}{fault}" for fault in _faults_of_changed(row, former if follows else None))
        former = row


def _faults_of_changed(row: Revision, former: Revision | None) -> Iterator[str]:
    """Whether `changed` can be read, names known fields, and, of an edit, those in which it differs from the revision
    before it; sentences as of `payload_faults`."""
    if not (isinstance(row.changed, list) and all(isinstance(key, str) for key in row.changed)):
        yield f": what it says changed must be a list of fields, not {json.dumps(row.changed, ensure_ascii=False)}."
        return
    form = KINDS[row.kind].form
    logged, named = ", ".join(row.changed) or "nothing", {key for key in changed_in(row) if key not in form.dropped}
    after, before = payload_of(row), payload_of(former) if former else None
    if row.action == RevisionAction.EDIT and isinstance(after, dict) and isinstance(before, dict):
        before, after = {**form.empty(), **before}, {**form.empty(), **after}
        differ = sorted(key for key in form.payload_keys() if after[key] != before[key])
        if not named <= set(differ) or (differ and not row.changed):
            yield f" says that {logged} changed, and its snapshot says {', '.join(differ) or 'nothing'}."
    elif not named <= set(form.payload_keys()):
        yield f" says that {logged} changed: {UNKNOWN}."


def _kind(kind: Kind) -> Iterator[str]:
    newest = Revision.objects.filter(kind=kind.name).order_by().values("entry_id").annotate(last=Max("number"))
    last = {row["entry_id"]: row["last"] for row in newest.iterator()}
    live: set[int] = set()
    ids = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK_SIZE):
        some = ids[start : start + CHUNK_SIZE]
        ends = {row.entry_id: row for row in _newest(kind, some, last)}
        for entry in kind.model.objects.with_references().filter(pk__in=some):
            live.add(entry.pk)
            yield from _entry(kind, entry, ends.get(entry.pk))
    missing = [pk for pk in last if pk not in live]
    for start in range(0, len(missing), CHUNK_SIZE):
        for row in _newest(kind, missing[start : start + CHUNK_SIZE], last):
            if row.action not in REMOVED_ACTIONS:
                yield f"{kind.name} {row.slug}: the ledger says it is live, and there is no such entry."


def _newest(kind: Kind, ids: list[int], last: dict[int, int]) -> list[Revision]:
    rows = Revision.objects.filter(kind=kind.name, entry_id__in=ids).order_by("entry_id", "-number")
    return [row for row in rows if row.number == last[row.entry_id]]


def _entry(kind: Kind, entry: Entry, end: Revision | None) -> Iterator[str]:
    name = f"{kind.name} {entry.slug}"
    if end is None:
        yield f"{name}: it is live, and the ledger does not know it."
    elif end.action in REMOVED_ACTIONS:
        yield f"{name}: the ledger says that it was {end.get_action_display()}, and it is live."
    elif (end.number, end.slug) != (entry.revision, entry.slug):
        yield f"{name}: it is at revision {entry.revision}, the ledger at {end.number} ({end.slug})."
    else:
        payload = kind.dump(entry)
        kept: Any = payload_of(end)
        if kept != payload:
            kept = current_payload_of(end)
        if not isinstance(kept, dict):
            return  # what is wrong with the snapshot itself is told with the changes
        kept = {**kind.form.empty(), **kept}
        if fields := [key for key, value in payload.items() if kept[key] != value]:
            yield f"{name}: the live entry differs from revision {end.number} in {', '.join(fields)}."
