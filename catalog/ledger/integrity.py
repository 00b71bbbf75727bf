"""Check that the ledger and the live entries agree, for `manage.py verify_ledger`."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min

from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import changed_in, current_payload_of, payload_of, unreadable_keys
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction

CHUNK_SIZE = 500


def find_errors() -> Iterator[str]:
    """One sentence per inconsistency."""
    yield from _numbering_errors()
    yield from _change_errors()
    for kind in KINDS.values():
        yield from _kind_errors(kind)


def _numbering_errors() -> Iterator[str]:
    """Histories that are not numbered 1, 2, 3 …"""
    rows = Revision.objects.order_by().values("kind", "entry_id")
    for row in rows.annotate(n=Count("pk"), first=Min("number"), last=Max("number")).iterator():
        if (row["first"], row["last"]) != (1, row["n"]):
            yield f"{row['kind']} {row['entry_id']}: revisions are not numbered 1 to {row['n']}."


def _change_errors() -> Iterator[str]:
    """Edits whose `changed` does not match the difference of the snapshots."""
    rows = Revision.objects.order_by("kind", "entry_id", "number")
    former: Revision | None = None
    for row in rows.only("kind", "entry_id", "number", "action", "snapshot", "shape", "changed").iterator(CHUNK_SIZE):
        if keys := list(unreadable_keys(row)):
            revision = f"{row.kind} {row.entry_id}: revision {row.number}"
            yield f"{revision} has {', '.join(keys)}: no field of the form, and not listed as renamed or dropped."
        follows = former and (former.kind, former.entry_id, former.number + 1) == (row.kind, row.entry_id, row.number)
        if former and follows and row.action == RevisionAction.EDIT:
            before, after, named = payload_of(former), payload_of(row), set(changed_in(row))
            differ = sorted(key for key, value in after.items() if value != before[key])
            if not named & after.keys() <= set(differ) or (differ and not named):
                logged = ", ".join(row.changed) or "nothing"
                revision = f"{row.kind} {row.entry_id}: revision {row.number}"
                yield f"{revision} says that {logged} changed, and its snapshot says {', '.join(differ) or 'nothing'}."
        former = row


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
        stored = payload_of(newest)
        if stored != payload:
            stored = current_payload_of(newest)
        if fields := [key for key, value in payload.items() if stored[key] != value]:
            yield f"{name}: the live entry differs from revision {newest.number} in {', '.join(fields)}."
