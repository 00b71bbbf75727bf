"""The scorecard on a model's page: what is shown and folded, and which results it lacks."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.paper.page import MOST_MISSING, measured_benchmarks, missing_results
from catalog.reading.boards.scorecards import BOARDS_OPEN, BestNumber, TaskScores, scorecard
from catalog.reading.exposure.reading import known_of
from catalog.reading.results import overview
from catalog.reading.results.fetching import MOST_KEPT
from tests.factories import make_benchmark, make_paper, make_result, make_revision

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def benchmarks(shared_rows: None) -> None:
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


def test_boards_of_a_task_behind_the_first_are_folded() -> None:
    for number in range(BOARDS_OPEN + 1):
        make_benchmark(name=f"Of A {number}", tasks=["a"])
        make_result(paper="this", benchmark=f"of-a-{number}", value="1")

    html = Client().get("/papers/this/").content.decode()

    (folded,) = re.findall(r"<summary>1 more board with places</summary>.*?</details>", html, re.DOTALL)
    assert folded.count('scope="rowgroup"') == 1


def test_the_task_with_the_most_benchmarks_comes_first() -> None:
    for name, tasks in (("Of A", ["a"]), ("Of B", ["b"]), ("Also of B", ["b", "a"]), ("Of C", [])):
        make_benchmark(name=name, tasks=tasks)
        make_result(paper="this", benchmark=name.casefold().replace(" ", "-"), value="1")
    entry = Paper.objects.get(slug="this")
    found = scorecard(entry, measured_benchmarks(entry), known_of(entry))

    assert [(one.task, one.count) for one in found] == [("b", 2), ("a", 1), ("", 2)]


METRICS = [{"name": "Accuracy", "unit": "%", "direction": "higher"}]


def ranked(name: str, model: str, *values: str, **more: Any) -> Benchmark:
    """A benchmark with a board, and on it as many variants of a model as values."""
    benchmark = make_benchmark(name=name, metrics=METRICS, splits=[{"name": "test"}], tasks=["a"])
    for number, value in enumerate(values):
        claim = {"benchmark": benchmark.slug, "metric": "Accuracy", "split": "test", "variant": f"v{number}"}
        make_result(paper=model, value=value, **claim, **more)
    return benchmark


def boards(model: str) -> Iterable[Any]:
    """Name, numbers with their places, and what is not shown, of each board that places are looked for on."""
    entry = Paper.objects.get(slug=model)
    for task in scorecard(entry, measured_benchmarks(entry), known_of(entry)):
        for one in task.boards:
            yield one.benchmark, [(row.number, row.place) for row in one.standings], one.more


def test_of_a_few_checkpoints_all_are_shown_and_of_many_the_one_in_the_best_place() -> None:
    make_paper(name="Large")
    make_paper(name="Small")
    for name in ("Few", "Many"):
        ranked(name, "small", "70")
    for number, value in enumerate(("50", "90", "60", "80")):
        for slug in ("many", "few")[: 1 + (number < 3)]:
            claim = {"benchmark": slug, "metric": "Accuracy", "split": "test", "variant": f"v{number}"}
            make_result(paper="large", value=value, **claim)

    assert list(boards("large")) == [
        ("Few", [("90", "1"), ("60", "3"), ("50", "4")], ""),
        ("Many", [("90", "1")], "3 more checkpoints"),
    ]


def test_a_number_with_many_decimals_is_cut() -> None:
    make_paper(name="Large")
    ranked("Long", "large", "64.53957531832457", "70.1234", "0.0000432198")
    numbers = [("70.1234", "1"), ("64.539…", "2"), ("0.0000432…", "3")]
    assert list(boards("large")) == [("Long", numbers, "")]


def test_checkpoints_that_share_the_best_place_are_shown_together() -> None:
    make_paper(name="Large")
    ranked("Level", "large", "90", "80", "90", "90", "90")
    assert list(boards("large")) == [("Level", [("90", "1–4")] * 3, "2 more checkpoints")]


def test_those_that_are_not_shown_are_in_the_list_of_results() -> None:
    make_paper(name="Large")
    ranked("Many", "large", "50", "60", "70", "80")
    html = Client().get("/papers/large/").content.decode()
    (url,) = re.findall(r'href="([^"]*)">3 more checkpoints</a>', html)
    assert unescape(url) == "/results/?paper=large&benchmark=many"
    listed = Client().get(unescape(url)).content.decode()
    assert len(set(re.findall(r'href="/results/([\w-]+)/"', listed))) == 4


def only_task(model: str) -> TaskScores:
    entry = Paper.objects.get(slug=model)
    (task,) = scorecard(entry, measured_benchmarks(entry), known_of(entry))
    return task


def test_places_are_looked_for_on_what_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    make_paper(name="Large")
    ranked("First", "large", "50", "60")
    ranked("Second", "large", "70", "60", "99", state="live")
    make_result(paper="large", benchmark="second", metric="Accuracy", split="test", value="99.9", state="retracted")
    ranked("Third", "large", "50", "60")
    monkeypatch.setattr(overview, "MOST_READ", 4)

    task = only_task("large")

    assert [one.benchmark for one in task.boards] == ["First", "Third"]
    assert [(one.benchmark, one.variant, one.number, one.more) for one in task.others] == [
        ("Second", "v2", "99", "3 more checkpoints")
    ]
    assert (task.count, task.listed) == (3, 3)


def test_places_are_always_looked_for_on_one_board(monkeypatch: pytest.MonkeyPatch) -> None:
    make_paper(name="Large")
    ranked("First", "large", "50", "60", "70")
    ranked("Second", "large", "50", "60")
    monkeypatch.setattr(overview, "MOST_READ", 1)

    assert [one.benchmark for one in only_task("large").boards] == ["Second"]


def test_a_page_reads_less_than_is_kept() -> None:
    assert overview.MOST_READ < MOST_KEPT


class TestBestNumber:
    """On boards on which no places are looked for."""

    def of(self, monkeypatch: pytest.MonkeyPatch, direction: str, *claims: dict[str, Any]) -> BestNumber:
        metrics = [{"name": "Score", "direction": direction}]
        make_paper(name="Large")
        make_benchmark(name="Second", metrics=metrics, splits=[{"name": "test"}], tasks=["a"])
        for number, claim in enumerate(claims):
            about = {"variant": "v1", "source_url": f"https://e.org/{number}", "adaptation": "zero-shot", **claim}
            make_result(paper="large", benchmark="second", metric="Score", split="test", **about)
        ranked("First", "large", "50")
        monkeypatch.setattr(overview, "MOST_READ", 1)
        (one,) = only_task("large").others
        return one

    def test_it_is_the_best_claim_and_not_the_one_that_a_board_prefers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        one = self.of(
            monkeypatch,
            "higher",
            {"value": "50", "reported_on": "2026-01-02"},
            {"value": "70", "adaptation": "few-shot", "state": "disputed"},
            {"value": "90", "state": "retracted"},
            {"variant": "v2", "value": "60"},
        )
        assert (one.variant, one.number, one.state, one.note) == ("v1", "70", "disputed", "")

    def test_it_is_the_lowest_where_lower_is_better(self, monkeypatch: pytest.MonkeyPatch) -> None:
        claims = [{"value": "50"}, {"value": "40"}, {"variant": "v2", "value": "45"}]
        one = self.of(monkeypatch, "lower", *claims)
        assert (one.variant, one.number) == ("v1", "40")

    def test_without_a_direction_it_is_not_the_best(self, monkeypatch: pytest.MonkeyPatch) -> None:
        one = self.of(monkeypatch, "", {"value": "50"}, {"variant": "v2", "value": "60"})
        assert (one.number, one.note) == ("50", "one of its numbers: it is not known whether higher or lower is better")

    def test_the_only_number_is_just_that(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.of(monkeypatch, "", {"value": "50"}).note == ""


def test_the_best_number_is_the_lowest_where_lower_is_better(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = [{"name": "Error", "unit": "%", "direction": "lower"}]
    make_paper(name="Large")
    ranked("First", "large", "50")
    make_benchmark(name="Second", metrics=metrics, splits=[{"name": "test"}], tasks=["a"])
    for variant, value in (("one", "9"), ("two", "10")):
        make_result(paper="large", benchmark="second", metric="Error", split="test", value=value, variant=variant)
    monkeypatch.setattr(overview, "MOST_READ", 1)

    html = Client().get("/papers/large/").content.decode()
    (table,) = re.findall(r'<table class="scores others" role="table">.*?</table>', html, re.DOTALL)
    words = " ".join(re.sub(r"<[^>]*>", " ", table).split())

    assert words.endswith("Second test · Error one 1 more checkpoint 9")


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
