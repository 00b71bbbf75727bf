"""Rollbacks and what became of each of their revisions. Written by `submissions.workflow` alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class RollbackStatus(models.TextChoices):
    WAITING = "waiting", "Waiting for a second moderator"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"


class RollbackQuerySet(models.QuerySet["Rollback"]):
    def unfinished(self) -> "RollbackQuerySet":
        """Waiting for a second moderator, or confirmed and not carried out to the end."""
        return self.exclude(status=RollbackStatus.DECLINED).filter(finished_at=None)


class Rollback(models.Model):
    """A rollback of an account's work that a second moderator has to confirm.

    `revisions` are the ids of what it would undo, newest first. `finished_at` is when each of them had its step; None
    before. `trying_id` is the revision that was begun last, and `tries` says how often it was.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    revisions = models.JSONField()
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=RollbackStatus.choices, default=RollbackStatus.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    trying_id = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = RollbackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="rollback_decided_iff_not_waiting",
                condition=Q(status=RollbackStatus.WAITING, decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=[RollbackStatus.CONFIRMED, RollbackStatus.DECLINED],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="rollback_confirmed_by_another",
                condition=~Q(status=RollbackStatus.CONFIRMED) | ~Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(name="rollback_with_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="rollback_finished_only_if_confirmed",
                condition=Q(finished_at__isnull=True) | Q(status=RollbackStatus.CONFIRMED),
            ),
        ]

    def __str__(self) -> str:
        return f"Rollback of {self.account} since {self.since:%Y-%m-%d}"


class RollbackStep(models.Model):
    """What became of one revision of a confirmed rollback: `undoing_id` is the revision that undid it, or `trouble`
    says why it stays. Written in the transaction that undoes it, so that nothing is undone twice."""

    rollback = models.ForeignKey(Rollback, models.PROTECT, related_name="steps")
    revision_id = models.BigIntegerField()
    undoing_id = models.BigIntegerField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["rollback", "revision_id"], name="rollback_step_once"),
            models.CheckConstraint(
                name="rollback_step_undone_or_in_trouble",
                condition=Q(undoing_id__isnull=False, trouble="") | Q(undoing_id__isnull=True) & ~Q(trouble=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Revision {self.revision_id}"
