"""What changed a board, by the API."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.ledger.publishing import merge, retire
from tests.factories import make_benchmark, make_paper, make_result, trace

pytestmark = pytest.mark.django_db
METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
CLAIM = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}


@pytest.fixture
def mmmu() -> Any:
    benchmark = make_benchmark(name="MMMU", metrics=[METRIC], splits=[{"name": "val"}])
    for name in ("CLIP", "Flamingo", "Kosmos"):
        make_paper(name=name)
    make_result(paper="clip", value="50.1", **CLAIM)
    make_result(paper="flamingo", value="64.9", **CLAIM)
    return benchmark


def read(query: str = "", status: int = 200, path: str = "leaderboards/mmmu/changes/") -> Any:
    response = Client().get(f"/api/v1/{path}{query}")
    assert response.status_code == status, response.content
    return response.json()


def test_a_change_has_its_sentence_and_both_firsts(mmmu: Any) -> None:
    result = make_result(paper="kosmos", value="70.2", **CLAIM)

    answer = read()
    change = answer["results"][0]

    assert {key: answer[key] for key in answer if key != "results"} == {
        "benchmark": "mmmu",
        "part": "",
        "split": "val",
        "track": "",
        "metric": "Accuracy",
    }
    assert change.pop("at")
    assert change == {
        "kind": "result",
        "action": "create",
        "slug": result.slug,
        "url": f"http://127.0.0.1:8000/api/v1/results/{result.slug}/",
        "html_url": f"http://127.0.0.1:8000/results/{result.slug}/history/1/",
        "revision": 1,
        "contributor": "ada",
        "approver": "grace",
        "source": None,
        "comment": "",
        "sentence": "Kosmos enters at place 1 with 70.2; before, Flamingo was first with 64.9.",
        "was": None,
        "now": {
            "model": "Kosmos",
            "variant": "",
            "number": "70.2",
            "place": {"first": 1, "last": 1},
            "shown": True,
            "differs": [],
        },
        "first_before": {
            "model": "Flamingo",
            "variant": "",
            "number": "64.9",
            "result": change["first_before"]["result"],
        },
        "first_after": {"model": "Kosmos", "variant": "", "number": "70.2", "result": result.slug},
    }


def test_it_says_the_same_as_the_feed(mmmu: Any) -> None:
    kosmos = make_result(paper="kosmos", value="70.2", **CLAIM)
    retire(entry=kosmos, trace=trace("Twice."))
    feed = Client().get("/benchmarks/mmmu/leaderboard.atom").content.decode()
    said = [change["sentence"] for change in read()["results"]]
    assert len(said) == 4
    assert all(sentence in feed for sentence in said)


def test_it_is_read_as_of_a_past_time(mmmu: Any) -> None:
    then = timezone.now().isoformat().replace("+00:00", "Z")
    make_result(paper="kosmos", value="70.2", **CLAIM)
    sentences = [change["sentence"] for change in read(f"?as_of={then}")["results"]]
    assert sentences[0] == "Flamingo enters at place 1 with 64.9; before, nothing was first."


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [("?split=test", 404, "not-found"), ("?metric=F1", 400, "bad-parameter"), ("?colour=red", 400, "bad-parameter")],
)
def test_what_there_is_not_is_a_problem(mmmu: Any, query: str, status: int, kind: str) -> None:
    assert read(query, status)["type"].endswith(kind)


def test_a_merged_benchmark_leads_to_the_other(mmmu: Any) -> None:
    other = make_benchmark(name="VQAv2", metrics=[METRIC])
    merge(entry=mmmu, into=other, trace=trace())
    response = Client().get("/api/v1/leaderboards/mmmu/changes/?split=val")
    assert (response.status_code, response["Location"].partition("/api/v1/")[2]) == (
        308,
        "leaderboards/vqav2/changes/?split=val",
    )
    assert [change["sentence"] for change in read(path="leaderboards/vqav2/changes/")["results"]] == [
        "Flamingo enters at place 1 with 64.9; before, nothing was first.",
        "CLIP enters with 50.1. No place: there is only one to rank.",
    ]
