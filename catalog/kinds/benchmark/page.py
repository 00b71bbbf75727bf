"""Context of a benchmark's page: the first rows of its largest board, models trained on it."""

from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.reading.boards.pages import short_leaderboard
from catalog.reading.pages import REFERRING_SHOWN, Sources
from catalog.reading.results.fetching import measured_on

ROWS_SHOWN = 25


def surroundings(entry: Benchmark, sources: Sources) -> dict[str, Any]:
    measured = measured_on([entry])[entry.pk]
    return {
        **(short_leaderboard(entry, measured, ROWS_SHOWN) if measured.claims else {}),
        "trained": list(Paper.objects.filter(training_rows__benchmark=entry).distinct().newest()[:REFERRING_SHOWN]),
    }
