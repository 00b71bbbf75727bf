"""Context of a paper's page: components, training, where its checkpoints stand on each benchmark, where it is missing,
descendants."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, prefetch_related_objects

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper, Part
from catalog.kinds.paper.variants import variants_of
from catalog.kinds.result.model import Result
from catalog.models import rows_with
from catalog.reading.boards.scorecards import results_url, scorecard
from catalog.reading.exposure.pages import training
from catalog.reading.exposure.reading import known_of
from catalog.reading.lineage import descendants
from catalog.reading.pages import Sources
from catalog.text.rows import texts_of


def surroundings(entry: Paper, sources: Sources) -> dict[str, Any]:
    known = known_of(entry)
    prefetch_related_objects([entry], rows_with("parts", Part, "component"))
    benchmarks = measured_benchmarks(entry)
    variants = variants_of(entry.variants)
    return {
        "variants": variants,
        "in_sections": frozenset({"variants"} if variants else ()),
        "chain": [(role, parts, sources[role.value]) for role, parts in entry.chain],
        "scores": scorecard(entry, benchmarks, known),
        "results_url": results_url(entry),
        "missing": missing_results(benchmarks),
        "same_paper": entry.naming_same_paper,
        "training": training(known),
        "descendants": descendants(entry),
    }


def measured_benchmarks(entry: Paper) -> list[Benchmark]:
    """The benchmarks that a model has results on, by name, with their reference protocols."""
    measured = Benchmark.objects.filter(pk__in=Result.objects.filter(paper=entry).values("benchmark"))
    return list(measured.select_related("reference_protocol").order_by("name", "slug"))


MOST_MISSING = 8
MOST_ASKED = 200
"""Benchmarks among which those of the same tasks are looked for."""


@dataclass(frozen=True)
class MissingResult:
    """A benchmark on which a model has no result, and how many of the models that it is compared with have one."""

    slug: str
    name: str
    models: int


def missing_results(measured: list[Benchmark]) -> list[MissingResult]:
    """The benchmarks on which a model lacks a result, of a model that has some on the `measured` ones: those of the
    same tasks on which most of the models on these benchmarks have one, or most of all models if it has none at all. In
    one query."""
    results = Result.objects.exclude(benchmark__in=measured)
    if measured:
        results = results.filter(paper__in=Result.objects.filter(benchmark__in=measured).values("paper"))
    benchmarks = results.order_by().values_list("benchmark__slug", "benchmark__name", "benchmark__tasks")
    counted = benchmarks.annotate(models=Count("paper", distinct=True)).order_by("-models", "benchmark__slug")
    tasks = {task for one in measured for task in texts_of(one.tasks)}
    fitting = (row for row in counted[:MOST_ASKED] if not measured or not tasks or tasks.intersection(texts_of(row[2])))
    return [MissingResult(slug, name, models) for slug, name, _, models in islice(fitting, MOST_MISSING)]
