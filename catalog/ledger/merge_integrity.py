"""Check that merges and their restorations wrote what they had to at the entries that refer to the merged one."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.history import previous_revisions
from catalog.ledger.merges import is_kept, plan_giving_back
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction

WHOLES = frozenset({RevisionAction.MERGE, RevisionAction.RESTORE})


def merge_errors() -> Iterator[str]:
    """One sentence per revision that belongs to no merge or restoration although it says so, and per reference that a
    restoration left."""
    rows = Revision.objects.defer("snapshot")
    parts = rows.exclude(part_of_id=None)
    wholes = rows.in_bulk(set(parts.values_list("part_of_id", flat=True)))
    for part in parts.iterator():
        whole = wholes.get(part.part_of_id or 0)
        if whole is None or whole.action not in WHOLES:
            yield f"{_name(part)} says that it is a part of revision {part.part_of_id}, which it is not."
    for left in references_left():
        yield f"{_name(left.part)} replaced a reference that was not given back by {_name(left.restoration)}."


@dataclass(frozen=True)
class LeftReference:
    """An entry that refers to the target of a merge only because of it, although a restoration took the merge back.

    `part` is the revision of the merge that replaced the reference; in `payload` it is given back.
    """

    restoration: Revision
    part: Revision
    entry: Entry
    payload: dict[str, Any]


def references_left() -> Iterator[LeftReference]:
    """What restorations neither gave back nor named as kept, and nobody has changed since, by restoration.

    Costs three queries, and some for each reference that was not given back.
    """
    restorations = list(
        Revision.objects.filter(action=RevisionAction.RESTORE, kind__in=KINDS).defer("snapshot").order_by("pk")
    )
    removals = previous_revisions(restorations)
    merges = {pk: removal for pk, removal in removals.items() if removal.action == RevisionAction.MERGE}
    parts = defaultdict[int, list[Revision]](list)
    wholes = {*merges, *(merge.pk for merge in merges.values())}
    for part in Revision.objects.exclude(part_of_id=None).defer("snapshot").order_by("pk").iterator() if merges else ():
        if part.part_of_id in wholes:
            parts[part.part_of_id].append(part)
    for restoration in restorations:
        if restoration.pk in merges:
            given = {(part.kind, part.entry_id) for part in parts[restoration.pk]}
            merge = merges[restoration.pk]
            yield from _left_by(
                restoration, merge, [part for part in parts[merge.pk] if (part.kind, part.entry_id) not in given]
            )


def _left_by(restoration: Revision, merge: Revision, parts: list[Revision]) -> Iterator[LeftReference]:
    """Those among the parts of a merge whose references a restoration left; none while the entry is not live."""
    open_parts = {
        (part.kind, part.entry_id): part for part in parts if part.kind in KINDS and not _was_kept(part, restoration)
    }
    is_live = open_parts and KINDS[merge.kind].model.objects.filter(pk=merge.entry_id).exists()
    for entry, payload in plan_giving_back(merge, list(open_parts.values())).payloads if is_live else ():
        yield LeftReference(restoration, open_parts[entry.kind, entry.pk], entry, payload)


def _was_kept(part: Revision, restoration: Revision) -> bool:
    """Whether the restoration could not give the reference back: the entry was not in the catalogue, or its form
    refused that, which the comment says."""
    former = Revision.objects.of(part.kind, part.entry_id).filter(pk__lt=restoration.pk)
    action, name = former.values_list("action", "name").latest("number")
    return action in REMOVED_ACTIONS or is_kept(restoration, name)


def _name(revision: Revision) -> str:
    return f"{revision.kind} {revision.slug}: revision {revision.number}"
