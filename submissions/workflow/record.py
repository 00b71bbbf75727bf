"""What every verb does: ask its rule, take the proposal, write down what was done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from submissions.models import Event, Proposal
from submissions.notifications import enqueue
from submissions.states import Status
from submissions.verbs.definitions import Verb
from submissions.workflow.errors import Conflict, NotAllowed

Function = TypeVar("Function", bound=Callable[..., Proposal])

FUNCTIONS: dict[str, Callable[..., Proposal]] = {}
"""What carries out each verb of the register, by name."""


def performs(verb: Verb) -> Callable[[Function], Function]:
    """Make a function the one that carries out `verb`, in a transaction."""

    def decorate(function: Function) -> Function:
        atomic = transaction.atomic(function)
        FUNCTIONS[verb.name] = atomic
        return atomic

    return decorate


def perform(verb: Verb, *, proposal: Proposal, actor: User, **arguments: Any) -> Proposal:
    """Carry out a verb of the register; `arguments` are those of its entry, and `version` where it moves something."""
    return FUNCTIONS[verb.name](proposal=proposal, actor=actor, **arguments)


def permit(verb: Verb, actor: User, proposal: Proposal) -> None:
    """Raise NotAllowed unless the verb's rule allows it."""
    if verb.by and not verb.by.allows(actor, proposal):
        raise NotAllowed(verb.by.refusal_of_author if proposal.author_id == actor.pk else verb.by.refusal)


def take(proposal: Proposal, verb: Verb, version: int | None, **changes: Any) -> Proposal:
    """Write the verb's move and `changes` if the proposal is still at `version` and the move is legal; give it fresh.

    A conditional UPDATE, so that of two at once exactly one is first, on every engine. `version` None means: as
    `proposal` was read. Raises Conflict.
    """
    seen = proposal.version if version is None else version
    status = verb.moves.get(Status(proposal.status))
    if seen != proposal.version or status is None:
        raise Conflict(what_happened(proposal.pk, verb))
    now = timezone.now()
    rows = Proposal.objects.filter(pk=proposal.pk, version=seen, status=proposal.status)
    if not rows.update(version=F("version") + 1, updated_at=now, **{"status": status, **changes}):
        raise Conflict(what_happened(proposal.pk, verb))
    return Proposal.objects.select_related("author", "batch", "seconded_by").get(pk=proposal.pk)


def what_happened(pk: int, verb: Verb) -> str:
    """Why a move is not possible any more, in a sentence."""
    proposal = Proposal.objects.select_related("decided_by").get(pk=pk)
    if proposal.status in verb.moves:
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
    actor: User,
    comment: str = "",
    *,
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Write down what was done to a proposal; the author gets the verb's mail where it has one."""
    event = Event.objects.create(
        proposal=proposal, verb=verb.name, actor=actor, comment=comment, payload=payload, at=at or timezone.now()
    )
    if verb.email:
        enqueue.tell_author(event)
    return event


def allow(allowed: bool, sentence: str) -> None:
    """Raise NotAllowed with the sentence, unless allowed."""
    if not allowed:
        raise NotAllowed(sentence)
