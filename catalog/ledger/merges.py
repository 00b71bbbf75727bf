"""Which references a merge replaced, and how they go back when the merged entry is restored.

A merge writes a revision at each entry that refers to the duplicate, and each of them is a part of the merge
(`Revision.part_of_id`). Restoring the duplicate takes back what those revisions did, item by item: a reference goes
back if nobody has taken the item out since. Later merges and renames of the entry that stayed do not count as changes
(`catalog.ledger.moved_references`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.ledger.indexing.sourcing import histories_of
from catalog.ledger.moved_references import Item, items_through, moves_of
from catalog.ledger.own_slugs import Slugs, own_slugs, with_own_slugs
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Entry, Revision, RevisionAction

MAX_REFERENCES = 300
"""How many entries a merge or a restoration in a web request may change: it is one transaction, of 4 to 9 s then."""

KEPT = "\n\nNot given back, because it was changed since: "
"""Begins the portal's own paragraph in the comment of a restoration; no reason that a person gives has it."""


@dataclass(frozen=True)
class GivingBack:
    """The payloads in which entries refer to the restored one again, and the names of those that stay as they are."""

    payloads: list[tuple[Entry, dict[str, Any]]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def with_kept_references(comment: str, kept: Sequence[str]) -> str:
    """The comment of a restoration, with the references that stay as they are.

    A person's words that read like that paragraph become part of the one before.
    """
    words = f" {KEPT.strip()} ".join(part.rstrip() for part in comment.split(KEPT))
    return words + (f"{KEPT}{'; '.join(kept)}." if kept else "")


def kept_references(restoration: Revision) -> str:
    """The names of what a restoration could not give back, as its comment has them; empty if there is nothing."""
    return restoration.comment.partition(KEPT)[2].removesuffix(".")


def too_many_references_message(entry: Entry, count: int, most: int) -> str:
    """Why an entry cannot be merged, as a sentence, and what to do."""
    return (
        f"{count} entries refer to {entry}, and one merge changes {most} at most: let some of them refer to the entry "
        "that stays first, by edits."
    )


def too_many_to_give_back_message(name: str, count: int, most: int) -> str:
    """Why a merge cannot be undone in one request, and what can undo it."""
    return (
        f"Undoing this merge changes {count} entries that referred to {name}, and one request changes {most} at most. "
        "A rollback, which the background worker carries out, can undo it."
    )


def is_kept(restoration: Revision, name: str) -> bool:
    """Whether the comment of a restoration names an entry, with this very name, whose form refused its reference."""
    return f"; {name};" in f"; {kept_references(restoration)};"


def plan_giving_back(removal: Revision, parts: Sequence[Revision] | None = None) -> GivingBack:
    """What restoring a merged entry gives back, of all that the merge replaced or of some of its `parts`; nothing for
    a retired entry. The entry must be live again."""
    plan = GivingBack()
    if removal.action == RevisionAction.MERGE:
        _plan_parts(plan, removal, list(Revision.objects.parts_of(removal)) if parts is None else parts)
    return plan


def references_to_give_back(removal: Revision) -> tuple[list[Entry], list[str]]:
    """The entries that would refer to a merged entry again if it were restored, and the names of the references that
    would stay as they are. Entries that are as the merge left them take a query for each kind."""
    plan, unchanged = GivingBack(), list[Entry]()
    parts = list(Revision.objects.parts_of(removal).defer("snapshot"))
    for kind in map(KINDS.__getitem__, dict.fromkeys(part.kind for part in parts)):
        numbers = {part.entry_id: part.number for part in parts if part.kind == kind.name}
        rows = kind.model.objects.filter(pk__in=numbers).order_by("pk")
        unchanged += [entry for entry in rows if entry.revision == numbers[entry.pk]]
    known = {(entry.kind, entry.pk) for entry in unchanged}
    _plan_parts(plan, removal, [part for part in parts if (part.kind, part.entry_id) not in known])
    return [*unchanged, *(entry for entry, _ in plan.payloads)], plan.kept


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


def _plan_parts(plan: GivingBack, removal: Revision, parts: Sequence[Revision]) -> None:
    """Add to the plan what becomes of the references that these parts of a merge replaced; in as many queries for many
    as for one of each kind."""
    ids = {kind: [part.entry_id for part in parts if part.kind == kind] for kind in {part.kind for part in parts}}
    live = {
        (entry.kind, entry.pk): entry
        for name, pks in ids.items()
        for entry in KINDS[name].model.objects.with_references().filter(pk__in=pks)
    }
    histories = {name: histories_of(KINDS[name], pks) for name, pks in ids.items()}
    slugs = own_slugs(
        (KINDS[name], payload_of(revision))
        for name, by_entry in histories.items()
        for history in by_entry.values()
        for revision in history
    )
    for part in parts:
        entry = live.get((part.kind, part.entry_id))
        if entry is None:
            plan.kept.append(f"{part.name} (it is not in the catalogue any more)")
            continue
        kind = KINDS[part.kind]
        current = kind.dump(entry)
        payload, kept = _given_back(kind, removal, histories[part.kind][part.entry_id], slugs, current)
        plan.kept.extend(f"{entry} ({kind.label_of(key).lower()})" for key in kept)
        if payload != current:
            plan.payloads.append((entry, payload))


def _given_back(
    kind: Kind, removal: Revision, history: Sequence[Revision], slugs: Slugs, live: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The live payload without what the merge did to it, and the fields in which somebody changed that since."""
    payloads = [with_own_slugs(kind, as_object(payload_of(revision)), slugs) for revision in history]
    moves = moves_of([revision.part_of_id for revision in history])
    given, kept = dict(live), list[str]()
    for key in kind.form.reference_keys():
        values = [payload.get(key) for payload in payloads]
        items = items_through(kind, key, values, moves)
        moved = [item for item in items if item.is_moved_by(removal.pk)]
        if any(item.is_gone for item in moved):
            kept.append(key)
        if any(not item.is_gone and item.shown_without(removal.pk) != item.shown for item in moved):
            given[key] = _value_without(removal, [item for item in items if not item.is_gone], values[-1])
    return given, kept


def _value_without(removal: Revision, items: Sequence[Item], value: Any) -> Any:
    """The value of a field without a merge. Items that it brought together stand side by side again."""
    if not isinstance(value, list):
        return items[0].shown_without(removal.pk)
    shown = [item.shown_without(removal.pk) for row in value for item in items if item.shown == row]
    return [row for place, row in enumerate(shown) if row not in shown[:place]]
