"""Whether the ledger and the live entries agree: what `manage.py verify_ledger` asks."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Max, Min

from catalog.kinds import KINDS, Kind
from catalog.models import Action, Entry, FormerSlug, Revision

GONE = (Action.RETIRE, Action.MERGE)
AT_ONCE = 500


def troubles() -> Iterator[str]:
    """A sentence for each thing that does not agree; none when all is well."""
    yield from _gaps()
    yield from _changes()
    for kind in KINDS.values():
        yield from _kind(kind)


def _gaps() -> Iterator[str]:
    """Histories whose numbers are not 1, 2, 3 …"""
    rows = Revision.objects.order_by().values("kind", "entry_id")
    for row in rows.annotate(n=Count("pk"), first=Min("number"), last=Max("number")).iterator():
        if (row["first"], row["last"]) != (1, row["n"]):
            yield f"{row['kind']} {row['entry_id']}: revisions are not numbered 1 to {row['n']}."


def _changes() -> Iterator[str]:
    """Edits that name other fields as changed than those in which their snapshots differ."""
    rows = Revision.objects.order_by("kind", "entry_id", "number")
    former: Revision | None = None
    for row in rows.only("kind", "entry_id", "number", "action", "snapshot", "changed").iterator(AT_ONCE):
        follows = former and (former.kind, former.entry_id, former.number + 1) == (row.kind, row.entry_id, row.number)
        if former and follows and row.action == Action.EDIT:
            before = former.snapshot
            differ = sorted(key for key, value in row.snapshot.items() if value != before.get(key))
            if not set(row.changed) <= set(differ) or (differ and not row.changed):
                said = ", ".join(row.changed) or "nothing"
                place = f"{row.kind} {row.entry_id}: revision {row.number}"
                yield f"{place} says that {said} changed, and its snapshot says {', '.join(differ) or 'nothing'}."
        former = row


def _kind(kind: Kind) -> Iterator[str]:
    newest = Revision.objects.filter(kind=kind.name).order_by().values("entry_id").annotate(last=Max("number"))
    last = {row["entry_id"]: row["last"] for row in newest.iterator()}
    live: set[int] = set()
    ids = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        ends = {row.entry_id: row for row in _newest(kind, some, last)}
        for entry in kind.model.objects.with_references().filter(pk__in=some):
            live.add(entry.pk)
            yield from _entry(kind, entry, ends.get(entry.pk))
    missing = [pk for pk in last if pk not in live]
    for start in range(0, len(missing), AT_ONCE):
        for row in _newest(kind, missing[start : start + AT_ONCE], last):
            if row.action not in GONE:
                yield f"{kind.name} {row.slug}: the ledger says it is live, and there is no such entry."


def _newest(kind: Kind, ids: list[int], last: dict[int, int]) -> list[Revision]:
    rows = Revision.objects.filter(kind=kind.name, entry_id__in=ids).order_by("entry_id", "-number")
    return [row for row in rows if row.number == last[row.entry_id]]


def _entry(kind: Kind, entry: Entry, end: Revision | None) -> Iterator[str]:
    name = f"{kind.name} {entry.slug}"
    if end is None:
        yield f"{name}: it is live, and the ledger does not know it."
    elif end.action in GONE:
        yield f"{name}: the ledger says that it was {end.get_action_display()}, and it is live."
    elif (end.number, end.slug) != (entry.revision, entry.slug):
        yield f"{name}: it is at revision {entry.revision}, the ledger at {end.number} ({end.slug})."
    else:
        payload = kind.dump(entry)
        snapshot = end.snapshot if end.snapshot == payload else with_present_slugs(kind, end.snapshot)
        if fields := [key for key, value in payload.items() if snapshot.get(key) != value]:
            yield f"{name}: the live entry differs from revision {end.number} in {', '.join(fields)}."


def with_present_slugs(kind: Kind, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """A snapshot in which entries that have moved since are called by the slugs that they have now."""
    found = dict(snapshot)
    for former in FormerSlug.objects.filter(slug__in=set(_texts(found))).order_by("pk"):
        model = KINDS[former.kind].model
        if present := model.objects.filter(pk=former.entry_id).values_list("slug", flat=True).first():
            found = kind.form.repointed(found, model, former.slug, present)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every short text in a payload."""
    if isinstance(value, str) and len(value) <= 100:
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)
