"""The two writes that every verb makes: take the proposal, and write down what was done."""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from submissions.models import Event, Proposal
from submissions.states import Status, Verb, after
from submissions.workflow.errors import Conflict, NotAllowed


def take(proposal: Proposal, verb: Verb, version: int | None, **changes: Any) -> Proposal:
    """Write `changes` if the proposal is still at `version` and the move is legal, and give it fresh.

    A conditional UPDATE, so that of two at once exactly one is first, on every engine. `version` None means: as
    `proposal` was read. Raises Conflict.
    """
    seen = proposal.version if version is None else version
    if seen != proposal.version:
        raise Conflict(what_happened(proposal.pk, verb))
    statuses = [status for status in Status if after(verb, status) is not None]
    now = timezone.now()
    rows = Proposal.objects.filter(pk=proposal.pk, version=seen, status__in=statuses)
    if not rows.update(version=F("version") + 1, updated_at=now, **changes):
        raise Conflict(what_happened(proposal.pk, verb))
    return Proposal.objects.select_related("author", "batch", "seconded_by").get(pk=proposal.pk)


def what_happened(pk: int, verb: Verb) -> str:
    """Why a move is not possible any more, in a sentence."""
    proposal = Proposal.objects.select_related("decided_by").get(pk=pk)
    if after(verb, proposal.status) is not None:
        return "Somebody changed this proposal a moment ago. Look at it once more."
    if proposal.decided_by:
        return f"{proposal.decided_by} has {proposal.status} this proposal already."
    state = {
        Status.WITHDRAWN: "The author has withdrawn this proposal.",
        Status.CHANGES_REQUESTED: "This proposal waits for its author: changes were requested.",
    }
    return state.get(Status(proposal.status), "That is not possible in this state.")


def log(
    proposal: Proposal,
    verb: Verb,
    actor: Any,
    comment: str = "",
    *,
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Write down what was done to a proposal."""
    return Event.objects.create(
        proposal=proposal, verb=verb, actor=actor, comment=comment, payload=payload, at=at or timezone.now()
    )


def allow(allowed: bool, sentence: str) -> None:
    """Raise NotAllowed with the sentence, unless allowed."""
    if not allowed:
        raise NotAllowed(sentence)
