"""Webhooks and their deliveries. Written by `delivery` and `subscriptions`."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.ledger.payloads import payload_of
from catalog.models import Revision


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def active(self) -> "WebhookQuerySet":
        """Not paused, and the owner neither suspended nor gone."""
        return self.filter(paused_at=None, owner__is_active=True, owner__suspended_at=None)


class Webhook(models.Model):
    """A subscription to changes: all of them, those of a kind, of a topic, or of one entry; with `boards` to changes of
    the boards of all benchmarks, or of one.

    `position` is the id of the last revision for which deliveries were created; it stays where it is while the webhook
    is paused. `secret` is stored in clear, since it signs the messages; its owner sees it once.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks")
    url = models.CharField("address", max_length=500)
    secret = models.CharField(max_length=100, editable=False)
    kind = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=100, blank=True)
    entry_id = models.BigIntegerField(null=True, blank=True)
    entry_name = models.CharField(max_length=300, blank=True)
    boards = models.BooleanField(default=False)
    position = models.BigIntegerField()
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.CharField(max_length=300, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="webhook_entry_has_a_kind", condition=Q(entry_id__isnull=True) | ~Q(kind="")),
            models.CheckConstraint(
                name="webhook_boards_of_benchmarks", condition=Q(boards=False) | Q(kind=Benchmark.kind, topic="")
            ),
            models.CheckConstraint(
                name="webhook_paused_with_reason",
                condition=Q(paused_at__isnull=True, paused_because="")
                | Q(paused_at__isnull=False) & ~Q(paused_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def get_absolute_url(self) -> str:
        return reverse("submissions:webhook", args=[self.pk])

    @property
    def subscription_text(self) -> str:
        """What it subscribes to, such as “Datasets of the topic video”."""
        if self.boards:
            return f"Boards of “{self.entry_name}”" if self.entry_id is not None else "Boards of all benchmarks"
        if self.entry_id is not None:
            return f"{KINDS[self.kind].label} “{self.entry_name}”"
        changes = KINDS[self.kind].label_plural if self.kind else "All changes"
        return f"{changes} of the topic {self.topic}" if self.topic else changes

    def matches(self, revision: Revision) -> bool:
        """Whether it subscribes to this change."""
        return (
            self.kind in ("", revision.kind)
            and self.entry_id in (None, revision.entry_id)
            and (not self.topic or self.topic in _topics_of(revision))
        )


def _topics_of(revision: Revision) -> set[str]:
    return {slug for _, slug in KINDS[revision.kind].form.references(payload_of(revision), "topics")}


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def unsent(self) -> "DeliveryQuerySet":
        """Neither delivered nor given up, by the time at which they are due."""
        return self.filter(delivered_at=None, given_up=False).order_by("due_at", "pk")

    def free(self, now: datetime) -> "DeliveryQuerySet":
        """Not leased to a process that is sending them."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now))


class Delivery(models.Model):
    """One change (or, without a revision, a test message) for one webhook. A redelivery keeps the id.

    One with a `benchmark_id` is of its boards, by all revisions after `since_id` up to `revision_id`.
    """

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    revision_id = models.BigIntegerField(null=True, blank=True)
    benchmark_id = models.BigIntegerField(null=True, blank=True)
    since_id = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up = models.BooleanField(default=False)
    answer = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "revision_id"],
                condition=Q(benchmark_id__isnull=True),
                name="delivery_of_a_change_once",
            ),
            models.UniqueConstraint(
                fields=["webhook", "revision_id", "benchmark_id"],
                condition=Q(benchmark_id__isnull=False),
                name="delivery_of_boards_once",
            ),
            models.CheckConstraint(
                name="delivery_of_boards_since_a_revision",
                condition=Q(benchmark_id__isnull=True, since_id__isnull=True)
                | Q(benchmark_id__isnull=False, since_id__isnull=False, revision_id__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_done_or_given_up", condition=Q(delivered_at__isnull=True) | Q(given_up=False)
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(delivered_at=None, given_up=False), name="delivery_waiting"
            ),
            models.Index(F("webhook").asc(), F("id").desc(), name="delivery_of_webhook"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        """The id of the message, the same for every attempt, so that receivers can ignore repetitions."""
        return f"msg_{self.webhook_id}_{self.pk}"
