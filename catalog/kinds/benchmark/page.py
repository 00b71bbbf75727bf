"""Context of a benchmark's page: its boards, models trained on it."""

from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.reading.leaderboards import MAX_RESULTS, boards
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Benchmark, sources: Sources) -> dict[str, Any]:
    results = entry.results.select_related("paper").order_by("-number", "slug")[:MAX_RESULTS]
    return {
        "boards": boards(entry, results),
        "trained": list(Paper.objects.filter(training_rows__benchmark=entry).distinct().newest()[:REFERRING_SHOWN]),
    }
