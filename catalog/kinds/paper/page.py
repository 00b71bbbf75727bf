"""Context of a paper's page: components, where its checkpoints stand on each benchmark, descendants."""

from dataclasses import dataclass
from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.reading.lineage import descendants
from catalog.reading.pages import Sources
from catalog.reading.results.scopes import Scope
from catalog.reading.results.standings import Standing, standings_of
from catalog.web.leaderboards import board_url


def surroundings(entry: Paper, sources: Sources) -> dict[str, Any]:
    paper: Paper = Paper.for_rows(Paper.objects.filter(pk=entry.pk)).get()
    return {
        "chain": [(role, parts, sources[role.value]) for role, parts in paper.chain],
        "scores": scorecard(entry),
        "same_paper": paper.naming_same_paper,
        "descendants": descendants(entry),
    }


@dataclass(frozen=True)
class BoardScores:
    """Where the checkpoints of a model stand on one board of a benchmark by one metric, those with a place first."""

    benchmark: Benchmark
    board: str
    url: str
    standings: list[Standing]


@dataclass(frozen=True)
class TaskScores:
    """The boards on which a model was measured, of the benchmarks of one task."""

    task: str
    boards: list[BoardScores]


def scorecard(entry: Paper) -> list[TaskScores]:
    """The scores of a model by task, in three queries; a benchmark stands under the first of its tasks."""
    measured = Benchmark.objects.filter(results__paper=entry).distinct().order_by("name", "slug")
    benchmarks = list(measured.select_related("reference_protocol"))
    standing = standings_of(entry.pk, benchmarks)
    tasks: dict[str, list[BoardScores]] = {}
    for benchmark in benchmarks:
        task = benchmark.tasks[0] if benchmark.tasks else ""
        tasks.setdefault(task, []).extend(boards_of(benchmark, standing[benchmark.pk]))
    return [TaskScores(task, scores) for task, scores in sorted(tasks.items(), key=lambda item: (not item[0], item[0]))]


def boards_of(benchmark: Benchmark, standings: list[Standing]) -> list[BoardScores]:
    """The standings by board and metric."""
    groups: dict[tuple[Scope, str], list[Standing]] = {}
    for one in sorted(standings, key=_by_place):
        groups.setdefault((one.scope, one.metric.name), []).append(one)
    return [
        BoardScores(
            benchmark,
            " · ".join(filter(None, [scope.part, scope.split or "split not stated", metric, scope.track])),
            board_url(benchmark, scope, metric=metric),
            rows,
        )
        for (scope, metric), rows in groups.items()
    ]


def _by_place(one: Standing) -> tuple[object, ...]:
    place = one.place.first if one.place else 0
    return not place, not one.metric.primary, *one.scope.text, one.metric.name, place, one.claim.slug
