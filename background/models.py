"""The worker processes that have been seen. Written by `background.worker` alone."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

DEAD_AFTER = timedelta(minutes=2)
"""After so long without a heartbeat, a worker counts as dead."""


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> "WorkerQuerySet":
        """Neither stopped nor silent for DEAD_AFTER."""
        return self.filter(stopped_at=None, seen_at__gt=timezone.now() - DEAD_AFTER)

    def last_seen(self) -> datetime | None:
        """The newest heartbeat of any worker; None if there has been none lately."""
        newest: datetime | None = self.aggregate(newest=models.Max("seen_at"))["newest"]
        return newest


class Worker(models.Model):
    """A worker process, under the name by which its tasks list it."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.name
