"""The states of a proposal: one field. The moves between them belong to the verbs (submissions/verbs.py)."""

from django.db.models import TextChoices


class Status(TextChoices):
    PENDING = "pending", "Waiting for review"
    CHANGES_REQUESTED = "changes-requested", "Changes requested"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


OPEN = frozenset({Status.PENDING, Status.CHANGES_REQUESTED})
CLOSED = frozenset(Status) - OPEN
