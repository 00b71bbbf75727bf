"""The base models of entries. Every row is public: there is no draft flag."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from catalog.text import source_classes


class LinkKind(models.TextChoices):
    PAPER = "paper", "Paper"
    ARXIV = "arxiv", "arXiv"
    CODE = "code", "Code"
    WEIGHTS = "weights", "Weights"
    DATA = "data", "Data"
    PROJECT = "project", "Project"
    DEMO = "demo", "Demo"
    BLOG = "blog", "Blog"
    VIDEO = "video", "Video"
    LEADERBOARD = "leaderboard", "Leaderboard"
    OTHER = "other", "Link"


class Confidence(models.TextChoices):
    CONFIRMED = "confirmed", "read in the source"
    UNVERIFIED = "unverified", "not verified"


NO_SECTION_POSITION = 2**31 - 1
"""The `order_section` of an entry without a section."""


class SourceClass(models.TextChoices):
    """What a source is to the value; the values are those of `catalog.text.source_classes`."""

    PRIMARY = source_classes.PRIMARY, "Primary source"
    COPY = source_classes.COPY, "Official copy"
    INDEX = source_classes.INDEX, "Index or aggregator"
    LIST = source_classes.LIST, "List or blog"


class Sourced(models.TextChoices):
    """What says where a value was read: sources of its own, or else the change that set it."""

    OWN = "own", "sources of its own"
    CHANGE = "change", "given with the change"
    LIST = "list", "only the imported list states it"
    NONE = "none", "no source given"


class EntryQuerySet(models.QuerySet[Any]):
    def newest(self) -> "EntryQuerySet":
        """Ordered by year, newest first, then by slug, so that the order is total."""
        return self.order_by("-order_year", "slug")

    def with_references(self) -> "EntryQuerySet":
        """With what payloads refer to by slug, in a constant number of queries."""
        rows: EntryQuerySet = self.model.fetch_references(self)
        return rows


class Entry(models.Model):
    """The fields of every kind. Only `catalog.ledger.publishing`, `bulk` and `bulk_edits` write them."""

    kind: ClassVar[str]
    plural: ClassVar[str]
    joined: ClassVar[tuple[str, ...]] = ("section",)
    """What the page of an entry needs of other tables, in the query that finds the entry."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    notes = models.TextField("remarks", blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    order_year = models.GeneratedField(
        expression=Coalesce("year", 0), output_field=models.IntegerField(), db_persist=True, editable=False
    )  # sorts unknown years last, and can be indexed, on both engines
    section = models.ForeignKey(
        "catalog.Section", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    order_section = models.PositiveIntegerField(
        default=NO_SECTION_POSITION, editable=False
    )  # so that one index has the list's order
    position = models.PositiveIntegerField(default=0)
    links = models.JSONField(default=list, blank=True)
    aliases = models.JSONField("also known as", default=list, blank=True)
    topics = models.ManyToManyField("catalog.Topic", blank=True, related_name="%(class)s_entries")
    sources = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0)
    created = models.DateTimeField()
    updated = models.DateTimeField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-order_year", "slug"]
        indexes = [
            models.Index(fields=["-order_year", "slug"], name="%(class)s_newest"),
            models.Index(fields=["section", "position"], name="%(class)s_section"),
            models.Index(fields=["order_section", "position", "slug"], name="%(class)s_listed"),
            models.Index(fields=["name", "slug"], name="%(class)s_named"),
            models.Index(fields=["-updated", "slug"], name="%(class)s_updated"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:detail", args=[self.plural, self.slug])

    def derive(self) -> None:
        """Compute derived columns before the entry is saved; entries without a section are sorted last."""
        self.order_section = self.section.position if self.section else NO_SECTION_POSITION

    @classmethod
    def derive_dependants(cls, changed: Mapping["Entry", Collection[str]]) -> None:
        """Compute the derived columns of other entries that depend on these, of which the changed keys are given; in a
        constant number of queries."""

    @classmethod
    def fetch_references(cls, rows: EntryQuerySet) -> EntryQuerySet:
        """The joins of `with_references`; a kind that refers to more than section and topics overrides it."""
        return rows.select_related("section").prefetch_related("topics")

    @classmethod
    def for_rows(cls, rows: EntryQuerySet) -> EntryQuerySet:
        """With what a list row shows, in a constant number of queries."""
        return rows


class Reference(models.Model):
    """A row of an entry that refers to another entry; rows keep their order in the payload."""

    position = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


def rows_with(name: str, rows: type[Reference], *targets: str) -> models.Prefetch:
    """Prefetch the rows of entries, each joined to what it refers to.

    Prefetching the targets too would make Django query SQLite with a chain of ORs, which it refuses beyond a thousand.
    """
    return models.Prefetch(name, queryset=rows._default_manager.select_related(*targets))


def owner_of(model: type[models.Model]) -> str:
    """The name of the foreign key from a row model to the entry that its rows belong to."""
    return next(
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    )
