"""What is said of benchmarks and results beside their names."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.reading.boards import standings as module
from catalog.reading.boards.standings import standings
from tests.factories import make_benchmark, make_paper, make_result

pytestmark = pytest.mark.django_db
METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
CLAIM = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}
MMMU = ("benchmark", "mmmu")


def result(model: str, value: str, **about: Any) -> tuple[str, str]:
    """A result by kind and slug."""
    return ("result", str(make_result(**{**CLAIM, "paper": model, "value": value, **about}).slug))


@pytest.fixture(autouse=True)
def mmmu() -> None:
    make_benchmark(name="MMMU", metrics=[METRIC], splits=[{"name": "val"}])
    for name in ("CLIP", "Flamingo", "Kosmos"):
        make_paper(name=name, variants=[{"name": f"{name}-B"}])


def said(*entries: tuple[str, str]) -> list[str | None]:
    found = standings(entries)
    return [found.get(entry) for entry in entries]


def test_a_benchmark_says_its_first_row_with_what_must_be_known_of_it() -> None:
    result("clip", "50", adaptation="zero-shot")
    result("kosmos", "90", adaptation="few-shot", shots=8)
    result("flamingo", "64.90", variant="Flamingo-B", state="disputed")
    assert said(MMMU) == [
        "First: Flamingo-B 64.90 on val · disputed · setting, shots not stated · 1 better, measured otherwise"
    ]


def test_rows_that_are_level_with_the_first_are_counted() -> None:
    for model in ("clip", "flamingo", "kosmos"):
        result(model, "50")
    assert said(MMMU) == ["First: CLIP 50 on val · level with 2 others"]


def test_a_benchmark_without_places_says_why_and_one_without_results_nothing() -> None:
    assert said(MMMU) == [None]
    result("clip", "50")
    assert said(MMMU) == ["No row has a place: there is only one to rank"]


def test_a_result_says_value_place_and_conditions_or_why_it_has_no_place() -> None:
    clip = result("clip", "0.50", scale="fraction", adaptation="zero-shot", chain_of_thought=False)
    flamingo = result("flamingo", "64.9", adaptation="zero-shot", harness="")
    kosmos = result("kosmos", "90", adaptation="few-shot", shots=8)
    rival = result("clip", "49", state="disputed", source_url="https://example.org/list")
    no_split = result("kosmos", "1", split="")
    harness = result("kosmos", "1", harness="VLMEvalKit")

    assert said(clip, flamingo, kosmos, rival, no_split, harness) == [
        "50 Accuracy on val · place 2 of 2 · 0 shots, no CoT",
        "64.9 Accuracy on val · place 1 of 2 · 0 shots, CoT ?",
        "90 Accuracy on val · No place: few-shot, 8 shots; better than the first, not zero-shot · 8 shots, CoT ?",
        "49 Accuracy on val · Its row shows another claim, 50 · setting ?, CoT ?",
        "1 Accuracy on a split not stated · No place: no split is stated · shots ?, CoT ?",
        "1 Accuracy on val, by VLMEvalKit · No place: there is only one to rank · shots ?, CoT ?",
    ]


def test_of_a_benchmark_with_too_many_results_no_place_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = result("clip", "50", adaptation="zero-shot")
    result("flamingo", "64.9")
    other = make_benchmark(name="VQAv2", metrics=[METRIC], splits=[{"name": "val"}])
    small = result("clip", "1", benchmark=other.slug)
    monkeypatch.setattr(module, "MAX_RESULTS", 2)

    assert said(MMMU, clip, small) == [
        None,
        "50 Accuracy on val · 0 shots, CoT ?",
        "1 Accuracy on val · No place: there is only one to rank · shots ?, CoT ?",
    ]


def test_other_entries_cost_nothing() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert standings([("paper", "clip"), ("protocol", "x")]) == {}
    assert len(captured) == 0


def queries(*entries: tuple[str, str]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert len(standings(entries)) == len(entries)
    return len(captured)


def test_it_costs_the_same_for_any_number_of_entries() -> None:
    few = queries(result("clip", "50"), MMMU)
    many = [result("clip", str(number), benchmark=make_benchmark(name=f"B{number}").slug) for number in range(8)]
    many += [result("flamingo", str(number), variant="Flamingo-B") for number in range(8)]
    assert (few, queries(MMMU, *many)) == (4, 4)


def test_the_search_page_and_the_api_say_it(client: Client) -> None:
    result("clip", "50", adaptation="zero-shot")
    result("flamingo", "64.9", adaptation="zero-shot")
    then = timezone.now().isoformat().replace("+00:00", "Z")
    result("kosmos", "70", adaptation="zero-shot")

    html = client.get("/search/?q=mmmu").content.decode()
    lines = re.findall(r'<p class="small">(.*?)</p>', html)
    assert lines[0] == "First: Kosmos 70 on val"
    assert "70 Accuracy on val · place 1 of 3 · 0 shots, CoT ?" in lines
    assert "First: Flamingo 64.9 on val" in client.get(f"/search/?q=mmmu&as_of={then}").content.decode()

    hits = client.get("/api/v1/search/?q=mmmu").json()["results"]
    assert {hit["slug"]: hit["standing"] for hit in hits}["mmmu"] == "First: Kosmos 70 on val"
    assert client.get("/api/v1/search/?q=clip&kind=paper").json()["results"][0]["standing"] is None
