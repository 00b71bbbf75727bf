"""What is said beside the first row of a board where the board itself is not shown."""

from typing import Any

import pytest

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.boards.firsts import notes_of_first
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.views import view
from tests.factories import make_benchmark, make_paper, make_result

pytestmark = pytest.mark.django_db
METRICS = [
    {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True},
    {"name": "Error", "unit": "percent", "direction": "lower"},
]


@pytest.fixture(autouse=True)
def mmmu() -> None:
    make_benchmark(name="MMMU", metrics=METRICS, splits=[{"name": "val"}, {"name": "test"}])
    for name in ("CLIP", "Flamingo", "Kosmos"):
        make_paper(name=name)


def result(paper: str, value: str, **about: Any) -> None:
    make_result(**{"benchmark": "mmmu", "metric": "Accuracy", "split": "val", "paper": paper, "value": value, **about})


def notes() -> tuple[str, ...]:
    benchmark = Benchmark.objects.get()
    measured = measured_on([benchmark])[benchmark.pk]
    return notes_of_first(view(measured), measured)


def test_a_number_that_is_the_best_of_the_benchmark_needs_nothing_but_its_date() -> None:
    result("clip", "50", reported_on="2025-03-12")
    result("flamingo", "40")
    result("kosmos", "45", split="test")
    assert notes() == ("reported 12 March 2025",)


@pytest.mark.parametrize(("metric", "worse", "best"), [("Accuracy", "61", "70.20"), ("Error", "33", "9")])
def test_the_best_number_of_its_other_boards_is_said(metric: str, worse: str, best: str) -> None:
    for paper in ("clip", "flamingo"):
        result(paper, "50", metric=metric)
    result("kosmos", worse, metric=metric, split="test")
    result("kosmos", best, metric=metric, split="")
    assert notes()[-1] == f"better outside this board: {best}"


@pytest.mark.parametrize("about", [{"state": "retracted"}, {"metric": "Error"}, {"value": "49"}])
def test_a_number_that_is_not_better_by_the_same_metric_is_not_said(about: dict[str, Any]) -> None:
    for paper in ("clip", "flamingo"):
        result(paper, "50")
    result("kosmos", **{"value": "99", "split": "test", **about})
    assert not [note for note in notes() if "outside" in note]
