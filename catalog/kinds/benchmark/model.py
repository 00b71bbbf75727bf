"""Benchmarks."""

from django.db import models

from catalog.kinds.shared.cards import Card
from catalog.models import Entry, EntryQuerySet, Reference, rows_with


class Direction(models.TextChoices):
    HIGHER = "higher", "higher is better"
    LOWER = "lower", "lower is better"


class BenchmarkStatus(models.TextChoices):
    """Whether the name denotes a benchmark at all."""

    CONFIRMED = "confirmed", "A benchmark, confirmed"
    PROTOCOL = "protocol", "A community protocol"
    DOUBTFUL = "doubtful", "Doubtful as described"
    UNCONFIRMED = "unconfirmed", "No such benchmark found"
    NOT_A_BENCHMARK = "not-a-benchmark", "Not a benchmark"


class Benchmark(Card):
    """Something that models are scored on."""

    kind = "benchmark"
    plural = "benchmarks"

    metrics = models.JSONField(default=list, blank=True)
    settings = models.JSONField(default=list, blank=True)
    official_leaderboard = models.URLField("official leaderboard", max_length=500, blank=True)
    evaluation_server = models.URLField("evaluation server", max_length=500, blank=True)
    standing = models.CharField(max_length=20, choices=BenchmarkStatus.choices, blank=True)
    standing_note = models.TextField("about its standing", blank=True)

    class Meta(Card.Meta):
        abstract = False
        indexes = list(Entry.Meta.indexes)

    @classmethod
    def fetch_references(cls, rows: EntryQuerySet) -> EntryQuerySet:
        return super().fetch_references(rows).prefetch_related(rows_with("foundations", Foundation, "dataset"))


class Foundation(Reference):
    """Data that a benchmark is built on, as its source names it, with its card if the catalogue has one."""

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="foundations")
    name = models.CharField(max_length=300)
    dataset = models.ForeignKey("catalog.Dataset", models.PROTECT, null=True, related_name="foundation_of")
