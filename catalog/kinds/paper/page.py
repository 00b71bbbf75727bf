"""Context of a paper's page: components, where its checkpoints stand on each benchmark, descendants."""

from dataclasses import dataclass
from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.reading.lineage import descendants
from catalog.reading.pages import Sources
from catalog.reading.results.standings import Standing, standings_of


def surroundings(entry: Paper, sources: Sources) -> dict[str, Any]:
    paper: Paper = Paper.for_rows(Paper.objects.filter(pk=entry.pk)).get()
    return {
        "chain": [(role, parts, sources[role.value]) for role, parts in paper.chain],
        "scores": scorecard(entry),
        "same_paper": paper.naming_same_paper,
        "descendants": descendants(entry),
    }


@dataclass(frozen=True)
class BenchmarkScores:
    """Where the checkpoints of a model stand on the boards of a benchmark, those with a place first."""

    benchmark: Benchmark
    standings: list[Standing]


@dataclass(frozen=True)
class TaskScores:
    """The benchmarks of one task on which a model was measured."""

    task: str
    benchmarks: list[BenchmarkScores]


def scorecard(entry: Paper) -> list[TaskScores]:
    """The scores of a model by task, in three queries; a benchmark stands under the first of its tasks."""
    measured = Benchmark.objects.filter(results__paper=entry).distinct().order_by("name", "slug")
    benchmarks = list(measured.select_related("reference_protocol"))
    standing = standings_of(entry.pk, benchmarks)
    tasks: dict[str, list[BenchmarkScores]] = {}
    for benchmark in benchmarks:
        rows = sorted(standing[benchmark.pk], key=_by_place)
        tasks.setdefault(benchmark.tasks[0] if benchmark.tasks else "", []).append(BenchmarkScores(benchmark, rows))
    return [TaskScores(task, scores) for task, scores in sorted(tasks.items(), key=lambda item: (not item[0], item[0]))]


def _by_place(one: Standing) -> tuple[object, ...]:
    place = one.place.first if one.place else 0
    return not place, not one.metric.primary, *one.scope.text, one.metric.name, place, one.claim.slug
