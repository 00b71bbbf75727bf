"""Many at once, each still checked: a batch comes in, a selection is decided. What became of each is told."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.kinds import Kind
from submissions.models import Batch, Proposal, ProposalAction
from submissions.notifications import enqueue
from submissions.verbs.definitions import Verb
from submissions.workflow.entering import enter, take_turn
from submissions.workflow.errors import WorkflowError
from submissions.workflow.record import perform
from submissions.workflow.submitting import NewProposal, Target, drafted
from submissions.workflow.undoing import Outcome

AT_ONCE = 50


def perform_each(verb: Verb, proposals: Iterable[Proposal], actor: User, **arguments: Any) -> list[Outcome]:
    """Apply one verb to each, in a transaction of its own; one that is refused holds up none of the others."""
    outcomes = []
    for proposal in proposals:
        try:
            outcomes.append(Outcome(proposal, perform(verb, proposal=proposal, actor=actor, **arguments)))
        except WorkflowError as error:
            outcomes.append(Outcome(proposal, trouble=str(error)))
    return outcomes


def submit_batch(
    *,
    author: User,
    name: str,
    items: Iterable[tuple[Kind, Mapping[str, Any], Target | None]],
    source: str,
    comment: str = "",
) -> tuple[Batch, list[Outcome]]:
    """One proposal an item, all under one batch; an item that is refused is told and leaves the others alone.

    A few at a time share a transaction: a thousand in one would keep everybody else from writing for as long as they
    take. Should the process die in between, the same list brought again is told of those that are in the queue already.
    """
    proposed = [
        NewProposal(
            kind,
            ProposalAction.EDIT if target else ProposalAction.CREATE,
            payload,
            target,
            source=source,
            comment=comment,
        )
        for kind, payload, target in items
    ]
    batch = Batch.objects.create(name=name[:200], author=author)
    return batch, _submit_each(batch, proposed)


def submit_lines(*, author: User, name: str, items: Sequence[NewProposal]) -> tuple[Batch | None, list[Outcome]]:
    """As `submit_batch` for items that each have their own source and comment; no batch where none is accepted."""
    batch = Batch.objects.create(name=name[:200], author=author)
    outcomes = _submit_each(batch, items)
    if any(not outcome.trouble for outcome in outcomes):
        return batch, outcomes
    batch.delete()
    return None, outcomes


def _submit_each(batch: Batch, items: Sequence[NewProposal]) -> list[Outcome]:
    outcomes = list[Outcome]()
    for start in range(0, len(items), AT_ONCE):
        outcomes += _submit_some(batch, items[start : start + AT_ONCE])
    if first := next((outcome.done for outcome in outcomes if not outcome.trouble), None):
        enqueue.tell_moderators(first)
    return outcomes


@transaction.atomic
def _submit_some(batch: Batch, items: Sequence[NewProposal]) -> list[Outcome]:
    """As `submit` for each, with what is there already looked up for all at once."""
    take_turn(batch.author)
    drafts = [_draft(batch, item) for item in items]
    good = [draft for draft in drafts if isinstance(draft, Proposal)]
    repeated = iter(enter(good))
    outcomes = []
    for item, draft in zip(items, drafts, strict=True):
        error = draft if isinstance(draft, WorkflowError) else next(repeated)
        name = (item.payload or {}).get("name", "")
        outcomes.append(Outcome(name, trouble=str(error), error=error) if error else Outcome(name, draft))
    return outcomes


def _draft(batch: Batch, proposed: NewProposal) -> Proposal | WorkflowError:
    try:
        return drafted(author=batch.author, proposed=proposed, batch=batch)
    except WorkflowError as error:
        return error
