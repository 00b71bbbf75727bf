"""Undo published revisions, by publishing new ones; nothing is deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.kinds import KINDS
from catalog.ledger.history import previous_revisions
from catalog.ledger.payloads import current_payload_of
from catalog.ledger.publishing import NothingChanged, PublishingError, lock_and_fetch, publish, restore, retire
from catalog.ledger.trace import Trace
from catalog.models import Revision, RevisionAction
from submissions import diff, rules
from submissions.models import Event, Proposal
from submissions.verbs import UNDO
from submissions.workflow.errors import Conflict, WorkflowError
from submissions.workflow.submitting import require_text
from submissions.workflow.transitions import log_event, require


@dataclass(frozen=True)
class Outcome:
    """The outcome for one item of a bulk action: `result` on success, else `error_message`, and perhaps its `error`."""

    subject: Any
    result: Any = None
    error_message: str = ""
    error: WorkflowError | None = None


@transaction.atomic
def undo(*, revision: Revision, actor: User, reason: str) -> Revision:
    """Undo one revision by publishing another; later changes by others stay.

    An entry that the revision created is retired; one that it retired or merged is restored. Raises Conflict, with the
    names of the fields that were changed again since.
    """
    require(rules.can_undo(actor), "Only moderators undo what was published.")
    require(
        not _undid_own_change(actor, revision), "This took back a change of your own: let another moderator decide."
    )
    reason = require_text(reason, "reason", "Say why it is undone.")
    try:
        undoing = _reverse(revision, actor, f"Undoes revision {revision.number}: {reason}")
    except NothingChanged as error:
        raise Conflict("There is nothing left to undo: the entry does not show this change any more.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error
    if proposal := Proposal.objects.filter(revision_id=revision.pk).first():
        log_event(proposal, UNDO, actor, reason, payload={"revision": undoing.pk})
    return undoing


def roll_back(*, account_id: int, since: datetime, actor: User, reason: str) -> list[Outcome]:
    """Undo each revision that an account contributed since a time, newest first, with an outcome for each."""
    require(rules.can_undo(actor), "Only moderators undo what was published.")
    require_text(reason, "reason", "Say why it is undone.")
    outcomes = []
    for revision in revisions_since(account_id, since):
        try:
            outcomes.append(Outcome(revision, undo(revision=revision, actor=actor, reason=reason)))
        except WorkflowError as error:
            outcomes.append(Outcome(revision, error_message=str(error)))
    return outcomes


def revisions_since(account_id: int, since: datetime) -> list[Revision]:
    """The revisions that a rollback would undo, newest first."""
    return list(Revision.objects.filter(contributor_id=account_id, at__gte=since).latest_first())


def _undid_own_change(actor: User, revision: Revision) -> bool:
    """Whether the revision undid a change that this person proposed; then somebody else must decide."""
    undone = Event.objects.filter(verb=UNDO.name, proposal__author_id=actor.pk, payload__revision=revision.pk)
    return undone.exists()


def _reverse(revision: Revision, actor: User, comment: str) -> Revision:
    kind = KINDS[revision.kind]
    trace = Trace(actor, comment=comment)
    if revision.action in (RevisionAction.RETIRE, RevisionAction.MERGE):
        return restore(kind=kind, entry_id=revision.entry_id, trace=trace, base=revision.number)
    entry = lock_and_fetch(kind, revision.entry_id)
    after, live = current_payload_of(revision), kind.dump(entry)
    if revision.action in (RevisionAction.CREATE, RevisionAction.RESTORE):
        if after != live:
            raise Conflict("The entry has changed since: propose to retire it instead.")
        return retire(entry=entry, trace=trace)
    former = previous_revisions([revision])[revision.pk]
    before = current_payload_of(former)
    for number, stored in ((former.number, before), (revision.number, after)):
        if not isinstance(stored, dict):
            raise Conflict(f"Revision {number} is damaged: propose an edit instead.")
    payload, collisions = diff.revert_on(before, after, live)
    if collisions:
        raise Conflict(f"These fields were changed again since: {', '.join(collisions)}.")
    slug = former.slug if former.slug != revision.slug == entry.slug else None
    return publish(kind=kind, payload=payload, trace=trace, entry=entry, slug=slug)
