"""Context of a paper's page: components, training, where its checkpoints stand on each benchmark, where it is missing,
descendants."""

from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

from django.db.models import Count, prefetch_related_objects

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper, Part
from catalog.kinds.result.model import Result
from catalog.models import rows_with
from catalog.reading.boards import words
from catalog.reading.boards.pages import board_url, result_url
from catalog.reading.exposure.judging import Exposures
from catalog.reading.exposure.pages import training
from catalog.reading.exposure.reading import Known, known_of
from catalog.reading.exposure.words import ShownExposure, shown_of
from catalog.reading.lineage import descendants
from catalog.reading.pages import Sources
from catalog.reading.results.fetching import with_stamps
from catalog.reading.results.overview import BoardResult, board_results_of
from catalog.reading.results.views import BoardKey


def surroundings(entry: Paper, sources: Sources) -> dict[str, Any]:
    known = known_of(entry)
    prefetch_related_objects([entry], rows_with("parts", Part, "component"))
    benchmarks = measured_benchmarks(entry)
    return {
        "chain": [(role, parts, sources[role.value]) for role, parts in entry.chain],
        "scores": scorecard(entry, benchmarks, known),
        "missing": missing_results(benchmarks),
        "same_paper": entry.naming_same_paper,
        "training": training(known),
        "descendants": descendants(entry),
    }


@dataclass(frozen=True)
class Standing:
    """Where a checkpoint stands on a board, with the URL of its row and what must be known of its number."""

    result: BoardResult
    url: str
    exposure: ShownExposure

    @property
    def claims(self) -> str:
        """How many claims there are, if there are several."""
        return words.claims(self.result.cell) if self.result.cell.rivals else ""

    @property
    def caveats(self) -> str:
        """State, what was inferred and what is not stated; of what was set aside nothing, since the reason says it."""
        claim = self.result.claim
        return " · ".join(words.caveats(claim, self.result.unknown)) if claim.rankable else ""


RESULTS_SHOWN = 3
"""Of a model on one board: some models have ten checkpoints."""


@dataclass(frozen=True)
class BoardScores:
    """Where the checkpoints of a model are on one board of a benchmark by one metric, those with a place first; `more`
    is the number of those that are not shown."""

    benchmark: Benchmark
    board: str
    url: str
    standings: list[Standing]
    more: int


BOARDS_OPEN = 12


@dataclass(frozen=True)
class TaskScores:
    """The boards on which a model was measured, of the benchmarks of one task; those of a long scorecard are folded
    behind the first BOARDS_OPEN."""

    task: str
    boards: list[BoardScores]
    open: bool


def measured_benchmarks(entry: Paper) -> list[Benchmark]:
    """The benchmarks that a model has results on, by name, with their reference protocols."""
    measured = Benchmark.objects.filter(pk__in=Result.objects.filter(paper=entry).values("benchmark"))
    return list(with_stamps(measured).select_related("reference_protocol").order_by("name", "slug"))


def scorecard(entry: Paper, benchmarks: list[Benchmark], known: Known) -> list[TaskScores]:
    """The scores of a model by task on these benchmarks, in two queries; a benchmark is under the first of its
    tasks."""
    results = board_results_of(entry.pk, benchmarks)
    tasks: dict[str, list[BoardScores]] = {}
    for benchmark in benchmarks:
        exposures = known.exposures_to(benchmark, entry.pk)
        task = benchmark.tasks[0] if benchmark.tasks else ""
        tasks.setdefault(task, []).extend(boards_of(benchmark, results[benchmark.pk], exposures, entry.name))
    ordered = sorted(tasks.items(), key=lambda item: (not item[0], item[0]))
    before = accumulate((len(boards) for _, boards in ordered), initial=0)
    return [
        TaskScores(task, boards, count < BOARDS_OPEN) for (task, boards), count in zip(ordered, before, strict=False)
    ]


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
    tasks = {task for one in measured for task in one.tasks}
    fitting = (row for row in counted[:MOST_ASKED] if not measured or not tasks or tasks.intersection(row[2]))
    return [MissingResult(slug, name, models) for slug, name, _, models in islice(fitting, MOST_MISSING)]


def boards_of(benchmark: Benchmark, results: list[BoardResult], exposures: Exposures, model: str) -> list[BoardScores]:
    """The results by board and metric."""

    def standing(one: BoardResult) -> Standing:
        return Standing(one, result_url(benchmark, one.claim.slug), shown_of(exposures, one.claim, model))

    groups: dict[tuple[BoardKey, str], list[BoardResult]] = {}
    for one in sorted(results, key=_by_place):
        groups.setdefault((one.key, one.metric.name), []).append(one)
    return [
        BoardScores(
            benchmark,
            " · ".join(filter(None, [key.part, key.split or "split not stated", metric, key.track])),
            board_url(benchmark, key, metric=metric),
            list(map(standing, rows[:RESULTS_SHOWN])),
            max(len(rows) - RESULTS_SHOWN, 0),
        )
        for (key, metric), rows in groups.items()
    ]


def _by_place(one: BoardResult) -> tuple[object, ...]:
    place = one.place.first if one.place else 0
    return not place, not one.metric.primary, *one.key.text, one.metric.name, place, one.claim.slug
