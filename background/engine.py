"""Django's task API, on Django 5.2 by its backport, and enqueuing a task that may be waiting already."""

import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

import django
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

if TYPE_CHECKING or django.VERSION >= (6, 0):
    from django.tasks import Task, task
else:
    from django_tasks import task
    from django_tasks.base import Task

__all__ = ["NO_DELAY", "Status", "Task", "enqueue_once", "stopping", "task", "unfinished_arguments"]

Status = TaskResultStatus

NO_DELAY = get_date_max()
"""What the engine stores as `run_after` of a task that may run at once."""


stopping = threading.Event()
"""Set while the worker stops: a long task ends what it has begun, and leaves the rest to another run of it."""


def enqueue_once(task: Task[..., Any], *, at: datetime | None = None) -> None:
    """Enqueue a task without arguments, to run `at` a moment or at once, unless it waits for then or earlier already.

    Call it after the commit of what the task is to see: a task that is found waiting here begins later, and sees it.
    """
    in_time = Q(run_after=NO_DELAY) | Q(run_after__lte=at or timezone.now())
    if not DBTaskResult.objects.filter(in_time, task_path=task.module_path, status=Status.READY).exists():
        task.using(run_after=at).enqueue()


def unfinished_arguments(task: Task[..., Any]) -> set[Any]:
    """The first argument of each task of a kind that is ready or running."""
    rows = DBTaskResult.objects.filter(task_path=task.module_path, status__in=(Status.READY, Status.RUNNING))
    return {arguments["args"][0] for arguments in rows.values_list("args_kwargs", flat=True)}
