"""Check that the ledger and the live entries agree, for `manage.py verify_ledger`."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Min

from catalog.forms.fields import json_name
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.ledger.merge_integrity import merge_errors
from catalog.ledger.payloads import changed_in, current_payload_of, has_joined_fields, payload_of, read
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction

CHUNK_SIZE = 500
UNKNOWN = "no field of the form, and not listed as renamed or dropped"


def find_errors() -> Iterator[str]:
    """One sentence per inconsistency."""
    yield from _numbering_errors()
    yield from _change_errors()
    yield from merge_errors()
    for kind in KINDS.values():
        yield from _kind_errors(kind)


def _numbering_errors() -> Iterator[str]:
    """Histories that are not numbered 1, 2, 3 …"""
    rows = Revision.objects.order_by().values("kind", "entry_id")
    for row in rows.annotate(n=Count("pk"), first=Min("number"), last=Max("number")).iterator():
        if (row["first"], row["last"]) != (1, row["n"]):
            slug = Revision.objects.of(row["kind"], row["entry_id"]).values_list("slug", flat=True).last()
            yield f"{row['kind']} {slug}: revisions are not numbered 1 to {row['n']}."


def payload_errors_of(kind: Kind, stored: Any, shape: int | None = None) -> Iterator[str]:
    """What is wrong with a stored payload; each message continues a sentence that begins with its place."""
    if not isinstance(stored, dict):
        yield f": the payload must be an object, not {json_name(stored)}."
        return
    if unknown := kind.form.unknown_keys(stored):
        yield f" has {', '.join(unknown)}: {UNKNOWN}."
    if shape == kind.form.shape():
        keys = kind.form.payload_keys()
        if missing := [key for key in keys if key not in stored]:
            yield f" lacks {', '.join(missing)}, although its shape is today's."
        if former := [key for key in stored if key not in keys and key not in unknown]:
            yield f" has {', '.join(former)}, although its shape is today's."
    known = read(kind, {key: value for key, value in stored.items() if key not in unknown}, keep_unknown=True)
    for key, messages in payload_errors(kind.form, known).items():
        yield from (f", {key}: {message}" for message in messages)


def _change_errors() -> Iterator[str]:
    """Revisions that cannot be read, and edits whose `changed` does not match the difference of the snapshots."""
    rows = Revision.objects.order_by("kind", "entry_id", "number")
    former: Revision | None = None
    columns = ("kind", "entry_id", "slug", "number", "action", "snapshot", "shape", "changed")
    for row in rows.only(*columns).iterator(CHUNK_SIZE):
        revision = f"{row.kind} {row.slug}: revision {row.number}"
        if row.kind not in KINDS:
            yield f"{revision} is of an unknown kind."
            continue
        yield from (f"{revision}{error}" for error in payload_errors_of(KINDS[row.kind], row.snapshot, row.shape))
        follows = former and (former.kind, former.entry_id, former.number + 1) == (row.kind, row.entry_id, row.number)
        yield from (f"{revision}{error}" for error in errors_of_changed(row, former if follows else None))
        former = row


def errors_of_changed(row: Revision, former: Revision | None) -> Iterator[str]:
    """Whether `changed` is a list of known fields and, for an edit, of those that differ from the revision before;
    messages as of `payload_errors_of`."""
    if not (isinstance(row.changed, list) and all(isinstance(key, str) for key in row.changed)):
        yield f": what it says changed must be a list of fields, not {json.dumps(row.changed, ensure_ascii=False)}."
        return
    form = KINDS[row.kind].form
    logged, named = ", ".join(row.changed) or "nothing", {key for key in changed_in(row) if key not in form.dropped}
    if any(key in form.dropped for key in row.changed):
        named -= {"sources"}  # those of a dropped field are no longer read
    if has_joined_fields(row) or (former and has_joined_fields(former)):
        named -= {form.renamed[key] for key in form.joined}  # several fields became one, which may be what it was
    after, before = payload_of(row), payload_of(former) if former else None
    if row.action == RevisionAction.EDIT and isinstance(after, dict) and isinstance(before, dict):
        before, after = {**form.empty(), **before}, {**form.empty(), **after}
        differ = sorted(key for key in form.payload_keys() if after[key] != before[key])
        if not named <= set(differ) or (differ and not row.changed):
            yield f" says that {logged} changed, and its snapshot says {', '.join(differ) or 'nothing'}."
    elif not named <= set(form.payload_keys()):
        yield f" says that {logged} changed: {UNKNOWN}."


def _kind_errors(kind: Kind) -> Iterator[str]:
    newest = Revision.objects.filter(kind=kind.name).order_by().values("entry_id").annotate(last=Max("number"))
    last = {row["entry_id"]: row["last"] for row in newest.iterator()}
    live: set[int] = set()
    ids = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK_SIZE):
        chunk = ids[start : start + CHUNK_SIZE]
        newest_by_id = {row.entry_id: row for row in _newest_revisions(kind, chunk, last)}
        for entry in kind.model.objects.with_references().filter(pk__in=chunk):
            live.add(entry.pk)
            yield from _entry_errors(kind, entry, newest_by_id.get(entry.pk))
    missing = [pk for pk in last if pk not in live]
    for start in range(0, len(missing), CHUNK_SIZE):
        for row in _newest_revisions(kind, missing[start : start + CHUNK_SIZE], last):
            if row.action not in REMOVED_ACTIONS:
                yield f"{kind.name} {row.slug}: the ledger says it is live, and there is no such entry."


def _newest_revisions(kind: Kind, ids: list[int], last: dict[int, int]) -> list[Revision]:
    rows = Revision.objects.filter(kind=kind.name, entry_id__in=ids).order_by("entry_id", "-number")
    return [row for row in rows if row.number == last[row.entry_id]]


def _entry_errors(kind: Kind, entry: Entry, newest: Revision | None) -> Iterator[str]:
    name = f"{kind.name} {entry.slug}"
    if newest is None:
        yield f"{name}: it is live, and the ledger does not know it."
    elif newest.action in REMOVED_ACTIONS:
        yield f"{name}: the ledger says that it was {newest.get_action_display()}, and it is live."
    elif (newest.number, newest.slug) != (entry.revision, entry.slug):
        yield f"{name}: it is at revision {entry.revision}, the ledger at {newest.number} ({newest.slug})."
    else:
        payload = kind.dump(entry)
        stored: Any = payload_of(newest)
        if stored != payload:
            stored = current_payload_of(newest)
        if not isinstance(stored, dict):
            return  # what is wrong with the snapshot itself is reported with the changes
        stored = {**kind.form.empty(), **stored}
        if fields := [key for key, value in payload.items() if stored[key] != value]:
            yield f"{name}: the live entry differs from revision {newest.number} in {', '.join(fields)}."
