"""Which references a merge replaced, and how they go back when the merged entry is restored.

A merge writes a revision at each entry that refers to the duplicate, and each of them is a part of the merge
(`Revision.part_of_id`). Restoring the duplicate takes back what those revisions did, item by item: a reference goes
back if the item that the merge wrote is there still. Later merges and renames of the entry that stayed do not count as
changes; an edit does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.ledger.own_slugs import counterpart, items_of_value, own_slugs, with_own_slugs
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Entry, Revision, RevisionAction

KEPT = "\n\nNot given back, because it was changed since: "


@dataclass(frozen=True)
class GivingBack:
    """The payloads in which entries refer to the restored one again, and the names of those that stay as they are."""

    payloads: list[tuple[Entry, dict[str, Any]]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def with_kept_references(comment: str, kept: Sequence[str]) -> str:
    """The comment of a restoration, with the references that stay as they are."""
    return f"{comment}{KEPT}{'; '.join(kept)}." if kept else comment


def kept_references(restoration: Revision) -> str:
    """The names of what a restoration could not give back, as its comment has them; empty if there is nothing."""
    return restoration.comment.partition(KEPT)[2].rstrip(".")


def plan_giving_back(removal: Revision) -> GivingBack:
    """What restoring a merged entry gives back; nothing for a retired one. The entry must be live again."""
    plan = GivingBack()
    if removal.action != RevisionAction.MERGE:
        return plan
    for part in Revision.objects.parts_of(removal):
        kind = KINDS[part.kind]
        entry: Entry | None = kind.model.objects.with_references().filter(pk=part.entry_id).first()
        if entry is None:
            plan.kept.append(f"{part.name} (it is not in the catalogue any more)")
            continue
        live = kind.dump(entry)
        payload, kept = _given_back(kind, removal, part, live)
        plan.kept.extend(f"{entry} ({kind.label_of(key).lower()})" for key in kept)
        if payload != live:
            plan.payloads.append((entry, payload))
    return plan


def live_entry(kind: Kind, entry_id: int | None) -> Entry | None:
    """The entry with this id, or the one that it was merged into, and so on; None if that one was retired."""
    seen = set[int]()
    while entry_id is not None and entry_id not in seen:
        seen.add(entry_id)
        entry: Entry | None = kind.model.objects.with_references().filter(pk=entry_id).first()
        if entry is not None:
            return entry
        last = Revision.objects.of(kind.name, entry_id).last()
        entry_id = last.into_id if last and last.action == RevisionAction.MERGE else None
    return None


def _given_back(
    kind: Kind, removal: Revision, part: Revision, live: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The live payload with what a part of the merge replaced, and the fields in which that was changed since."""
    history = list(Revision.objects.of(kind.name, part.entry_id).filter(number__gte=part.number - 1))
    read = [as_object(payload_of(revision)) for revision in history]
    slugs = own_slugs((kind, payload) for payload in read)
    payloads = [with_own_slugs(kind, payload, slugs) for payload in read]
    given, kept = dict(live), list[str]()
    for key in kind.form.reference_keys():
        values = [payload.get(key) for payload in payloads]
        for item in items_of_value(values[0]):
            written = None if item in items_of_value(values[1]) else counterpart(kind, key, item, values[1])
            if written is None:
                continue
            later = list(zip(history[2:], values[2:], strict=True))
            present, is_changed = _followed(_Item(kind, key, written), later, removal)
            if is_changed:
                kept.append(key)
            elif present is not None:
                given[key] = _put_back(given[key], present, item, was_there=written in items_of_value(values[0]))
    return given, list(dict.fromkeys(kept))


@dataclass(frozen=True)
class _Item:
    """An item of a list field, or the value of another field, as a part of a merge wrote it."""

    kind: Kind
    key: str
    written: Any


def _followed(item: _Item, later: Sequence[tuple[Revision, Any]], removal: Revision) -> tuple[Any, bool]:
    """What an item has become after these revisions with the values of its field, and whether somebody changed it.

    Later merges and their restorations carry it on. Restoring what was merged before has given it back already: then
    it is neither there nor changed.
    """
    present = item.written
    for revision, value in later:
        if present in items_of_value(value):
            continue
        if revision.part_of_id is None:
            return None, True
        if _gives_back_an_older_merge(revision, removal):
            return None, False
        present = counterpart(item.kind, item.key, present, value)
        if present is None:
            return None, True
    return present, False


def _gives_back_an_older_merge(part: Revision, removal: Revision) -> bool:
    """Whether a revision is a part of the restoration of what was merged before `removal`."""
    whole = Revision.objects.get(pk=part.part_of_id or 0)
    if whole.action != RevisionAction.RESTORE:
        return False
    undone = Revision.objects.of(whole.kind, whole.entry_id).get(number=whole.number - 1)
    return undone.pk < removal.pk


def _put_back(value: Any, present: Any, item: Any, *, was_there: bool) -> Any:
    """The value with `item` in the place of `present`, or before it if the entry had both before the merge."""
    if not isinstance(value, list):
        return item
    place = value.index(present)
    return [*value[:place], item, *value[place + (not was_there) :]]
