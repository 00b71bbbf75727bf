"""Submit many proposals as a batch; each is checked on its own."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from catalog.forms.fields import refuse_invisible
from submissions.models import Batch, Proposal
from submissions.notifications import enqueue
from submissions.workflow.errors import Invalid, WorkflowError
from submissions.workflow.outcomes import Outcome
from submissions.workflow.queue import add_to_queue
from submissions.workflow.submitting import NewProposal, build_proposal

CHUNK_SIZE = 50


def submit_proposals(*, author: User, name: str, items: Sequence[NewProposal]) -> tuple[Batch | None, list[Outcome]]:
    """Submit a proposal for each item, all in one batch; without a batch if no item is accepted. A refused item has its
    error in the outcome.

    Each chunk has its own transaction: one for a thousand items would block all other writers. If the process dies in
    between, submitting the same items again reports those that are in the queue already.
    """
    batch = create_batch(author, name)
    outcomes = _submit_each(batch, items)
    if any(not outcome.error_message for outcome in outcomes):
        return batch, outcomes
    batch.delete()
    return None, outcomes


def batch_name_error(name: str) -> str:
    """What is wrong with the name of a batch; "" if nothing is."""
    try:
        refuse_invisible(name)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def create_batch(author: User, name: str) -> Batch:
    """Raises Invalid, by the field "name", if the name holds what nobody sees."""
    if message := batch_name_error(name):
        raise Invalid({"name": [message]})
    return Batch.objects.create(name=name[:200], author=author)


def _submit_each(batch: Batch, items: Sequence[NewProposal]) -> list[Outcome]:
    outcomes = list[Outcome]()
    for start in range(0, len(items), CHUNK_SIZE):
        outcomes += submit_chunk(batch, items[start : start + CHUNK_SIZE])
    if first := next((outcome.result for outcome in outcomes if not outcome.error_message), None):
        enqueue.notify_moderators(first)
    return outcomes


@transaction.atomic
def submit_chunk(batch: Batch, items: Sequence[NewProposal]) -> list[Outcome]:
    """Like `submit` for each item, with one lookup of repeated proposals for the whole chunk."""
    batch.author.lock()  # one of two equal proposals at once is recognised as a repetition
    drafts = [_draft_or_error(batch, item) for item in items]
    accepted = [draft for draft in drafts if isinstance(draft, Proposal)]
    repeated = iter(add_to_queue(accepted))
    outcomes = []
    for item, draft in zip(items, drafts, strict=True):
        error = draft if isinstance(draft, WorkflowError) else next(repeated)
        name = (item.payload or {}).get("name", "")
        outcomes.append(Outcome(name, error_message=str(error), error=error) if error else Outcome(name, draft))
    return outcomes


def _draft_or_error(batch: Batch, proposed: NewProposal) -> Proposal | WorkflowError:
    try:
        return build_proposal(author=batch.author, proposed=proposed, batch=batch)
    except WorkflowError as error:
        return error
