"""Queue positions of proposals and the last messages about them, in one query each."""

from collections.abc import Iterable

from django.db.models import Count, F, Q

from submissions.models import Event, Proposal
from submissions.states import Status


def queue_positions(proposals: Iterable[Proposal]) -> dict[int, int]:
    """The queue position of each pending proposal, by primary key. Meant for one page of proposals, not for all."""
    pending = [proposal for proposal in proposals if proposal.status == Status.PENDING]
    if not pending:
        return {}
    counts = {f"p{proposal.pk}": Count("pk", filter=_ahead_of(proposal)) for proposal in pending}
    ahead = Proposal.objects.pending().order_by().aggregate(**counts)
    return {proposal.pk: ahead[f"p{proposal.pk}"] + 1 for proposal in pending}


def _ahead_of(proposal: Proposal) -> Q:
    """The condition for proposals ahead in the queue, in the order of `ProposalQuerySet.queued`."""
    earlier = Q(submitted_at__lt=proposal.submitted_at) | Q(submitted_at=proposal.submitted_at, pk__lt=proposal.pk)
    return Q(priority__gt=proposal.priority) | Q(priority=proposal.priority) & earlier


def last_messages(proposals: Iterable[Proposal]) -> dict[int, Event]:
    """The last comment on each proposal by somebody other than its author, by primary key."""
    messages = Event.objects.filter(proposal__in=[proposal.pk for proposal in proposals]).exclude(comment="")
    rows = messages.exclude(actor=F("proposal__author")).select_related("actor").order_by("pk")
    return {event.proposal_id: event for event in rows}
