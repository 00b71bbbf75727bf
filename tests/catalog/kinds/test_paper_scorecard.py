"""The scorecard on a model's page: what is folded, and which results it lacks."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.paper.page import BOARDS_OPEN, MOST_MISSING, measured_benchmarks, missing_results
from tests.factories import make_benchmark, make_paper, make_result, make_revision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def benchmarks() -> None:
    for name in ("Asked", "Common", "Rare", "Elsewhere", "Empty"):
        make_benchmark(name=name)
    for name in ("This", "A", "B", "C", "Other"):
        make_paper(name=name)
    for model, names in {
        "this": ("asked",),
        "a": ("asked", "common", "rare"),
        "b": ("asked", "common"),
        "c": ("common",),
        "other": ("elsewhere",),
    }.items():
        for benchmark in names:
            make_result(paper=model, benchmark=benchmark, value="1")
    make_result(paper="a", benchmark="rare", value="2", source_url="https://example.org/again")


def missing(model: str) -> list[tuple[str, int]]:
    found = missing_results(measured_benchmarks(Paper.objects.get(slug=model)))
    return [(one.name, one.models) for one in found]


def test_a_model_lacks_results_where_most_of_those_that_it_is_compared_with_have_one() -> None:
    assert missing("this") == [("Common", 2), ("Rare", 1)]
    assert missing("a") == []


def test_a_model_without_results_lacks_them_where_most_models_have_one() -> None:
    make_paper(name="New")
    assert missing("new") == [("Asked", 3), ("Common", 3), ("Elsewhere", 1), ("Rare", 1)]


def test_benchmarks_of_other_tasks_are_not_asked_for() -> None:
    for name, task in (("asked", "question answering"), ("common", "retrieval"), ("rare", "question answering")):
        make_revision("benchmark", Benchmark.objects.get(slug=name), tasks=[task])
    assert missing("this") == [("Rare", 1)]


def test_a_few_are_shown() -> None:
    for number in range(MOST_MISSING + 2):
        make_benchmark(name=f"Further {number}")
        make_result(paper="a", benchmark=f"further-{number}", value="1")
    assert len(missing("this")) == MOST_MISSING


def test_each_leads_to_its_board_and_to_a_proposal_for_this_model() -> None:
    html = Client().get("/papers/this/").content.decode()
    (section,) = re.findall(r'aria-labelledby="missing">.*?</section>', html, re.DOTALL)

    assert re.findall(r'href="([^"]*)"', section) == [
        "/benchmarks/common/leaderboard/",
        "/benchmarks/common/leaderboard/add/?paper=this",
        "/benchmarks/rare/leaderboard/",
        "/benchmarks/rare/leaderboard/add/?paper=this",
    ]


def test_a_place_leads_to_the_row_of_the_board() -> None:
    html = Client().get("/papers/a/").content.decode()
    (url,) = re.findall(r'href="(/benchmarks/common/leaderboard/\?result=[^"]*)"', html)
    answer = Client().get(unescape(url))
    assert (answer.status_code, answer["Location"].partition("#")[2]) == (302, "row-a")


def test_tasks_behind_the_first_boards_are_folded() -> None:
    def folded() -> list[tuple[str, bool]]:
        html = Client().get("/papers/this/").content.decode()
        return [
            (task, not opened) for opened, task in re.findall(r'class="task"( open)?>.*?<b>(.*?)</b>', html, re.DOTALL)
        ]

    for number in range(BOARDS_OPEN):
        make_benchmark(name=f"Of A {number}", tasks=["a"])
        make_result(paper="this", benchmark=f"of-a-{number}", value="1")
    make_benchmark(name="Of B", tasks=["b"])
    make_result(paper="this", benchmark="of-b", value="1")

    assert folded() == [("a", False), ("b", True), ("Other", True)]


def test_it_costs_the_same_for_any_number_of_benchmarks() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get("/papers/this/")
        return len(captured)

    few = queries()
    for number in range(10):
        make_benchmark(name=f"Further {number}")
        make_result(paper="a", benchmark=f"further-{number}", value="1")
        make_result(paper="this", benchmark=f"further-{number}", value="1")
    assert Benchmark.objects.count() == 15
    assert queries() == few
