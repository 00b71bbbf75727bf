"""Context of a dataset's page: what was trained on it, benchmarks built on it."""

from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.dataset.model import Dataset
from catalog.reading.exposure.pages import trained_lines
from catalog.reading.exposure.reading import trained_on
from catalog.reading.pages import REFERRING_SHOWN, Sources


def surroundings(entry: Dataset, sources: Sources) -> dict[str, Any]:
    return {
        "trained": trained_lines(trained_on(entry, REFERRING_SHOWN)),
        "benchmarks": list(Benchmark.objects.filter(foundations__dataset=entry).distinct().newest()[:REFERRING_SHOWN]),
    }
