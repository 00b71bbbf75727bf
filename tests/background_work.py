"""Running the tasks that were enqueued, as the worker does, at any moment."""

from datetime import datetime
from unittest.mock import patch

from django.conf import settings
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as Engine
from django_tasks_db.models import DBTaskResult

from background.engine import Status
from submissions.models import Letter


def run_tasks(now: datetime | None = None) -> list[str]:
    """Run what is ready, now or at `now`; return the tasks that were run by name, in order of their queues.

    Failed ones are among them: the engine keeps what they raised.
    """
    before = set(DBTaskResult.objects.finished().values_list("pk", flat=True))
    moment = now or timezone.now()
    with (
        patch("django.utils.timezone.now", lambda: moment),
        patch("django_tasks_db.management.commands.db_worker.close_old_connections"),  # the test's own is in use
    ):
        for queue in settings.TASKS["default"]["QUEUES"]:
            engine = Engine(
                queue_names=[queue],
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id="a test",
                excluded_queue_names=[],
            )
            engine.run()
    return [row.task_name for row in DBTaskResult.objects.finished().exclude(pk__in=before).order_by("started_at")]


def waiting() -> list[tuple[str, list[object]]]:
    """The tasks that wait: name and arguments, by the time at which they run."""
    rows = DBTaskResult.objects.filter(status=Status.READY).order_by("run_after", "enqueued_at")
    return [(row.task_name, row.args_kwargs["args"]) for row in rows]


def send_due_emails(now: datetime | None = None) -> int:
    """Run what is ready; return the number of emails sent by it."""
    before = Letter.objects.exclude(sent_at=None).count()
    run_tasks(now)
    return Letter.objects.exclude(sent_at=None).count() - before
