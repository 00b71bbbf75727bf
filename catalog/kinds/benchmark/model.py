"""Benchmarks."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models

from catalog.kinds.shared.cards import Card
from catalog.models import Entry, EntryQuerySet, Reference, rows_with


class Direction(models.TextChoices):
    HIGHER = "higher", "higher is better"
    LOWER = "lower", "lower is better"


class PartSort(models.TextChoices):
    """What sort of part of a benchmark is scored on its own."""

    PART = "part", "Part"
    LANGUAGE = "language", "Language"
    EDITION = "edition", "Edition"


class ErratumAbout(models.TextChoices):
    """What was wrong."""

    LABELS = "labels", "Labels"
    METRIC = "metric", "Metric"
    HARNESS = "harness", "Harness"
    DATA = "data", "Data"


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
    joined = ("section", "reference_protocol")

    metrics = models.JSONField(default=list, blank=True)
    parts = models.JSONField("parts and editions", default=list, blank=True)
    errata = models.JSONField(default=list, blank=True)
    reference_protocol = models.ForeignKey(
        "catalog.Protocol",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reference_of",
        verbose_name="reference protocol",
    )
    settings = models.JSONField(default=list, blank=True)
    official_leaderboard = models.URLField("official leaderboard", max_length=500, blank=True)
    evaluation_server = models.URLField("evaluation server", max_length=500, blank=True)
    standing = models.CharField(max_length=20, choices=BenchmarkStatus.choices, blank=True)
    standing_note = models.TextField("about its standing", blank=True)
    result_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta(Card.Meta):
        abstract = False
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["-result_count", "slug"], name="benchmark_most_results"),
        ]

    @classmethod
    def derive_dependants(cls, changed: Mapping[Entry, Collection[str]]) -> None:
        """Bring the numbers of results to the units of the metrics; those without a scale are in the unit, whatever it
        is."""
        benchmarks = {one.pk: one for one, keys in changed.items() if "metrics" in keys}
        if benchmarks:
            table: Any = cls._meta.get_field("results").related_model
            results = list(table.objects.filter(benchmark__in=benchmarks).exclude(scale="").defer("sources"))
            for result in results:
                result.number = result.number_in(benchmarks[result.benchmark_id])
            table.objects.bulk_update(results, ["number"], batch_size=500)

    @classmethod
    def fetch_references(cls, rows: EntryQuerySet) -> EntryQuerySet:
        rows = super().fetch_references(rows).select_related("reference_protocol")
        return rows.prefetch_related(rows_with("foundations", Foundation, "dataset"))


class Foundation(Reference):
    """Data that a benchmark is built on, as its source names it, with its card if the catalogue has one."""

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="foundations")
    name = models.CharField(max_length=300)
    dataset = models.ForeignKey("catalog.Dataset", models.PROTECT, null=True, related_name="foundation_of")
