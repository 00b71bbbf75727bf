"""Carry out confirmed rollbacks in the background worker, one revision after the other, however often it is cut off."""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.rules import can_moderate
from background.engine import stopping, task
from catalog.models import Revision
from submissions.rollbacks import Rollback, RollbackStatus
from submissions.workflow.errors import WorkflowError
from submissions.workflow.outcomes import Outcome
from submissions.workflow.undoing import undo

logger = logging.getLogger(__name__)

CHUNK_SIZE = 50
"""How many revisions one task undoes, some three seconds of work; it then enqueues another one."""
MAX_TRIES = 2
"""How often a revision is tried whose undoing fails the database or ends the worker."""
UNEXPECTED = "An unexpected error, which is in the log: {}."
WITHOUT_OUTCOME = f"It was tried {MAX_TRIES} times, and each time the background worker ended before it was done."


@task()
def carry_out(rollback_id: int) -> str:
    """Undo the next revisions of a confirmed rollback, and enqueue itself for what is left; return how far it is.

    Each revision is undone in the transaction that records its step. So a task may end at any moment, and may be run
    twice or at the same time as another. Who decided on the rollback must be a moderator at each step.
    """
    rollback = _get_confirmed(rollback_id)
    if why_it_stops := reason_to_stop(rollback):
        return why_it_stops
    chunk = _left(rollback)[:CHUNK_SIZE]
    revisions = Revision.objects.in_bulk(chunk)
    for revision_id in chunk:
        if stopping.is_set():
            break
        if why_it_stops := _take_step(rollback, revisions[revision_id]):
            return why_it_stops
    left = _left(rollback)
    if left:
        carry_out.enqueue(rollback_id)
    else:
        Rollback.objects.filter(pk=rollback_id, finished_at=None).update(finished_at=timezone.now())
    return f"{len(left)} of {len(rollback.revisions)} left"


def reason_to_stop(rollback: Rollback) -> str:
    """Why nothing more of a confirmed rollback is undone, as a sentence; empty if it goes on."""
    people = filter(None, (rollback.proposed_by, rollback.decided_by))
    gone = next((person for person in people if not can_moderate(person)), None)
    return f"{gone} is not a moderator any more." if gone else ""


def outcomes_of(rollback: Rollback) -> list[Outcome]:
    """What became of the revisions of a rollback so far, newest first."""
    steps = list(rollback.steps.all())
    undoing_ids = [step.undoing_id for step in steps if step.undoing_id is not None]
    revisions = Revision.objects.in_bulk([step.revision_id for step in steps]) | Revision.objects.in_bulk(undoing_ids)
    return [Outcome(revisions[step.revision_id], revisions.get(step.undoing_id or 0), step.trouble) for step in steps]


def tried_without_outcome(rollback: Rollback) -> Revision | None:
    """The revision that the last task tried, if it has no step: it was cut off, or the database failed."""
    if rollback.finished_at or rollback.trying_id is None:
        return None
    if rollback.steps.filter(revision_id=rollback.trying_id).exists():
        return None
    return Revision.objects.get(pk=rollback.trying_id)


def _get_confirmed(rollback_id: int) -> Rollback:
    rows = Rollback.objects.select_related("proposed_by", "decided_by")
    return rows.get(pk=rollback_id, status=RollbackStatus.CONFIRMED)


def _left(rollback: Rollback) -> list[int]:
    """The ids of the revisions without a step, newest first."""
    done = set(rollback.steps.values_list("revision_id", flat=True))
    return [pk for pk in rollback.revisions if pk not in done]


def _take_step(rollback: Rollback, revision: Revision) -> str:
    """Undo a revision, or record why it stays; return why the rollback stops, if it does.

    An error of the database is raised at first, since it may pass: the task fails, and can be continued. At the last
    try it is the revision's own, and recorded like all that nobody foresaw, or all others would wait for it for ever.
    """
    tries = _count_try(rollback, revision)
    if tries > MAX_TRIES:
        _record_trouble(rollback, revision, WITHOUT_OUTCOME)
        return ""
    try:
        return _undo_once(rollback.pk, revision)
    except WorkflowError as error:
        trouble = str(error)
    except Exception as error:
        if isinstance(error, OperationalError | InterfaceError) and tries < MAX_TRIES:
            raise
        logger.exception("Revision %d could not be undone.", revision.pk)
        trouble = UNEXPECTED.format(type(error).__name__)
    _record_trouble(rollback, revision, trouble)
    return ""


def _count_try(rollback: Rollback, revision: Revision) -> int:
    """Count that a revision is tried, and return how often it was, this time included. It is committed before the try,
    so that one which ends the process counts, and none is counted while the database is away."""
    rows = Rollback.objects.filter(pk=rollback.pk)
    again = When(trying_id=revision.pk, then=F("tries") + 1)
    rows.update(trying_id=revision.pk, tries=Case(again, default=Value(1)))
    return rows.values_list("tries", flat=True).get()


@transaction.atomic
def _undo_once(rollback_id: int, revision: Revision) -> str:
    """Undo a revision and record the step; nothing if it has one. The publish lock lets one task do so at a time.

    Return why the rollback stops, if it does.
    """
    Revision.objects.take_publish_lock()
    rollback = _get_confirmed(rollback_id)
    if why_it_stops := reason_to_stop(rollback):
        return why_it_stops
    if not rollback.steps.filter(revision_id=revision.pk).exists():
        undone = undo(revision=revision, actor=rollback.proposed_by, reason=rollback.reason, second=rollback.decided_by)
        rollback.steps.create(revision_id=revision.pk, undoing_id=undone.pk)
    return ""


@transaction.atomic
def _record_trouble(rollback: Rollback, revision: Revision, trouble: str) -> None:
    """Record why a revision stays, unless another task has undone it meanwhile."""
    Revision.objects.take_publish_lock()
    rollback.steps.get_or_create(revision_id=revision.pk, defaults={"trouble": trouble})
