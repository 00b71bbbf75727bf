"""Taking back what was published: always by another revision, never by deleting one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.kinds import KINDS
from catalog.ledger.history import before_each
from catalog.ledger.payloads import current_payload_of
from catalog.ledger.publishing import NothingChanged, PublishingError, locked, publish, restore, retire
from catalog.ledger.trace import Trace
from catalog.models import Revision, RevisionAction
from submissions import diff, rules
from submissions.models import Event, Proposal
from submissions.verbs import UNDO
from submissions.workflow.errors import Conflict, WorkflowError
from submissions.workflow.record import allow, log
from submissions.workflow.submitting import needed


@dataclass(frozen=True)
class Outcome:
    """What became of one of several: `trouble` is empty where it went well, else the words of `error`."""

    subject: Any
    done: Any = None
    trouble: str = ""
    error: WorkflowError | None = None


@transaction.atomic
def undo(*, revision: Revision, actor: User, reason: str) -> Revision:
    """Take one published change back by a new revision; what others changed since stays.

    An entry that the change created is retired, one that it retired (or merged) is restored. Raises Conflict naming
    the fields that were changed again since.
    """
    allow(rules.can_undo(actor), "Only moderators undo what was published.")
    allow(not _took_back_own(actor, revision), "This took back a change of your own: let another moderator decide.")
    reason = needed(reason, "reason", "Say why it is undone.")
    try:
        done = _take_back(revision, actor, f"Undoes revision {revision.number}: {reason}")
    except NothingChanged as error:
        raise Conflict("There is nothing left to undo: the entry does not show this change any more.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error
    if proposal := Proposal.objects.filter(revision_id=revision.pk).first():
        log(proposal, UNDO, actor, reason, payload={"revision": done.pk})
    return done


def roll_back(*, account_id: int, since: datetime, actor: User, reason: str) -> list[Outcome]:
    """Undo what one account contributed since a moment, newest first, each by itself; what could not be is told."""
    allow(rules.can_undo(actor), "Only moderators undo what was published.")
    needed(reason, "reason", "Say why it is undone.")
    outcomes = []
    for revision in contributed_since(account_id, since):
        try:
            outcomes.append(Outcome(revision, undo(revision=revision, actor=actor, reason=reason)))
        except WorkflowError as error:
            outcomes.append(Outcome(revision, trouble=str(error)))
    return outcomes


def contributed_since(account_id: int, since: datetime) -> list[Revision]:
    """What a roll-back would undo, newest first."""
    return list(Revision.objects.filter(contributor_id=account_id, at__gte=since).latest_first())


def _took_back_own(actor: User, revision: Revision) -> bool:
    """Whether a revision took back a change that this person had proposed: bringing it back is for another."""
    undone = Event.objects.filter(verb=UNDO.name, proposal__author_id=actor.pk, payload__revision=revision.pk)
    return undone.exists()


def _take_back(revision: Revision, actor: User, comment: str) -> Revision:
    kind = KINDS[revision.kind]
    trace = Trace(actor, comment=comment)
    if revision.action in (RevisionAction.RETIRE, RevisionAction.MERGE):
        return restore(kind=kind, entry_id=revision.entry_id, trace=trace, base=revision.number)
    entry = locked(kind, revision.entry_id)
    after, live = current_payload_of(revision), kind.dump(entry)
    if revision.action in (RevisionAction.CREATE, RevisionAction.RESTORE):
        if after != live:
            raise Conflict("The entry has changed since: propose to retire it instead.")
        return retire(entry=entry, trace=trace)
    former = before_each([revision])[revision.pk]
    payload, collisions = diff.reversed_on(current_payload_of(former), after, live)
    if collisions:
        raise Conflict(f"These fields were changed again since: {', '.join(collisions)}.")
    slug = former.slug if former.slug != revision.slug == entry.slug else None
    return publish(kind=kind, payload=payload, trace=trace, entry=entry, slug=slug)
