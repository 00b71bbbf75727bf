"""Reading, ranking and drawing a board takes time in proportion to its results."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.boards.pages import Descriptions, chart_points
from catalog.reading.boards.rows import leaderboard
from catalog.reading.charts.scores import against_size, over_time
from catalog.reading.exposure.judging import Exposures, Target
from catalog.reading.results.boards import board
from catalog.reading.results.claims import Claim, Known, Metric
from catalog.reading.results.models import Model
from catalog.reading.results.reading import COLUMNS, Measured, measured_in
from tests.linear import growth

ACCURACY = Metric(name="accuracy", unit="%", direction="higher", primary=True, proportion=True)
BENCHMARK = Benchmark(
    name="Big",
    slug="big",
    metrics=[{"name": "accuracy", "unit": "%", "direction": "higher", "proportion": True}],
    splits=[{"name": "test", "size_count": 900}],
)
EXPOSURES = Exposures(Target("benchmark", 1, "big", "Big"), (), {})
NUMBERS = {"paper_id", "benchmark_id", "shots", "sample_size", "protocol_id", "chain_of_thought", "tools"}


def row(n: int) -> dict[str, Any]:
    """A result of a checkpoint of its own; every fifth was measured in another setting."""
    return {
        **{name: None if name in NUMBERS else "" for name in COLUMNS},
        "slug": f"result-{n}",
        "paper_id": n // 4,
        "paper__slug": f"model-{n // 4}",
        "paper__name": f"Model {n // 4}",
        "variant": f"{n % 4 + 1}B",
        "metric": "accuracy",
        "split": "test",
        "value": f"{n * 7919 % 10_007 / 100.07:.2f}",
        "shots": 5 if n % 5 == 0 else 0,
        "reported_on": f"{2021 + n % 5}-{n % 12 + 1:02}-{n % 28 + 1:02}",
        "state": "live",
        "inferred": [],
        "sources": [],
    }


def measured(size: int) -> Measured:
    return measured_in(BENCHMARK, map(row, range(size)), {})


def page(given: Measured) -> None:
    """What the page of a board is made of, but for its HTML."""
    models = {pk: model(pk) for pk in {claim.model for claim in given.claims}}
    done = board(given.claims, ACCURACY, given.reference)
    leaderboard(done, Descriptions(given, given.claims, models, EXPOSURES), given.metrics.values(), 0, 100)
    points = chart_points(done, models)
    assert over_time(points, "accuracy", "higher")
    assert against_size(points, "accuracy", "higher")


def model(pk: int) -> Model:
    variants = {f"{n}B": {"name": f"{n}B", "total_b": str(n)} for n in range(1, 5)}
    return Model(slug=f"model-{pk}", name=f"Model {pk}", variants=variants)


def rivals(size: int) -> list[Claim]:
    """As many claims of one checkpoint."""
    return [
        Claim(slug=f"r{n}", model=1, metric="accuracy", number=Decimal(n % 100), split=Known("test"))
        for n in range(size)
    ]


CASES: dict[str, tuple[Callable[[Any], object], Callable[[int], Any]]] = {
    "results that are read": (lambda rows: measured_in(BENCHMARK, rows, {}), lambda size: [*map(row, range(size))]),
    "a board and its charts": (page, measured),
    "claims of one checkpoint": (lambda claims: board(claims, ACCURACY, {}), rivals),
}


@pytest.mark.parametrize("name", CASES)
def test_a_large_board_is_made_in_proportion(name: str) -> None:
    call, input_of = CASES[name]

    assert growth.ratio(call, input_of, 500, 2_000) <= growth.MAX_RATIO
