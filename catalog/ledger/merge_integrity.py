"""Check that merges and their restorations wrote what they had to at the entries that refer to the merged one."""

from collections.abc import Iterator

from catalog.kinds import KINDS
from catalog.ledger.merges import kept_references
from catalog.ledger.payloads import readable_changes
from catalog.models import Revision, RevisionAction

WHOLES = frozenset({RevisionAction.MERGE, RevisionAction.RESTORE})


def merge_errors() -> Iterator[str]:
    """One sentence per revision that belongs to no merge or restoration although it says so, and per reference that a
    merge replaced and a restoration neither gave back nor names as changed since."""
    rows = Revision.objects.defer("snapshot")
    parts = rows.exclude(part_of_id=None)
    wholes = rows.in_bulk(set(parts.values_list("part_of_id", flat=True)))
    for part in parts.iterator():
        whole = wholes.get(part.part_of_id or 0)
        if whole is None or whole.action not in WHOLES:
            yield f"{_name(part)} says that it is a part of revision {part.part_of_id}, which it is not."
    for restoration in rows.filter(action=RevisionAction.RESTORE).iterator():
        yield from (f"{_name(part)} {NOT_GIVEN_BACK} {_name(restoration)}." for part in unanswered(restoration))


NOT_GIVEN_BACK = "replaced a reference that was not given back by"


def unanswered(restoration: Revision) -> list[Revision]:
    """The revisions of the merge that a restoration took back whose references it left as they were, although nobody
    had changed them."""
    removal = Revision.objects.of(restoration.kind, restoration.entry_id).filter(number=restoration.number - 1).first()
    if removal is None or removal.action != RevisionAction.MERGE:
        return []
    return [part for part in Revision.objects.parts_of(removal) if not _is_answered(part, restoration)]


def _is_answered(part: Revision, restoration: Revision) -> bool:
    """Whether the restoration gave the reference back, or the entry was removed or its field changed before."""
    if part.kind not in KINDS or part.name in kept_references(restoration):
        return True
    changed = set(readable_changes(part))
    later = Revision.objects.of(part.kind, part.entry_id).filter(number__gt=part.number).defer("snapshot")
    return any(
        row.part_of_id == restoration.pk
        or (row.pk < restoration.pk and (row.action != RevisionAction.EDIT or changed & set(readable_changes(row))))
        for row in later
    )


def _name(revision: Revision) -> str:
    return f"{revision.kind} {revision.slug}: revision {revision.number}"
