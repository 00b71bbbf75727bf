"""Who may do what to a proposal: named predicates that page, API, admin and workflow all ask."""

from accounts.rules import Visitor, can_administer, can_contribute, can_moderate
from submissions.models import TWO_MODERATORS, EntryLock, Proposal
from submissions.states import Status


def can_submit(user: Visitor) -> bool:
    """May propose a change."""
    return can_contribute(user)


def can_see(user: Visitor, proposal: Proposal) -> bool:
    """What waits for review is seen by its author and by moderators, and by nobody else."""
    return user.is_authenticated and (is_author(user, proposal) or can_moderate(user))


def can_comment(user: Visitor, proposal: Proposal) -> bool:
    """Author and moderators talk about a proposal, also once it is decided."""
    return can_see(user, proposal) and can_contribute(user)


def can_revise(user: Visitor, proposal: Proposal) -> bool:
    """The author, while it is open, where there is something to revise."""
    return is_contributing_author(user, proposal) and proposal.has_payload and proposal.is_open


def is_contributing_author(user: Visitor, proposal: Proposal) -> bool:
    """The author, unless suspended."""
    return is_author(user, proposal) and can_contribute(user)


def can_decide(user: Visitor, proposal: Proposal) -> bool:
    """A moderator, while it is pending; never the author, admins included."""
    return may_decide(user, proposal) and proposal.status == Status.PENDING


def may_decide(user: Visitor, proposal: Proposal) -> bool:
    """The part of `can_decide` that does not depend on the state."""
    return can_moderate(user) and not is_author(user, proposal)


def can_rebase(user: Visitor, proposal: Proposal) -> bool:
    """Who may revise or decide may bring an edit up to date where nothing collides."""
    return can_revise(user, proposal) or can_decide(user, proposal)


def needs_a_second(proposal: Proposal) -> bool:
    """Retiring and merging take two moderators; an author who is one counts as the first. One who may not moderate any
    more does not count."""
    return (
        proposal.action in TWO_MODERATORS
        and not (proposal.seconded_by and can_moderate(proposal.seconded_by))
        and not can_moderate(proposal.author)
    )


def has_agreed(user: Visitor, proposal: Proposal) -> bool:
    """The first of the two moderators."""
    return proposal.seconded_by_id is not None and proposal.seconded_by_id == user.pk


def has_claimed(user: Visitor, proposal: Proposal) -> bool:
    """The moderator who is looking at it."""
    return proposal.claimed_by_id is not None and proposal.claimed_by_id == user.pk


def can_undo(user: Visitor) -> bool:
    """May undo published changes, one or many."""
    return can_moderate(user)


def can_lock(user: Visitor) -> bool:
    """May lock an entry and unlock it."""
    return can_moderate(user)


def can_edit_locked(user: Visitor) -> bool:
    """May propose a change of a locked entry."""
    return can_moderate(user)


def can_edit_directly(user: Visitor) -> bool:
    """May publish a change without another's approval: admins, and the ledger says so."""
    return can_administer(user)


def lock_on(kind: str, entry_id: int) -> EntryLock | None:
    """The lock on an entry."""
    return EntryLock.objects.filter(kind=kind, entry_id=entry_id).first()


def is_author(user: Visitor, proposal: Proposal) -> bool:
    return user.is_authenticated and proposal.author_id == user.pk
