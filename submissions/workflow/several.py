"""Many at once, each still checked: a batch comes in, a selection is decided. What became of each is told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from catalog.kinds import KINDS, Kind
from submissions.models import Action, Batch, Proposal
from submissions.workflow.errors import WorkflowError
from submissions.workflow.submitting import Target, submit
from submissions.workflow.undoing import Outcome


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


@transaction.atomic
def submit_batch(
    *,
    author: Any,
    name: str,
    items: Iterable[tuple[Kind, Mapping[str, Any], Target | None]],
    source: str,
    comment: str = "",
) -> tuple[Batch, list[Outcome]]:
    """One proposal an item, all under one batch; an item that is refused is told and leaves the others alone."""
    batch = Batch.objects.create(name=name[:200], author=author)
    outcomes = []
    for kind, payload, target in items:
        action = Action.EDIT if target else Action.CREATE
        try:
            with transaction.atomic():
                proposal = submit(
                    author=author,
                    kind=KINDS[kind.name],
                    action=action,
                    payload=payload,
                    target=target,
                    source=source,
                    comment=comment,
                    batch=batch,
                )
            outcomes.append(Outcome(payload.get("name", ""), proposal))
        except WorkflowError as error:
            outcomes.append(Outcome(payload.get("name", ""), trouble=str(error)))
    return batch, outcomes
