"""Lists that people brought, and what became of each row of them. Written by `submissions.workflow` alone."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class ListImportQuerySet(models.QuerySet["ListImport"]):
    def unfinished(self) -> "ListImportQuerySet":
        """Not all of their rows have an outcome."""
        return self.filter(finished_at=None)


class ListImport(models.Model):
    """A list that somebody submitted: the whole text, and which of its entries were ticked.

    `chosen` are the numbers of the ticked items in the order of the text, from 0. `digest` is the SHA-256 of all that
    was sent, so that pressing twice is recognised. `text` is kept until `read_at`, when the rows exist. `tried_to` is
    the number of the last row of the portion that was begun last, and `tries` says how often what comes first in it
    was tried. `trouble` says why the text could not be read.
    """

    batch = models.OneToOneField("submissions.Batch", models.PROTECT, related_name="list_import")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="list_imports")
    source = models.CharField(max_length=500)
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    chosen = models.JSONField()
    submitted_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    tried_to = models.BigIntegerField(default=-1)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "digest"], condition=Q(finished_at=None), name="list_import_under_way_once"
            ),
            models.CheckConstraint(
                name="list_import_text_until_it_is_read", condition=Q(read_at__isnull=True) | Q(text="")
            ),
            models.CheckConstraint(
                name="list_import_finished_once_read", condition=Q(finished_at__isnull=True) | Q(read_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.batch)

    @property
    def total(self) -> int:
        """How many entries were ticked."""
        return len(self.chosen)


class ListRowQuerySet(models.QuerySet["ListRow"]):
    def left(self) -> "ListRowQuerySet":
        """Neither submitted nor refused yet, in the order of the list."""
        return self.filter(proposal=None, trouble="").order_by("number")

    def submitted(self) -> "ListRowQuerySet":
        """Those that became a proposal."""
        return self.filter(proposal__isnull=False)

    def refused(self) -> "ListRowQuerySet":
        """Those that did not, in the order of the list."""
        return self.exclude(trouble="").order_by("number")


class ListRow(models.Model):
    """A ticked entry of a list: what it would propose, then its `proposal`, or the `trouble` that was in its way.

    `number` is its position in the list, `line` the line it begins in. `state` and `fields` say how it compared with
    the catalogue (`submissions.intake.batch.State`), `notes` what its reader left out. `target` is the entry that it
    edits, by the keys of `workflow.Target`; empty for a new one. `payload` is emptied with the outcome.
    """

    list_import = models.ForeignKey(ListImport, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    state = models.CharField(max_length=20)
    fields: Any = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    target = models.JSONField(default=dict)
    payload = models.JSONField(default=dict)
    proposal = models.OneToOneField("submissions.Proposal", models.PROTECT, null=True, related_name="list_row")
    trouble = models.TextField(blank=True)

    objects = ListRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["list_import", "number"], name="list_row_once"),
            models.CheckConstraint(
                name="list_row_submitted_or_refused", condition=Q(proposal__isnull=True) | Q(trouble="")
            ),
        ]
        indexes = [
            models.Index(fields=["list_import", "number"], condition=Q(proposal=None, trouble=""), name="list_row_left")
        ]

    def __str__(self) -> str:
        return self.name
