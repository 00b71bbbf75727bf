"""The scorecard of a model: its best checkpoints on each board, by task."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.reading.boards import words
from catalog.reading.boards.pages import board_url, result_url
from catalog.reading.exposure.judging import Exposures, Verdict
from catalog.reading.exposure.reading import Known
from catalog.reading.exposure.words import ShownExposure, shown_of
from catalog.reading.results.overview import BoardResult, badness, board_results_of
from catalog.text.rows import texts_of
from catalog.text.variants import without_model

RESULTS_SHOWN = 3
"""Of a model on one board, if it has no more there; else those in the best place."""
BOARDS_OPEN = 12
"""Of the first tasks together; the first one is always open. Of one task, the boards behind these are folded."""
OTHERS_LISTED = 60
"""Boards of one task on which no places are looked for."""
ONE_OF_SEVERAL = "one of its numbers: it is not known whether higher or lower is better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a checkpoint stands on a board, and what must be known of its number: `place` is "" and `reason` says why,
    if it has none; `claims` says how many there are, if there are several."""

    variant: str
    number: str
    result: str
    place: str
    of: int
    reason: str
    url: str
    behind: str
    claims: str
    caveats: str
    exposure: ShownExposure
    source: words.Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board of a benchmark by one metric; `more` says how many other checkpoints of the model are on it, or is "",
    and `more_url` leads to them."""

    benchmark: str
    board: str
    url: str
    more: str
    more_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardScores(Board):
    """The best checkpoints of a model on a board."""

    standings: list[Standing]


@dataclass(frozen=True, slots=True, kw_only=True)
class BestNumber(Board):
    """The best number of a model on a board on which no places were looked for; `note` says that it is only one of
    several, where it is not known what is better. `exposure` is None if unknown."""

    variant: str
    number: str
    result: str
    state: str
    note: str
    exposure: ShownExposure | None


@dataclass(frozen=True, slots=True)
class TaskScores:
    """The boards on which a model was measured, of the benchmarks of one task: `count` in all, `others` without places.
    Those of a long scorecard are folded."""

    task: str
    boards: list[BoardScores]
    others: list[BestNumber]
    count: int
    open: bool

    @property
    def shown(self) -> list[BoardScores]:
        return self.boards[:BOARDS_OPEN]

    @property
    def folded(self) -> list[BoardScores]:
        return self.boards[BOARDS_OPEN:]

    @property
    def listed(self) -> int:
        """How many of the boards the page lists."""
        return len(self.boards) + len(self.others)


Rows = Sequence[BoardResult]
"""The results of a model on one board by one metric, the best first."""


def scorecard(entry: Paper, benchmarks: Iterable[Benchmark], known: Known) -> list[TaskScores]:
    """The scores of a model by task on these benchmarks, the task with the most benchmarks first, in two queries; a
    benchmark is under the first of its tasks."""
    benchmarks = list(benchmarks)
    sizes = Counter(map(_task, benchmarks))
    ordered = sorted(benchmarks, key=lambda one: (not _task(one), -sizes[_task(one)], _task(one)))
    results = board_results_of(entry.pk, ordered)
    tasks = {
        task: [(one, rows) for one in of_task for rows in _boards_of(results[one.pk])]
        for task, of_task in groupby(ordered, key=_task)
    }
    before = accumulate(map(len, tasks.values()), initial=0)
    return [
        _task_scores(entry, known, task, boards, not number or number + len(boards) <= BOARDS_OPEN)
        for (task, boards), number in zip(tasks.items(), before, strict=False)
    ]


def results_url(model: Paper, **more: str) -> str:
    """The list of the results of a model."""
    return f"{reverse('catalog:list', args=[Result.plural])}?{urlencode({'paper': model.slug, **more})}"


def _task(benchmark: Benchmark) -> str:
    return next(iter(texts_of(benchmark.tasks)), "")


def _boards_of(results: Iterable[BoardResult]) -> Iterable[Rows]:
    """The results by board and metric, those with a place first."""
    boards: dict[tuple[object, str], list[BoardResult]] = {}
    for one in sorted(results, key=_best_first):
        boards.setdefault((one.key, one.metric.name), []).append(one)
    return boards.values()


def _best_first(one: BoardResult) -> tuple[object, ...]:
    board = not one.place, not one.metric.primary, *one.key.text, one.metric.name
    number = badness(one.metric, one.claim.number)
    return *board, one.place.first if one.place else 0, not one.claim.rankable, number, one.claim.slug


def _task_scores(
    entry: Paper, known: Known, task: str, boards: Sequence[tuple[Benchmark, Rows]], is_open: bool
) -> TaskScores:
    compared = [board for board in boards if board[1][0].compared]
    others = [board for board in boards if not board[1][0].compared]
    return TaskScores(
        task,
        [_board_scores(entry, known, *board) for board in compared],
        [_best_number(entry, known, *board) for board in others[:OTHERS_LISTED]],
        len(boards),
        is_open,
    )


def _board_scores(entry: Paper, known: Known, benchmark: Benchmark, rows: Rows) -> BoardScores:
    shown, exposures = _shown(rows), known.exposures_to(benchmark, entry.pk)
    standings = [_standing(entry, benchmark, exposures, one) for one in shown]
    return BoardScores(**_board(entry, benchmark, rows, shown), standings=standings)


def _standing(entry: Paper, benchmark: Benchmark, exposures: Exposures, one: BoardResult) -> Standing:
    claim = one.claim
    return Standing(
        variant=without_model(claim.variant, entry.name),
        number=words.short_number(claim.number),
        result=claim.slug,
        place=one.place.text if one.place else "",
        of=one.of,
        reason=one.reason,
        url=result_url(benchmark, claim.slug),
        behind="" if one.distance is None else words.short_number(one.distance),
        claims=words.claims(one.cell) if one.cell.rivals else "",
        # of what was set aside nothing, since the reason says it
        caveats=" · ".join(words.caveats(claim, one.unknown)) if claim.rankable else "",
        exposure=shown_of(exposures, claim, entry.name),
        source=words.source(claim, claim.source_url, claim.locator),
    )


def _best_number(entry: Paper, known: Known, benchmark: Benchmark, rows: Rows) -> BestNumber:
    claim = rows[0].claim
    exposure = shown_of(known.exposures_to(benchmark, entry.pk), claim, entry.name)
    return BestNumber(
        **_board(entry, benchmark, rows, rows[:1]),
        variant=without_model(claim.variant, entry.name),
        number=words.short_number(claim.number),
        result=claim.slug,
        state=words.state(claim),
        note="" if rows[0].metric.direction or _is_only(rows) else ONE_OF_SEVERAL,
        exposure=None if exposure.verdict == Verdict.UNKNOWN else exposure,
    )


def _is_only(rows: Rows) -> bool:
    """Whether a model has one number on a board."""
    return len({claim.number for one in rows for claim in one.cell.claims if claim.rankable}) <= 1


def _board(entry: Paper, benchmark: Benchmark, rows: Rows, shown: Rows) -> dict[str, Any]:
    """What the fields of Board say."""
    key, metric = rows[0].key, rows[0].metric.name
    return {
        "benchmark": benchmark.name,
        "board": words.board_line(key, metric),
        "url": board_url(benchmark, key, metric=metric),
        "more": _more(rows, shown),
        "more_url": results_url(entry, benchmark=benchmark.slug),
    }


def _shown(rows: Rows) -> Rows:
    """All of a few rows, else the best one and those that share its place."""
    if len(rows) <= RESULTS_SHOWN:
        return rows
    best = rows[0].place
    level = [one for one in rows if best and one.place and one.place.first == best.first]
    return level[:RESULTS_SHOWN] or rows[:1]


def _more(rows: Rows, shown: Rows) -> str:
    """How many checkpoints are not shown; results, if they are further ones of the same."""
    if len(rows) == len(shown):
        return ""
    others = len({one.claim.checkpoint for one in rows} - {one.claim.checkpoint for one in shown})
    count, name = (others, "checkpoint") if others else (len(rows) - len(shown), "result")
    return f"{count} more {name}{'' if count == 1 else 's'}"
