"""Who may do what to a proposal: named predicates that page, API, admin and workflow all ask."""

from typing import Any

from accounts.rules import can_contribute, can_moderate
from catalog.models import Revision
from submissions.models import TWO_MODERATORS, EntryLock, Event, Proposal
from submissions.states import Verb, after


def can_submit(user: Any) -> bool:
    """May propose a change."""
    return can_contribute(user)


def can_see(user: Any, proposal: Proposal) -> bool:
    """What waits for review is seen by its author and by moderators, and by nobody else."""
    return bool(user.is_authenticated) and (is_author(user, proposal) or can_moderate(user))


def can_comment(user: Any, proposal: Proposal) -> bool:
    """Author and moderators talk about a proposal, also once it is decided."""
    return can_see(user, proposal) and can_contribute(user)


def can_revise(user: Any, proposal: Proposal) -> bool:
    """The author, while it is open, where there is something to revise."""
    return (
        is_author(user, proposal)
        and can_contribute(user)
        and proposal.has_payload
        and after(Verb.REVISE, proposal.status) is not None
    )


def can_withdraw(user: Any, proposal: Proposal) -> bool:
    """The author, while it is open."""
    return is_author(user, proposal) and can_contribute(user) and after(Verb.WITHDRAW, proposal.status) is not None


def can_decide(user: Any, proposal: Proposal) -> bool:
    """A moderator, while it is pending; never the author, admins included."""
    return may_decide(user, proposal) and after(Verb.APPROVE, proposal.status) is not None


def may_decide(user: Any, proposal: Proposal) -> bool:
    """The part of `can_decide` that does not depend on the state."""
    return can_moderate(user) and not is_author(user, proposal)


def can_rebase(user: Any, proposal: Proposal) -> bool:
    """Who may revise or decide may bring an edit up to date where nothing collides."""
    return can_revise(user, proposal) or can_decide(user, proposal)


def needs_a_second(user: Any, proposal: Proposal) -> bool:
    """Retiring and merging take two moderators; an author who is one counts as the first. One who may not moderate any
    more does not count."""
    return (
        proposal.action in TWO_MODERATORS
        and not (proposal.seconded_by and can_moderate(proposal.seconded_by))
        and not can_moderate(proposal.author)
    )


def has_agreed(user: Any, proposal: Proposal) -> bool:
    """The first of the two moderators."""
    return bool(proposal.seconded_by_id == user.pk)


def can_undo(user: Any) -> bool:
    """May undo published changes, one or many."""
    return can_moderate(user)


def took_back_own(user: Any, revision: Revision) -> bool:
    """Whether a revision took back a change that this person had proposed: bringing it back is for another."""
    undone = Event.objects.filter(verb=Verb.UNDO, proposal__author_id=user.pk, payload__revision=revision.pk)
    return bool(undone.exists())


def can_lock(user: Any) -> bool:
    """May lock an entry and unlock it."""
    return can_moderate(user)


def can_edit_locked(user: Any) -> bool:
    """May propose a change of a locked entry."""
    return can_moderate(user)


def can_edit_directly(user: Any) -> bool:
    """May publish a change without another's approval: admins, and the ledger says so."""
    return can_moderate(user) and bool(user.is_superuser)


def lock_on(kind: str, entry_id: int) -> EntryLock | None:
    """The lock on an entry."""
    return EntryLock.objects.filter(kind=kind, entry_id=entry_id).first()


def is_author(user: Any, proposal: Proposal) -> bool:
    return bool(user.is_authenticated and proposal.author_id == user.pk)
