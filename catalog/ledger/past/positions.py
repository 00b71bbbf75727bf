"""The positions of entries in their sections as of a past time; payloads do not have them."""

from collections import defaultdict

from catalog.kinds import Kind
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import REMOVED_ACTIONS, Revision, RevisionAction

PLACING = (RevisionAction.CREATE, RevisionAction.RESTORE)


def positions(kind: Kind) -> dict[int, int]:
    """The position of each entry of a kind, by id, as publishing gave it.

    An entry that is created or restored comes last in its section (catalog.ledger.publishing); it keeps its position
    when it is edited.
    """
    placed: dict[int, int] = {}
    section_of: dict[int, str] = {}
    taken: dict[str, set[int]] = defaultdict(set)
    for revision in Revision.objects.filter(kind=kind.name).order_by("id").iterator(500):
        pk = revision.entry_id
        taken[section_of.pop(pk, "")].discard(placed.get(pk, -1))
        if revision.action in REMOVED_ACTIONS:
            continue
        section = str(as_object(payload_of(revision)).get("section") or "")
        if revision.action in PLACING:
            placed[pk] = max(taken[section], default=-1) + 1 if section else 0
        if section:
            section_of[pk] = section
            taken[section].add(placed.get(pk, 0))
    return placed
