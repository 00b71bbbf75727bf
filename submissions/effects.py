"""What taking an entry out of the catalogue, or bringing it back, meets in the entries that refer to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.kinds import KINDS
from catalog.ledger.history import previous_revisions
from catalog.ledger.merges import (
    MAX_REFERENCES,
    live_entry,
    references_to_give_back,
    too_many_references_message,
    too_many_to_give_back_message,
)
from catalog.ledger.referrers import MAX_LISTED, Referring, referring_summary, refers_to
from catalog.models import REMOVED_ACTIONS, Entry, Revision, RevisionAction
from submissions.models import ProposalAction


@dataclass(frozen=True)
class Effects:
    """What an action meets: the entries that refer to the entry, or would again, and the names of references that stay
    as they are; `blocker` says why it cannot be done now, if so."""

    action: str
    referring: Referring
    blocker: str = ""
    kept: Sequence[str] = ()

    @property
    def not_listed(self) -> int:
        """How many more entries refer to it than are listed."""
        return self.referring.count - len(self.referring.first)


def removal_effects(action: str, entry: Entry, into: Entry | None = None) -> Effects:
    """What a retirement or a merge of an entry would meet as the catalogue is now."""
    referring = referring_summary(entry)
    blocker = ""
    if action == ProposalAction.RETIRE and referring.count:
        blocker = f"{entry} cannot be retired while other entries refer to it: edit or merge them first."
    elif into is not None and refers_to(into, entry):
        blocker = f"{into} refers to {entry}, so the two cannot be merged: propose an edit of {into} first."
    elif into is not None and referring.count > MAX_REFERENCES:
        blocker = too_many_references_message(entry, referring.count, MAX_REFERENCES)
    return Effects(action, referring, blocker)


def restoration_effects(removal: Revision) -> Effects:
    """What restoring an entry would meet as the catalogue is now; `removal` is its last revision."""
    returning, kept = references_to_give_back(removal)
    count = len(returning)
    blocker = too_many_to_give_back_message(removal.name, count, MAX_REFERENCES) if count > MAX_REFERENCES else ""
    return Effects(ProposalAction.RESTORE, Referring(count, returning[:MAX_LISTED]), blocker, kept)


def undoing_effects(revision: Revision) -> Effects | None:
    """What undoing a revision would meet that took its entry out or brought it in; None for others, and if the entry
    has changed since."""
    kind = KINDS[revision.kind]
    last = Revision.objects.of(kind.name, revision.entry_id).last()
    if last is None or last.pk != revision.pk:
        return None
    if revision.action in REMOVED_ACTIONS:
        return restoration_effects(revision)
    entry = kind.model.objects.filter(pk=revision.entry_id).first()
    if entry is None or revision.action not in (RevisionAction.CREATE, RevisionAction.RESTORE):
        return None
    former = previous_revisions([revision]).get(revision.pk)
    into = live_entry(kind, former.into_id) if former and former.action == RevisionAction.MERGE else None
    return removal_effects(ProposalAction.MERGE if into else ProposalAction.RETIRE, entry, into)
