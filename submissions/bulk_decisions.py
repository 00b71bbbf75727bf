"""Decisions of a moderator on many proposals, and what became of each. Written by `submissions.workflow` alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class BulkDecisionQuerySet(models.QuerySet["BulkDecision"]):
    def unfinished(self) -> "BulkDecisionQuerySet":
        """Not all of their rows have an outcome."""
        return self.filter(finished_at=None)


class BulkDecision(models.Model):
    """What one moderator decided on many proposals at once.

    `filters` is the query string of the queue that they were chosen from. `trying_id` is the row that was begun last,
    and `tries` says how often it was.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    filters = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    trying_id = models.BigIntegerField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = BulkDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Decision {self.pk} by {self.actor}"


class BulkDecisionRowQuerySet(models.QuerySet["BulkDecisionRow"]):
    def left(self) -> "BulkDecisionRowQuerySet":
        """Without an outcome, in the order of the decision."""
        return self.filter(done_at=None)

    def refused(self) -> "BulkDecisionRowQuerySet":
        """Those that were not carried out."""
        return self.exclude(trouble="")


class BulkDecisionRow(models.Model):
    """The decision on one proposal, at the `version` that was shown: a verb of the register and its `message`.

    `done_at` is when it was carried out or refused, with the `trouble` as the reason. Written in the transaction that
    decides, so that nothing is decided twice.
    """

    decision = models.ForeignKey(BulkDecision, models.PROTECT, related_name="rows")
    proposal = models.ForeignKey("submissions.Proposal", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    message = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=20, blank=True)
    trouble = models.TextField(blank=True)

    objects = BulkDecisionRowQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "proposal"], name="bulk_decision_row_once"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(done_at=None), name="bulk_decision_one_waiting_for_each_proposal"
            ),
            models.CheckConstraint(
                name="bulk_decision_row_refused_only_when_done", condition=Q(trouble="") | Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.proposal_id}"
