"""Where proposals stand: their places in the queue and the last words of the other side, in one query each."""

from collections.abc import Iterable

from django.db.models import Count, F, Q

from submissions.models import Event, Proposal
from submissions.states import Status


def places(proposals: Iterable[Proposal]) -> dict[int, int]:
    """By primary key, how many stand before each of these that wait, plus one. For a page of them, not for all."""
    waiting = [proposal for proposal in proposals if proposal.status == Status.PENDING]
    if not waiting:
        return {}
    counts = {f"p{proposal.pk}": Count("pk", filter=_before(proposal)) for proposal in waiting}
    found = Proposal.objects.pending().order_by().aggregate(**counts)
    return {proposal.pk: found[f"p{proposal.pk}"] + 1 for proposal in waiting}


def _before(proposal: Proposal) -> Q:
    """Those that the queue shows first: the order of `ProposalQuerySet.queued`."""
    earlier = Q(submitted_at__lt=proposal.submitted_at) | Q(submitted_at=proposal.submitted_at, pk__lt=proposal.pk)
    return Q(priority__gt=proposal.priority) | Q(priority=proposal.priority) & earlier


def last_words(proposals: Iterable[Proposal]) -> dict[int, Event]:
    """By primary key, the last thing that somebody other than the author said to each of these."""
    said = Event.objects.filter(proposal__in=[proposal.pk for proposal in proposals]).exclude(comment="")
    rows = said.exclude(actor=F("proposal__author")).select_related("actor").order_by("pk")
    return {event.proposal_id: event for event in rows}
