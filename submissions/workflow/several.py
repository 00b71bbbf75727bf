"""Many at once, each still checked: a batch comes in, a selection is decided. What became of each is told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from catalog.kinds import KINDS, Kind
from submissions import notifications
from submissions.models import Action, Batch, Proposal
from submissions.workflow.errors import WorkflowError
from submissions.workflow.submitting import Target, submit
from submissions.workflow.undoing import Outcome

AT_ONCE = 20


def decide_each(
    verb: Callable[..., Proposal], proposals: Iterable[Proposal], actor: Any, **words: Any
) -> list[Outcome]:
    """Apply one verb to each, in a transaction of its own; one that is refused holds up none of the others."""
    outcomes = []
    for proposal in proposals:
        try:
            outcomes.append(Outcome(proposal, verb(proposal=proposal, actor=actor, **words)))
        except WorkflowError as error:
            outcomes.append(Outcome(proposal, trouble=str(error)))
    return outcomes


def submit_batch(
    *,
    author: Any,
    name: str,
    items: Iterable[tuple[Kind, Mapping[str, Any], Target | None]],
    source: str,
    comment: str = "",
) -> tuple[Batch, list[Outcome]]:
    """One proposal an item, all under one batch; an item that is refused is told and leaves the others alone.

    A few at a time share a transaction: a thousand in one would keep everybody else from writing for as long as they
    take. Should the process die in between, the same list brought again is told of those that are in the queue already.
    """
    batch = Batch.objects.create(name=name[:200], author=author)
    waiting, outcomes = list(items), list[Outcome]()
    for start in range(0, len(waiting), AT_ONCE):
        with transaction.atomic():
            outcomes += [_submit_one(batch, item, source, comment) for item in waiting[start : start + AT_ONCE]]
    if first := next((outcome.done for outcome in outcomes if not outcome.trouble), None):
        notifications.tell_moderators(first)
    return batch, outcomes


def _submit_one(
    batch: Batch, item: tuple[Kind, Mapping[str, Any], Target | None], source: str, comment: str
) -> Outcome:
    kind, payload, target = item
    action = Action.EDIT if target else Action.CREATE
    words: dict[str, Any] = {"source": source, "comment": comment, "batch": batch}
    try:
        with transaction.atomic():
            done = submit(
                author=batch.author, kind=KINDS[kind.name], action=action, payload=payload, target=target, **words
            )
    except WorkflowError as error:
        return Outcome(payload.get("name", ""), trouble=str(error))
    return Outcome(payload.get("name", ""), done)
