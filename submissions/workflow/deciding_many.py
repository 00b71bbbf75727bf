"""Decide on many proposals: some seconds of it in the request, the rest in the background, each by itself and once."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.rules import can_moderate
from background.engine import stopping, task, unfinished_arguments
from background.models import Worker
from submissions.bulk_decisions import BulkDecision, BulkDecisionRow
from submissions.models import Proposal
from submissions.states import Status
from submissions.verbs import APPROVE, VERBS
from submissions.verbs.definitions import Verb
from submissions.workflow.errors import Conflict, WorkflowError
from submissions.workflow.outcomes import Outcome
from submissions.workflow.submitting import clean_text, require_text
from submissions.workflow.transitions import perform, require

logger = logging.getLogger(__name__)

CHUNK_SIZE = 25
"""How many proposals one task decides on, some two seconds of work; it then enqueues another one."""
SECONDS_HERE = 5.0
"""After so long a web request begins no further decision."""
MAX_TRIES = 2
"""How often a decision is tried that fails the database or ends the process."""
LEFT_ALONE_AFTER = timedelta(minutes=2)
UNEXPECTED = "An unexpected error, which is in the log: {}."
WITHOUT_OUTCOME = f"It was tried {MAX_TRIES} times, and each time the process ended before it was done."
NO_ROLE = "{} is not a moderator any more."


@dataclass(frozen=True)
class Chosen:
    """What is decided on one proposal, which is at the version that the moderator saw."""

    proposal: Proposal
    verb: Verb
    message: str = ""


@dataclass(frozen=True)
class DecisionProgress:
    """How far a decision is, in proposals. `waits_for_worker` is whether it stands still because no worker is alive."""

    total: int
    done: int
    refused: int
    is_finished: bool
    is_under_way: bool
    stopped_by: str
    waits_for_worker: bool

    @property
    def left(self) -> int:
        return self.total - self.done


def decide_many(*, actor: User, chosen: Sequence[Chosen], filters: str = "") -> BulkDecision:
    """Carry out what was chosen, each in a transaction of its own: some seconds of it here, the rest by the worker.

    What waits in another such decision already is left to that one. Raises NotAllowed, or Invalid for a message.
    """
    require(can_moderate(actor), "Only moderators decide.")
    for verb, message in {(one.verb, one.message) for one in chosen}:
        if verb.message and verb.needs_message:
            require_text(message, verb.message.name, "Say why: its author reads it.")
        clean_text(message, verb.message.name if verb.message else "message")
    decision = _store(actor, chosen, filters)
    decide_here(decision.pk)
    return BulkDecision.objects.select_related("actor").get(pk=decision.pk)


def decide_here(decision_id: int, *, seconds: float | None = None) -> None:
    """Decide in this process until all is done or the time is over; the worker is to do the rest."""
    deadline = time.monotonic() + (SECONDS_HERE if seconds is None else seconds)
    try:
        while _take_next(decision_id) and time.monotonic() < deadline:
            pass
    except (OperationalError, InterfaceError):
        logger.exception("Decision %d was interrupted.", decision_id)
    if BulkDecision.objects.unfinished().filter(pk=decision_id).exists():
        _enqueue_once(decision_id)


@task()
def carry_out_decision(decision_id: int) -> str:
    """Carry out the next rows of a decision, and enqueue itself for what is left; return how far it is."""
    goes_on = True
    for _ in range(CHUNK_SIZE):
        if stopping.is_set():
            break
        goes_on = _take_next(decision_id)
        if not goes_on:
            break
    if goes_on:
        carry_out_decision.enqueue(decision_id)
    rows = BulkDecisionRow.objects.filter(decision=decision_id)
    return f"{rows.left().count()} of {rows.count()} left"


def continue_decision(*, decision: BulkDecision, actor: User) -> None:
    """Go on with a decision that nothing carries out. Raises NotAllowed or Conflict."""
    require(can_moderate(actor), "Only moderators decide.")
    if decision.finished_at:
        raise Conflict("Nothing of this decision is left to be carried out.")
    if why := _reason_to_stop(decision):
        raise Conflict(why)
    if Worker.objects.alive().exists():
        _enqueue_once(decision.pk)
    else:
        decide_here(decision.pk)


def progress_of_decision(decision: BulkDecision) -> DecisionProgress:
    """How far a decision is; costs the same for any number of rows."""
    total, left = decision.rows.count(), decision.rows.left().count()
    finished = decision.finished_at is not None
    stopped_by = "" if finished else _reason_to_stop(decision)
    goes_on = not finished and not stopped_by
    return DecisionProgress(
        total=total,
        done=total - left,
        refused=decision.rows.refused().count(),
        is_finished=finished,
        is_under_way=goes_on and decision.pk in unfinished_arguments(carry_out_decision),
        stopped_by=stopped_by,
        waits_for_worker=goes_on and not Worker.objects.alive().exists(),
    )


def decided_rows(decision: BulkDecision) -> list[tuple[Verb, Outcome]]:
    """What became of each proposal so far, in the order of the decision; where a first of two approvals was given, the
    result is pending."""
    rows = decision.rows.exclude(done_at=None).select_related("proposal__author")
    found = []
    for row in rows:
        result = Proposal(pk=row.proposal_id, status=row.status) if not row.trouble else None
        found.append((VERBS[row.verb], Outcome(row.proposal, result, row.trouble)))
    return found


def is_agreement(verb: Verb, outcome: Outcome) -> bool:
    """Whether it was the first of two approvals."""
    return verb is APPROVE and not outcome.error_message and outcome.result.status == Status.PENDING


def take_up_decisions() -> None:
    """Enqueue unfinished decisions that no task carries out. The worker calls this now and then."""
    decisions = BulkDecision.objects.unfinished().filter(decided_at__lt=timezone.now() - LEFT_ALONE_AFTER)
    for decision in decisions.select_related("actor"):
        if not _reason_to_stop(decision):
            _enqueue_once(decision.pk)


def _enqueue_once(decision_id: int) -> None:
    if decision_id not in unfinished_arguments(carry_out_decision):
        carry_out_decision.enqueue(decision_id)


@transaction.atomic
def _store(actor: User, chosen: Sequence[Chosen], filters: str) -> BulkDecision:
    decision = BulkDecision.objects.create(actor=actor, filters=filters, decided_at=timezone.now())
    rows = [
        BulkDecisionRow(
            decision=decision,
            proposal=one.proposal,
            version=one.proposal.version,
            verb=one.verb.name,
            message=one.message.strip(),
        )
        for one in chosen
    ]
    BulkDecisionRow.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)  # those wait in another one
    return decision


def _reason_to_stop(decision: BulkDecision) -> str:
    return "" if can_moderate(decision.actor) else NO_ROLE.format(decision.actor)


def _take_next(decision_id: int) -> bool:
    """Carry out the next row, or record why it is refused; return whether to go on.

    An error of the database is raised at first, since it may pass; at the last try it is the row's own.
    """
    decision = BulkDecision.objects.select_related("actor").get(pk=decision_id)
    if decision.finished_at or _reason_to_stop(decision):
        return False
    row_id = decision.rows.left().values_list("pk", flat=True).first()
    if row_id is None:
        BulkDecision.objects.unfinished().filter(pk=decision_id).update(finished_at=timezone.now())
        return False
    tries = _count_try(decision, row_id)
    trouble = WITHOUT_OUTCOME
    if tries <= MAX_TRIES:
        try:
            _carry_out(decision_id, row_id)
        except WorkflowError as error:
            trouble = str(error)
        except Exception as error:
            if isinstance(error, OperationalError | InterfaceError) and tries < MAX_TRIES:
                raise
            logger.exception("Row %d of decision %d could not be carried out.", row_id, decision_id)
            trouble = UNEXPECTED.format(type(error).__name__)
        else:
            return True
    BulkDecisionRow.objects.left().filter(pk=row_id).update(done_at=timezone.now(), trouble=trouble)
    return True


def _count_try(decision: BulkDecision, row_id: int) -> int:
    """Count that a row is tried, and return how often it was, this time included; committed before the try."""
    rows = BulkDecision.objects.filter(pk=decision.pk)
    rows.update(trying_id=row_id, tries=Case(When(trying_id=row_id, then=F("tries") + 1), default=Value(1)))
    return rows.values_list("tries", flat=True).get()


@transaction.atomic
def _carry_out(decision_id: int, row_id: int) -> None:
    """Carry out a row and record it; nothing if another process has."""
    rows = BulkDecisionRow.objects.left().filter(pk=row_id, decision=decision_id)
    row = rows.select_for_update(of=("self",)).select_related("proposal", "decision__actor").first()
    if row is None or _reason_to_stop(row.decision):
        return
    verb = VERBS[row.verb]
    proposal = Proposal.objects.select_related("author", "batch", "claimed_by", "seconded_by").get(pk=row.proposal_id)
    proposal.version = row.version
    arguments = {verb.message.name: row.message} if verb.message else {}
    result = perform(verb, proposal=proposal, actor=row.decision.actor, **arguments)
    rows.update(done_at=timezone.now(), status=result.status)
