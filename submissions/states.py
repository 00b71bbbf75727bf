"""The states of a proposal and the moves between them: one field, one table."""

from django.db.models import TextChoices


class Status(TextChoices):
    PENDING = "pending", "Waiting for review"
    CHANGES_REQUESTED = "changes-requested", "Changes requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Verb(TextChoices):
    """What people do to a proposal: the button, the part of the address and the event carry the same name."""

    SUBMIT = "submit", "submitted it"
    REVISE = "revise", "revised it"
    REBASE = "rebase", "brought it up to date with the live entry"
    WITHDRAW = "withdraw", "withdrew it"
    COMMENT = "comment", "wrote"
    CLAIM = "claim", "took it to review"
    RELEASE = "release", "gave it back to the queue"
    REQUEST_CHANGES = "request-changes", "asked for changes"
    SECOND = "second", "agreed; another moderator has to agree as well"
    APPROVE = "approve", "approved it"
    REJECT = "reject", "rejected it"
    UNDO = "undo", "undid the published change"


OPEN = frozenset({Status.PENDING, Status.CHANGES_REQUESTED})
CLOSED = frozenset(Status) - OPEN

MOVES: dict[Verb, dict[Status, Status]] = {
    Verb.REVISE: {Status.PENDING: Status.PENDING, Status.CHANGES_REQUESTED: Status.PENDING},
    Verb.REBASE: {Status.PENDING: Status.PENDING, Status.CHANGES_REQUESTED: Status.CHANGES_REQUESTED},
    Verb.WITHDRAW: {Status.PENDING: Status.WITHDRAWN, Status.CHANGES_REQUESTED: Status.WITHDRAWN},
    Verb.CLAIM: {Status.PENDING: Status.PENDING},
    Verb.RELEASE: {Status.PENDING: Status.PENDING},
    Verb.REQUEST_CHANGES: {Status.PENDING: Status.CHANGES_REQUESTED},
    Verb.SECOND: {Status.PENDING: Status.PENDING},
    Verb.APPROVE: {Status.PENDING: Status.APPROVED},
    Verb.REJECT: {Status.PENDING: Status.REJECTED},
}
"""The legal moves: by verb, from which state to which. A comment and an undo move nothing."""


def after(verb: Verb, status: str) -> Status | None:
    """The state that a verb leads to from this one; None where the move is not legal."""
    return MOVES.get(verb, {}).get(Status(status))
