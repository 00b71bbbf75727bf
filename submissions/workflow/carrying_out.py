"""Carry out confirmed rollbacks in the background worker, one revision after the other, however often it is cut off."""

import logging

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.rules import can_moderate
from background.engine import stopping, task
from catalog.models import Revision
from submissions.rollbacks import Rollback, RollbackStatus, RollbackStep
from submissions.workflow.errors import WorkflowError
from submissions.workflow.outcomes import Outcome
from submissions.workflow.undoing import undo

logger = logging.getLogger(__name__)

CHUNK_SIZE = 50
"""How many revisions one task undoes, some three seconds of work; it then enqueues another one."""


@task()
def carry_out(rollback_id: int) -> str:
    """Undo the next revisions of a confirmed rollback, and enqueue itself for what is left; return how far it is.

    Each revision is undone in the transaction that records its step. So a task may end at any moment, and may be run
    twice or at the same time as another.
    """
    rollback = Rollback.objects.select_related("proposed_by", "decided_by").get(
        pk=rollback_id, status=RollbackStatus.CONFIRMED
    )
    if why_it_stops := reason_to_stop(rollback):
        return why_it_stops
    chunk = _left(rollback)[:CHUNK_SIZE]
    revisions = Revision.objects.in_bulk(chunk)
    for revision_id in chunk:
        if stopping.is_set():
            break
        _undo_once(rollback, revisions[revision_id])
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


def _left(rollback: Rollback) -> list[int]:
    """The ids of the revisions without a step, newest first."""
    done = set(rollback.steps.values_list("revision_id", flat=True))
    return [pk for pk in rollback.revisions if pk not in done]


@transaction.atomic
def _undo_once(rollback: Rollback, revision: Revision) -> None:
    """Undo a revision and record the step; nothing if it has one. The publish lock lets one task do so at a time.

    What nobody foresaw is logged and recorded as well, or one damaged revision would keep all others from being undone.
    """
    Revision.objects.take_publish_lock()
    if rollback.steps.filter(revision_id=revision.pk).exists():
        return
    step = RollbackStep(rollback=rollback, revision_id=revision.pk)
    try:
        undone = undo(revision=revision, actor=rollback.proposed_by, reason=rollback.reason, second=rollback.decided_by)
        step.undoing_id = undone.pk
    except WorkflowError as error:
        step.trouble = str(error)
    except OperationalError:  # of the moment, such as a lost connection: the task fails, and can be run again
        raise
    except Exception as error:
        logger.exception("Revision %d could not be undone.", revision.pk)
        step.trouble = f"An unexpected error, which is in the log: {type(error).__name__}."
    step.save()
