"""Permissions on proposals: predicates that pages, API, admin site and workflow all use."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from accounts.rules import Visitor, can_administer, can_contribute, can_moderate
from catalog.forms.fields import is_blank
from catalog.kinds import kind_of
from catalog.ledger.blame import accounts_that_gave
from catalog.models import Entry, Revision
from submissions.models import (
    ACTIONS_NEEDING_TWO_MODERATORS,
    EntryLock,
    Proposal,
    ProposalAction,
)
from submissions.rollbacks import Rollback, RollbackStatus
from submissions.states import Status

OWN_VALUE_MESSAGE = "You gave this value yourself: let another moderator say how far it is checked."


def can_submit(user: Visitor) -> bool:
    """Whether the user may propose changes."""
    return can_contribute(user)


def can_see(user: Visitor, proposal: Proposal) -> bool:
    """The author and moderators, whatever the status."""
    return user.is_authenticated and (is_author(user, proposal) or can_moderate(user))


def can_comment(user: Visitor, proposal: Proposal) -> bool:
    """The author and moderators can comment, also after the decision."""
    return can_see(user, proposal) and can_contribute(user)


def can_revise(user: Visitor, proposal: Proposal) -> bool:
    """The author, while the proposal is open and has a payload."""
    return is_contributing_author(user, proposal) and proposal.has_payload and proposal.is_open


def is_contributing_author(user: Visitor, proposal: Proposal) -> bool:
    """The author, unless suspended."""
    return is_author(user, proposal) and can_contribute(user)


def can_decide(user: Visitor, proposal: Proposal) -> bool:
    """A moderator, while it is pending; never the author, admins included."""
    return can_review(user, proposal) and proposal.status == Status.PENDING


def can_review(user: Visitor, proposal: Proposal) -> bool:
    """A moderator who is not the author, whatever the status."""
    return can_moderate(user) and not is_author(user, proposal)


def can_rebase(user: Visitor, proposal: Proposal) -> bool:
    """Whoever may revise or decide may also rebase."""
    return can_revise(user, proposal) or can_decide(user, proposal)


def needs_second_approval(proposal: Proposal) -> bool:
    """Whether an approval would only be the first of two.

    Retiring, merging and restoring need two moderators, and so does an edit that replaces the entry. An author who is
    a moderator counts as the first; somebody who has lost the role does not count.
    """
    return (
        proposal.takes_two
        and not (proposal.seconded_by and can_moderate(proposal.seconded_by))
        and not author_is_first_of_two(proposal)
    )


def author_is_first_of_two(proposal: Proposal) -> bool:
    """Whether its author, a moderator, counts as the first where an approval takes two."""
    return proposal.takes_two and can_moderate(proposal.author)


def replaces_entry(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether an edit leaves at most a quarter of what the entry says, its sources aside.

    Such an edit does what a retirement and a new entry do. One that says fewer than three things has nothing to lose.
    """
    said = [key for key, value in before.items() if key != "sources" and not is_blank(value) and value is not False]
    kept = [key for key in said if after.get(key) == before[key]]
    return len(said) >= 3 and len(kept) * 4 <= len(said)


def takes_two(action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of the catalogue takes two moderators, by any way in."""
    return action in ACTIONS_NEEDING_TWO_MODERATORS or (action == ProposalAction.EDIT and replaces_entry(before, after))


def is_house_account(account: User) -> bool:
    """Whether the account is for the portal's own work, such as importing lists: nobody ever signed in to it."""
    return account.last_login is None and not account.has_usable_password()


def can_confirm_rollback(user: Visitor, rollback: Rollback) -> bool:
    """A moderator other than the one who proposed it, while it is waiting and that one is a moderator still."""
    return (
        can_moderate(user)
        and user.pk != rollback.proposed_by_id
        and rollback.status == RollbackStatus.WAITING
        and can_moderate(rollback.proposed_by)
    )


def can_decline_rollback(user: Visitor, rollback: Rollback) -> bool:
    """Any moderator while it is waiting; the one who proposed it takes it back."""
    return can_moderate(user) and rollback.status == RollbackStatus.WAITING


def has_agreed(user: Visitor, proposal: Proposal) -> bool:
    """Whether this moderator gave the first of the two approvals."""
    return proposal.seconded_by_id is not None and proposal.seconded_by_id == user.pk


def has_claimed(user: Visitor, proposal: Proposal) -> bool:
    """Whether this moderator has claimed it."""
    return proposal.claimed_by_id is not None and proposal.claimed_by_id == user.pk


def can_undo(user: Visitor) -> bool:
    """Whether the user may undo published changes, one or many."""
    return can_moderate(user)


def can_lock(user: Visitor) -> bool:
    """Whether the user may lock and unlock entries."""
    return can_moderate(user)


def can_edit_locked(user: Visitor) -> bool:
    """Whether the user may propose changes of a locked entry."""
    return can_moderate(user)


def can_edit_directly(user: Visitor) -> bool:
    """Whether the user may publish without a second person's approval, which the ledger then shows."""
    return can_administer(user)


def can_verify(user: Visitor, entry: Entry) -> bool:
    """A moderator may say how far the value of an entry is checked, where moderators set that; never who gave it."""
    kind = kind_of(entry)
    if not can_moderate(user) or not kind.set_by_moderators:
        return False
    return user.pk not in accounts_that_gave(kind, list(Revision.objects.of(kind.name, entry.pk)), "value")


def get_lock(kind: str, entry_id: int) -> EntryLock | None:
    """The lock on an entry, if there is one."""
    return EntryLock.objects.in_force().filter(kind=kind, entry_id=entry_id).first()


def is_author(user: Visitor, proposal: Proposal) -> bool:
    return user.is_authenticated and proposal.author_id == user.pk
