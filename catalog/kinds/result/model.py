"""Results: claims that a model scored a value under a protocol, according to a source."""

from decimal import Decimal
from typing import Any

from django.db import models

from catalog.kinds.result.vocabulary import find_row
from catalog.kinds.shared.conditions import Conditions
from catalog.models import Entry, EntryQuerySet
from catalog.text.rows import readable_rows, text_in
from catalog.text.scales import Scale, scale_of_unit, shifted

DIGITS, DECIMALS = 18, 8
"""Of the number that results are sorted by; the printed value may have more."""


def sortable(printed: Any, scale: str, unit: str) -> Decimal:
    """A printed number in a unit, as the column that is sorted by holds it; 0 for what a damaged record has instead."""
    try:
        number = Decimal(printed)
    except (ArithmeticError, TypeError, ValueError):
        return Decimal(0)
    if not number.is_finite() or abs(number.adjusted()) > DIGITS - DECIMALS:
        return Decimal(0)
    number = shifted(number, scale, unit)
    return round(number, DECIMALS) if -int(number.as_tuple().exponent) > DECIMALS else number


class MeasuredBy(models.TextChoices):
    AUTHORS = "authors", "Authors of the model"
    BENCHMARK_AUTHORS = "benchmark-authors", "Authors of the benchmark"
    THIRD_PARTY = "third-party", "Third party"


class Verification(models.TextChoices):
    REPORTED = "reported", "Reported"
    CHECKED_IN_COPY = "checked-in-copy", "Checked in a copy of the source"
    CHECKED = "checked", "Checked against the source"
    REPRODUCED = "reproduced", "Reproduced"


class ResultState(models.TextChoices):
    LIVE = "live", "Live"
    DISPUTED = "disputed", "Disputed"
    SUPERSEDED = "superseded", "Superseded"
    RETRACTED = "retracted", "Retracted"


class Result(Conditions, Entry):
    """A claim. `value` is stored as printed; `number` is the same as a decimal in the unit of the metric, for sorting:
    of a share in percent, if the benchmark names no other unit; rounded to the decimals of the column."""

    kind = "result"
    plural = "results"

    paper = models.ForeignKey("catalog.Paper", models.PROTECT, related_name="results", verbose_name="paper or model")
    variant = models.CharField(max_length=200, blank=True)
    model_revision = models.CharField("revision of the model", max_length=100, blank=True)
    benchmark = models.ForeignKey("catalog.Benchmark", models.PROTECT, related_name="results")
    data_revision = models.CharField("revision of the data", max_length=100, blank=True)
    part = models.CharField("part or edition", max_length=200, blank=True)
    split = models.CharField(max_length=100, blank=True)
    metric = models.CharField(max_length=100)
    value = models.CharField(max_length=30)
    scale = models.CharField(max_length=10, choices=Scale.choices, blank=True)
    number = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, editable=False)
    standard_error = models.CharField("standard error", max_length=30, blank=True)
    sample_size = models.PositiveIntegerField("sample size", null=True, blank=True)
    protocol = models.ForeignKey("catalog.Protocol", models.PROTECT, null=True, blank=True, related_name="results")
    setting = models.CharField("setting, as stated", max_length=200, blank=True)
    inferred = models.JSONField(default=list, blank=True)
    reported_on = models.CharField("reported on", max_length=10, blank=True)
    evaluated_on = models.CharField("evaluated on", max_length=10, blank=True)
    source_url = models.URLField("source", max_length=500, blank=True)
    locator = models.CharField("place in the source", max_length=300, blank=True)
    original_source = models.URLField("original source", max_length=500, blank=True)
    read_in = models.CharField("read in", max_length=500, blank=True)
    measured_by = models.CharField("measured by", max_length=20, choices=MeasuredBy.choices, blank=True)
    reported_by = models.CharField("reported by", max_length=300, blank=True)
    verification = models.CharField(max_length=20, choices=Verification.choices, default=Verification.REPORTED)
    state = models.CharField(max_length=20, choices=ResultState.choices, default=ResultState.LIVE)

    class Meta(Entry.Meta):
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["benchmark", "metric", "split", "-number"], name="result_board"),
            models.Index(fields=["paper", "benchmark"], name="result_scorecard"),
            models.Index(fields=["-reported_on", "slug"], name="result_reported"),
            models.Index(fields=["-number", "slug"], name="result_score"),
        ]

    def derive(self) -> None:
        super().derive()
        self.number = self.number_in(getattr(self, "benchmark", None))

    def number_in(self, benchmark: Any) -> Decimal:
        """The value in the unit that a benchmark has for the metric; in percent, if it names none or is not there."""
        metric = find_row(readable_rows(benchmark.metrics), self.metric) if benchmark else None
        unit = scale_of_unit(text_in(metric, "unit")) if metric else ""
        return sortable(self.value, self.scale, unit or Scale.PERCENT)

    @classmethod
    def fetch_references(cls, rows: EntryQuerySet) -> EntryQuerySet:
        return super().fetch_references(rows).select_related("paper", "benchmark", "protocol")

    @classmethod
    def for_rows(cls, rows: EntryQuerySet) -> EntryQuerySet:
        return rows.select_related("paper", "benchmark")

    @property
    def inferred_keys(self) -> set[str]:
        """The fields whose value somebody concluded, although the source does not state it."""
        return {row["field"] for row in readable_rows(self.inferred, "field")}
