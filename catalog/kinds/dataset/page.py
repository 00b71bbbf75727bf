"""Context of a dataset's page: models trained on it, benchmarks built on it."""

from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Dataset, sources: Sources) -> dict[str, Any]:
    return {
        "trained": list(Paper.objects.filter(training_rows__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
        "benchmarks": list(Benchmark.objects.filter(foundations__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
    }
