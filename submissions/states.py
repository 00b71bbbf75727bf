"""The statuses of a proposal. The transitions between them are the `moves` of the verbs (submissions/verbs)."""

from django.db.models import TextChoices


class Status(TextChoices):
    PENDING = "pending", "Waiting for review"
    CHANGES_REQUESTED = "changes-requested", "Changes requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


OPEN = frozenset({Status.PENDING, Status.CHANGES_REQUESTED})
CLOSED = frozenset(Status) - OPEN
