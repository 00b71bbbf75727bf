"""The priority of proposals: misleading entries and newcomers first, batches last."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.rules import can_moderate
from catalog.kinds import Kind
from submissions.models import LATER, URGENT, USUAL, Batch, Proposal, ProposalAction


@dataclass(frozen=True)
class Priority:
    level: int
    reason: str


def compute_priority(author: User, kind: Kind, action: str, payload: dict[str, Any], batch: Batch | None) -> Priority:
    """The priority of a new proposal in the queue."""
    if batch is not None:
        return Priority(LATER, "Came in a batch")
    if action == ProposalAction.FLAG:
        return Priority(URGENT, "Somebody says that what readers see is wrong")
    if reason := kind.urgent(payload):
        return Priority(URGENT, reason)
    if not can_moderate(author) and not Proposal.objects.filter(author=author).exists():
        return Priority(URGENT, "First proposal of a newcomer")
    return Priority(USUAL, "")
