"""The state of background work, for the status page and the admin site."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Min, Q, When
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background.engine import NO_DELAY, Status
from background.models import Worker
from background.upkeep import KEEP_FAILED_DAYS

NO_WORKER = "No worker is running. Tasks wait for one: start manage.py worker."
"""What people who wait for a task are told while no worker is alive."""

LATE_AFTER = timedelta(minutes=5)
"""A task that has been due for so long is late."""


DUE_AT = Case(When(run_after=NO_DELAY, then=F("enqueued_at")), default=F("run_after"))
"""When a task could first be run."""


def late(now: datetime) -> Q:
    """The condition of tasks that have been due for LATE_AFTER."""
    then = now - LATE_AFTER
    return Q(status=Status.READY) & (Q(run_after__lte=then) | Q(run_after=NO_DELAY, enqueued_at__lte=then))


@dataclass(frozen=True)
class Work:
    """Tasks by number, and the workers. What failed, and workers that are gone, are kept for `kept_days`.

    `waiting` includes `late`. `due_since` is when the task that has waited longest could have been run; None if none is
    due. `worker_seen` is the newest heartbeat; None if there is none.
    """

    waiting: int
    late: int
    failed: int
    due_since: datetime | None
    worker_runs: bool
    worker_seen: datetime | None
    kept_days: int = KEEP_FAILED_DAYS


def work() -> Work:
    """The state of background work now; costs three queries."""
    now = timezone.now()
    ready = Q(status=Status.READY)
    counts = DBTaskResult.objects.filter(status__in=(Status.READY, Status.FAILED)).aggregate(
        waiting=Count("pk", filter=ready),
        late=Count("pk", filter=late(now)),
        failed=Count("pk", filter=Q(status=Status.FAILED)),
        due_since=Min(DUE_AT, filter=ready & (Q(run_after__lte=now) | Q(run_after=NO_DELAY))),
    )
    return Work(**counts, worker_runs=Worker.objects.alive().exists(), worker_seen=Worker.objects.last_seen())
