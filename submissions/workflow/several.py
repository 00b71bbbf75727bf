"""Many at once, each still checked: a batch comes in, a selection is decided. What became of each is told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from catalog.kinds import Kind
from submissions import notifications
from submissions.models import Action, Batch, Proposal
from submissions.workflow.entering import enter, take_turn
from submissions.workflow.errors import WorkflowError
from submissions.workflow.submitting import Target, drafted
from submissions.workflow.undoing import Outcome

AT_ONCE = 50


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
    words = {"source": source, "comment": comment}
    arguments = (
        {
            "kind": kind,
            "action": Action.EDIT if target else Action.CREATE,
            "payload": payload,
            "target": target,
            **words,
        }
        for kind, payload, target in items
    )
    batch = Batch.objects.create(name=name[:200], author=author)
    return batch, _submit_each(batch, arguments)


def submit_lines(*, author: Any, name: str, items: Iterable[Mapping[str, Any]]) -> tuple[Batch | None, list[Outcome]]:
    """As `submit_batch` for items that are arguments of `submit`, each with its own words; no batch where none is
    accepted."""
    batch = Batch.objects.create(name=name[:200], author=author)
    outcomes = _submit_each(batch, items)
    if any(not outcome.trouble for outcome in outcomes):
        return batch, outcomes
    batch.delete()
    return None, outcomes


def _submit_each(batch: Batch, items: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    waiting, outcomes = list(items), list[Outcome]()
    for start in range(0, len(waiting), AT_ONCE):
        outcomes += _submit_some(batch, waiting[start : start + AT_ONCE])
    if first := next((outcome.done for outcome in outcomes if not outcome.trouble), None):
        notifications.tell_moderators(first)
    return outcomes


@transaction.atomic
def _submit_some(batch: Batch, items: list[Mapping[str, Any]]) -> list[Outcome]:
    """As `submit` for each, with what is there already looked up for all at once."""
    take_turn(batch.author)
    drafts = [_draft(batch, item) for item in items]
    good = [draft for draft in drafts if isinstance(draft, Proposal)]
    repeated = dict(zip(map(id, good), enter(good), strict=True))
    outcomes = []
    for item, draft in zip(items, drafts, strict=True):
        error = draft if isinstance(draft, WorkflowError) else repeated[id(draft)]
        name = (item["payload"] or {}).get("name", "")
        outcomes.append(Outcome(name, trouble=str(error), error=error) if error else Outcome(name, draft))
    return outcomes


def _draft(batch: Batch, arguments: Mapping[str, Any]) -> Proposal | WorkflowError:
    try:
        return drafted(author=batch.author, batch=batch, **arguments)
    except WorkflowError as error:
        return error
