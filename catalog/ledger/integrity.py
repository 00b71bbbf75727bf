"""Check that the ledger and the live entries agree, for `manage.py verify_ledger`."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min

from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import changed_in, current_payload_of, payload_of, unreadable_keys
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction

CHUNK_SIZE = 500


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


def _changes() -> Iterator[str]:
    """Edits whose `changed` does not match the difference of the snapshots."""
    rows = Revision.objects.order_by("kind", "entry_id", "number")
    former: Revision | None = None
    for row in rows.only("kind", "entry_id", "number", "action", "snapshot", "shape", "changed").iterator(CHUNK_SIZE):
        if keys := list(unreadable_keys(row)):
            place = f"{row.kind} {row.entry_id}: revision {row.number}"
            yield f"{place} has {', '.join(keys)}: no field of the form, and not listed as renamed or dropped."
        follows = former and (former.kind, former.entry_id, former.number + 1) == (row.kind, row.entry_id, row.number)
        if former and follows and row.action == RevisionAction.EDIT:
            before, after, named = payload_of(former), payload_of(row), set(changed_in(row))
            differ = sorted(key for key, value in after.items() if value != before[key])
            if not named & after.keys() <= set(differ) or (differ and not named):
                logged = ", ".join(row.changed) or "nothing"
                place = f"{row.kind} {row.entry_id}: revision {row.number}"
                yield f"{place} says that {logged} changed, and its snapshot says {', '.join(differ) or 'nothing'}."
        former = row


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
        kept = payload_of(end)
        if kept != payload:
            kept = current_payload_of(end)
        if fields := [key for key, value in payload.items() if kept[key] != value]:
            yield f"{name}: the live entry differs from revision {end.number} in {', '.join(fields)}."
