"""Context of a benchmark's page: the first rows of its largest board, what was trained on it."""

from typing import Any

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.boards.pages import short_leaderboard
from catalog.reading.exposure.pages import trained_lines
from catalog.reading.exposure.reading import exposed_models, exposures_on, trained_on
from catalog.reading.pages import REFERRING_SHOWN, Sources
from catalog.reading.results.fetching import measured_on

ROWS_SHOWN = 25


def surroundings(entry: Benchmark, sources: Sources) -> dict[str, Any]:
    measured, exposures = measured_on([entry])[entry.pk], exposures_on(entry)
    return {
        **(short_leaderboard(entry, measured, exposures, ROWS_SHOWN) if measured.claims else {}),
        "exposed": exposed_models(exposures, ((one, measured.rows[one.slug]) for one in measured.claims)),
        "measured_models": len({claim.model for claim in measured.claims}),
        "trained": trained_lines(trained_on(entry, REFERRING_SHOWN)),
    }
