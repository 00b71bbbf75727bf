"""The steps that all verbs share: check the rule, change the status, log the event."""

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
"""The function that carries out each verb of the register, by the verb's name."""


def performs(verb: Verb) -> Callable[[Function], Function]:
    """Register a function as the one that carries out `verb`, and make it atomic."""

    def decorate(function: Function) -> Function:
        atomic = transaction.atomic(function)
        FUNCTIONS[verb.name] = atomic
        return atomic

    return decorate


def perform(verb: Verb, *, proposal: Proposal, actor: User, **arguments: Any) -> Proposal:
    """Carry out a verb of the register; `arguments` are those it declares, and `version` if it changes the status."""
    return FUNCTIONS[verb.name](proposal=proposal, actor=actor, **arguments)


def permit(verb: Verb, actor: User, proposal: Proposal) -> None:
    """Raise NotAllowed unless the verb's rule allows it."""
    if verb.rule and not verb.rule.allows(actor, proposal):
        raise NotAllowed(verb.rule.refusal_of_author if proposal.author_id == actor.pk else verb.rule.refusal)


def transition(proposal: Proposal, verb: Verb, version: int | None, **changes: Any) -> Proposal:
    """Change the status and apply `changes` if the proposal is still at `version`; return the proposal read again.

    One conditional UPDATE, so that exactly one of two concurrent transitions succeeds on every database. `version`
    defaults to the version of `proposal`. Raises Conflict when it is outdated or the transition is not legal.
    """
    expected = proposal.version if version is None else version
    status = verb.moves.get(Status(proposal.status))
    if expected != proposal.version or status is None:
        raise Conflict(conflict_message(proposal.pk, verb))
    now = timezone.now()
    rows = Proposal.objects.filter(pk=proposal.pk, version=expected, status=proposal.status)
    if not rows.update(version=F("version") + 1, updated_at=now, **{"status": status, **changes}):
        raise Conflict(conflict_message(proposal.pk, verb))
    return Proposal.objects.select_related("author", "batch", "seconded_by").get(pk=proposal.pk)


def conflict_message(pk: int, verb: Verb) -> str:
    """A sentence that says why a transition is not possible any more."""
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


def log_event(
    proposal: Proposal,
    verb: Verb,
    actor: User,
    comment: str = "",
    *,
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Log an event; email the author if the verb asks for it."""
    event = Event.objects.create(
        proposal=proposal, verb=verb.name, actor=actor, comment=comment, payload=payload, at=at or timezone.now()
    )
    if verb.email:
        enqueue.notify_author(event, collect=verb.email.collects)
    return event


def require(allowed: bool, message: str) -> None:
    """Raise NotAllowed with the message unless `allowed`."""
    if not allowed:
        raise NotAllowed(message)
