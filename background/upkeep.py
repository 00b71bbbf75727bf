"""What the worker does for the queue itself: tasks of workers that died, and old results."""

from datetime import timedelta

from django.core.management import call_command
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background.engine import Status, enqueue_once, task
from background.models import DEAD_AFTER, Worker

MAX_STARTS = 3
"""A task whose worker died so many times is failed: it may be what ends them."""

KEEP_DAYS = 2
"""Days for which results are kept."""

KEEP_FAILED_DAYS = 30
"""Days for which failed tasks are kept, and workers after their last sign of life."""


def take_up_lost_tasks() -> None:
    """Let tasks run again whose worker ended without finishing them; the engine leaves them “running” for ever."""
    for lost in lost_tasks():
        running = DBTaskResult.objects.filter(pk=lost.pk, status=Status.RUNNING, started_at=lost.started_at)
        if len(workers_of(lost)) < MAX_STARTS:
            running.update(status=Status.READY, started_at=None)
        else:
            running.update(
                status=Status.FAILED,
                finished_at=timezone.now(),
                traceback=f"{MAX_STARTS} workers ended while they ran this task.",
            )


def lost_tasks() -> list[DBTaskResult]:
    """Tasks that have been running for DEAD_AFTER at least, in a worker that is not alive."""
    running: QuerySet[DBTaskResult] = DBTaskResult.objects.running().filter(started_at__lte=timezone.now() - DEAD_AFTER)
    if not running.exists():
        return []
    alive = set(Worker.objects.alive().values_list("name", flat=True))
    return [row for row in running if not alive.intersection(workers_of(row)[-1:])]


def workers_of(row: DBTaskResult) -> list[str]:
    """The names of the workers that took a task; none if the row is damaged."""
    return [str(name) for name in row.worker_ids] if isinstance(row.worker_ids, list) else []


def fail_damaged(queue: str) -> int:
    """List as failed the waiting tasks of a queue that no worker can take; return their number."""
    damaged = [
        row for row in DBTaskResult.objects.ready().filter(queue_name=queue) if not isinstance(row.worker_ids, list)
    ]
    for row in damaged:
        row.set_failed(TypeError(f"The workers of the task are {row.worker_ids!r}, not a list."))
    return len(damaged)


def schedule_pruning() -> None:
    """Have old results deleted, once a day."""
    if not DBTaskResult.objects.filter(
        task_path=prune_results.module_path, finished_at__gt=timezone.now() - timedelta(days=1)
    ).exists():
        enqueue_once(prune_results)


@task()
def prune_results() -> None:
    """Delete old results, and workers that have not been seen for long."""
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=KEEP_DAYS,
        failed_min_age_days=KEEP_FAILED_DAYS,
        verbosity=0,
    )
    Worker.objects.filter(seen_at__lt=timezone.now() - timedelta(days=KEEP_FAILED_DAYS)).delete()
