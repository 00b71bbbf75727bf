"""Exposure by the API: on boards, of models, and of what they were trained on."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.ledger.publishing import retire
from tests.factories import make_benchmark, make_component, make_dataset, make_paper, make_result, trace

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000/api/v1"
VQA = {"kind": "dataset", "slug": "vqav2", "name": "VQAv2", "url": f"{SITE}/datasets/vqav2/"}
GQA = {"kind": "benchmark", "slug": "gqa", "name": "GQA", "url": f"{SITE}/benchmarks/gqa/"}
EDGE = {
    "target": VQA,
    "variant": "",
    "excluded": False,
    "path": [{"relation": "language-backbone", "kind": "component", "slug": "vicuna", "name": "Vicuna"}],
    "words": "its language model Vicuna was trained on VQAv2",
}
EXPOSED = {
    "verdict": "exposed",
    "words": "its language model Vicuna was trained on VQAv2, on which GQA is built",
    "edge": EDGE,
    "denied": False,
}
UNKNOWN = {"verdict": "unknown", "words": "", "edge": None, "denied": False}
CLEAN = {"verdict": "stated-clean", "words": "stated not to be trained on GQA", "edge": None, "denied": False}


@pytest.fixture(autouse=True)
def gqa() -> None:
    make_dataset(name="VQAv2")
    make_benchmark(
        name="GQA",
        metrics=[{"name": "Accuracy", "direction": "higher"}],
        built_on=[{"name": "VQAv2", "dataset": "vqav2"}],
    )
    make_component(name="Vicuna", training_datasets=[{"name": "VQAv2", "dataset": "vqav2"}])
    make_paper(name="Heir", language_backbones=[{"component": "vicuna"}])
    make_paper(name="Clean", training_datasets=[{"name": "GQA", "benchmark": "gqa", "excluded": True}])
    make_paper(name="Silent")
    for number, model in enumerate(("heir", "clean", "silent")):
        claim = {"benchmark": "gqa", "metric": "Accuracy", "split": "val", "value": str(70 - number)}
        make_result(paper=model, **claim)


def read(path: str, status: int = 200) -> Any:
    response = Client().get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


def test_each_row_of_a_board_has_its_verdict_and_path() -> None:
    (board,) = read("leaderboards/gqa/")["boards"]

    assert [row["exposure"] for row in board["rows"]] == [EXPOSED, CLEAN, UNKNOWN]


def test_of_a_past_time_it_is_not_said() -> None:
    (board,) = read(f"leaderboards/gqa/?as_of={timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}")["boards"]

    assert [row["exposure"] for row in board["rows"]] == [None, None, None]


def test_a_model_has_its_training_and_the_benchmarks_that_it_concerns() -> None:
    assert read("papers/heir/exposure/") == {
        "training": [EDGE],
        "benchmarks": [{"benchmark": GQA, "exposure": EXPOSED}],
    }


def test_a_statement_that_it_was_not_trained_on_something_is_an_edge_of_its_own() -> None:
    own = {"target": GQA, "variant": "", "excluded": True, "path": [], "words": "stated not to be trained on GQA"}

    assert read("papers/clean/exposure/") == {
        "training": [own],
        "benchmarks": [{"benchmark": GQA, "exposure": CLEAN}],
    }


def test_what_is_stated_of_one_variant_makes_no_model_clean() -> None:
    row = {"name": "GQA", "benchmark": "gqa", "excluded": True, "variants": ["7B"]}
    make_paper(name="Partly", variants=[{"name": "7B"}, {"name": "13B"}], training_datasets=[row])

    found = read("papers/partly/exposure/")

    assert [edge["variant"] for edge in found["training"]] == ["7B"]
    assert found["benchmarks"] == [{"benchmark": GQA, "exposure": UNKNOWN}]


def test_of_what_is_silent_nothing_is_known() -> None:
    assert read("papers/silent/exposure/") == {"training": [], "benchmarks": []}


def test_a_dataset_has_what_was_trained_on_it_itself_and_through_others() -> None:
    found = read("datasets/vqav2/exposure/?top=1")

    vicuna = {"kind": "component", "slug": "vicuna", "name": "Vicuna", "url": f"{SITE}/components/vicuna/"}
    heir = {"kind": "paper", "slug": "heir", "name": "Heir", "url": f"{SITE}/papers/heir/"}
    own = {**EDGE, "path": [], "words": "trained on VQAv2"}
    assert found == {
        "direct": {"count": 1, "first": [{"entry": vicuna, "edge": own}]},
        "inherited": {"count": 1, "first": [{"entry": heir, "edge": EDGE}]},
        "excluded": {"count": 0, "first": []},
    }


def test_a_benchmark_has_what_is_stated_not_to_be_trained_on_it() -> None:
    found = read("benchmarks/gqa/exposure/")

    assert (found["direct"]["count"], found["excluded"]["first"][0]["entry"]["slug"]) == (0, "clean")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("papers/nothing/exposure/", 404),
        ("results/heir-gqa/exposure/", 404),
        ("papers/heir/exposure/?top=3", 400),
        ("datasets/vqav2/exposure/?top=0", 400),
        ("datasets/vqav2/exposure/?top=1001", 400),
    ],
)
def test_what_makes_no_sense_is_refused(path: str, status: int) -> None:
    assert Client().get(f"/api/v1/{path}").status_code == status


def test_of_a_retired_model_the_reason_is_given() -> None:
    retire(entry=make_paper(name="Gone"), trace=trace("It does not exist."))

    assert "It does not exist." in read("papers/gone/exposure/", 410)["detail"]
