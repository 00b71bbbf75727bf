"""The boards of a benchmark by the API, and whether two results can be compared."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import retire
from tests.factories import make, make_benchmark, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True, "proportion": True}


@pytest.fixture
def results() -> dict[str, str]:
    """Slugs of results on MMMU, by what they are."""
    make_benchmark(name="MMMU", metrics=[METRIC], splits=[{"name": "val", "size_count": 900}])
    make_paper(name="CLIP")
    make_paper(name="Flamingo")

    def result(model: str, value: str, **about: Any) -> str:
        claim = {"paper": model, "benchmark": "mmmu", "metric": "accuracy", "split": "val", "value": value}
        return str(make_result(**{**claim, **about}).slug)

    return {
        "first": result("flamingo", "0.6490", scale="fraction", adaptation="zero-shot"),
        "second": result("clip", "50.1", adaptation="zero-shot", source_url="https://arxiv.org/abs/2103.00020"),
        "rival": result("clip", "49.0", source_url="https://example.org/list"),
        "differs": result("clip", "80", adaptation="fine-tuned", source_url="https://example.org/tuned"),
        "retracted": result("flamingo", "99", state="retracted"),
        "no split": result("clip", "70", split=""),
    }


def read(path: str, status: int = 200) -> Any:
    response = Client().get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


def board(query: str = "") -> Any:
    return read(f"leaderboards/mmmu/{query}")["boards"][0]


def test_a_board_names_its_rows_and_what_has_no_place(results: dict[str, str]) -> None:
    one = board()

    assert {key: one[key] for key in ("part", "split", "track", "metric", "ranked", "reason", "size")} == {
        "part": "",
        "split": "val",
        "track": "",
        "metric": "Accuracy",
        "ranked": True,
        "reason": "",
        "size": 2,
    }
    assert one["reference"] == {"setting": "zero-shot", "shots": 0}
    assert [(row["place"], row["model"], row["cells"]["Accuracy"]["number"]) for row in one["rows"]] == [
        ({"first": 1, "last": 1}, "flamingo", "64.90"),
        ({"first": 2, "last": 2}, "clip", "50.1"),
    ]
    shown = {key: [row["cells"]["Accuracy"]["claims"][0]["result"] for row in one[key]] for key in UNPLACED}
    assert shown == {
        "differing": [results["differs"]],
        "better_but_differs": [results["differs"]],
        "set_aside": [results["retracted"]],
        "without": [],
    }
    assert [claim["result"] for claim in one["split_not_stated"]] == [results["no split"]]


UNPLACED = ("differing", "better_but_differs", "set_aside", "without")


def test_a_cell_has_all_claims_with_value_and_scale_as_printed(results: dict[str, str]) -> None:
    first, second = (row["cells"]["Accuracy"] for row in board()["rows"])

    assert [(claim["value"], claim["scale"], claim["number"]) for claim in first["claims"]] == [
        ("0.6490", "fraction", "64.90")
    ]
    assert [claim["result"] for claim in second["claims"]] == [results["second"], results["rival"]]
    assert second["spread"] == ["49.0", "50.1"]
    assert second["claims"][0]["conditions"] == {
        "setting": {"value": "zero-shot", "origin": "stated"},
        "shots": {"value": 0, "origin": "stated"},
    }


def test_a_cell_has_the_number_as_printed_and_its_rivals_and_claims_on_demand(results: dict[str, str]) -> None:
    first, second = (row["cells"]["Accuracy"] for row in board("?claims=shown")["rows"])

    assert {key: first[key] for key in ("number", "value", "scale", "rivals")} == {
        "number": "64.90",
        "value": "0.6490",
        "scale": "fraction",
        "rivals": 0,
    }
    assert (second["rivals"], [claim["result"] for claim in second["claims"]]) == (1, [results["second"]])
    assert second["spread"] == ["49.0", "50.1"]
    assert "claims" in read("leaderboards/mmmu/?claims=none", 400)["errors"]


def test_a_row_says_why_it_has_no_place(results: dict[str, str]) -> None:
    one = board()
    reasons = {key: [row["no_place_because"] for row in one[key]] for key in ("rows", "differing", "set_aside")}
    assert reasons == {
        "rows": [None, None],
        "differing": ["fine-tuned; better than the first"],
        "set_aside": ["retracted"],
    }
    assert [row["no_place_because"] for row in board("?split=")["rows"]] == ["no split is stated"]


def test_a_claim_names_the_fields_that_were_inferred(results: dict[str, str]) -> None:
    fields = [{"field": name, "reason": "By the table."} for name in ("variant", "adaptation")]
    about = {"paper": "clip", "benchmark": "mmmu", "metric": "accuracy", "value": "10", "split": "val"}
    make_result(**about, variant="B", adaptation="zero-shot", inferred=fields)

    rows = board()["rows"]
    assert [row["cells"]["Accuracy"]["claims"][0]["inferred"] for row in rows] == [[], [], ["adaptation", "variant"]]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", [("val", ""), ("", "")]),
        ("?split=val", [("val", "")]),
        ("?split=", [("", "")]),
        ("?track=VLMEvalKit", []),
    ],
)
def test_the_query_names_boards_and_an_empty_value_is_one(
    results: dict[str, str], query: str, keys: list[tuple[str, str]]
) -> None:
    answer = read(f"leaderboards/mmmu/{query}")

    assert [(one["split"], one["track"]) for one in answer["boards"]] == keys
    assert [(one["split"], one["checkpoints"], one["models"]) for one in answer["all"]] == [("val", 2, 2), ("", 1, 1)]


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("organisation=deepmind", ["flamingo-2"]),
        ("source=primary", ["clip"]),
        ("year=2022", ["flamingo-2"]),
        ("stated=on", ["flamingo", "clip"]),
    ],
)
def test_the_filters_of_the_page_leave_rows_out_and_change_no_place(
    results: dict[str, str], query: str, models: list[str]
) -> None:
    make_paper(name="Flamingo 2", organisation="DeepMind", released="2022-04")
    make_result(paper="flamingo-2", benchmark="mmmu", metric="Accuracy", split="val", value="10")
    places = {row["model"]: row["place"] for row in board("?split=val")["rows"]}

    rows = board(f"?split=val&{query}")["rows"]

    assert [(row["model"], row["place"]) for row in rows] == [(model, places[model]) for model in models]


@pytest.mark.parametrize(
    ("query", "name"),
    [("weights=some", "weights"), ("year=1", "year"), ("organisation=nobody", "organisation"), ("stated=", "stated")],
)
def test_a_wrong_filter_is_refused_by_its_name(results: dict[str, str], query: str, name: str) -> None:
    assert list(read(f"leaderboards/mmmu/?{query}", 400)["errors"]) == [name]


def test_filters_read_models_as_of_the_same_day(results: dict[str, str]) -> None:
    day = timezone.now()
    make_revision("paper", Paper.objects.get(slug="flamingo"), organisation="DeepMind")

    query = f"?split=val&organisation=deepmind&as_of={day.isoformat().replace('+00:00', 'Z')}"
    assert list(read(f"leaderboards/mmmu/{query}", 400)["errors"]) == ["organisation"]
    assert [row["model"] for row in board("?split=val&organisation=deepmind")["rows"]] == ["flamingo"]


def test_top_bounds_the_rows(results: dict[str, str]) -> None:
    assert len(board("?top=1")["rows"]) == 1
    assert "top" in read("leaderboards/mmmu/?top=0", 400)["errors"]


def test_two_results_are_compared_element_by_element(results: dict[str, str]) -> None:
    answer = read(f"compare/{results['second']}/{results['differs']}/")

    assert (answer["comparable"], answer["strictly"]) == (False, False)
    assert answer["sentence"] == (
        "Not comparable: setting differs (zero-shot, fine-tuned); data revision, shots, chain of thought, tools, "
        "prompt, resolution, frames, judge, decoding and erratum not stated."
    )
    assert answer["differs"] == {"setting": ["zero-shot", "fine-tuned"]}
    assert {"benchmark", "part", "split", "metric", "track"} <= set(answer["same"])
    assert {"shots", "prompt", "judge"} <= set(answer["unknown"])
    assert [claim["result"] for claim in answer["results"]] == [results["second"], results["differs"]]


def test_what_is_stated_alike_is_comparable_and_not_strictly(results: dict[str, str]) -> None:
    answer = read(f"compare/{results['first']}/{results['second']}/")
    assert (answer["comparable"], answer["strictly"], answer["differs"]) == (True, False, {})


def test_a_harness_that_differs_from_what_is_reported_is_said_in_words(results: dict[str, str]) -> None:
    claim = {"paper": "clip", "benchmark": "mmmu", "metric": "accuracy", "split": "val", "value": "1"}
    other = make_result(harness="VLMEvalKit", **claim)
    answer = read(f"compare/{results['first']}/{other.slug}/")
    assert answer["sentence"].startswith("Not comparable: track differs (as reported, VLMEvalKit); ")


@pytest.mark.parametrize("side", [0, 1])
def test_a_result_that_moved_is_compared_at_its_present_address(results: dict[str, str], side: int) -> None:
    model = make("result", name="Moved", paper="clip", benchmark="mmmu", metric="accuracy", value="1", split="val")
    make_revision("result", model, slug="elsewhere")
    pair = [results["first"], results["first"]]
    pair[side] = model.slug
    response = Client().get(f"/api/v1/compare/{pair[0]}/{pair[1]}/")
    pair[side] = "elsewhere"
    assert response.status_code == 308
    assert response["Location"].endswith(f"/api/v1/compare/{pair[0]}/{pair[1]}/")


def test_results_of_two_benchmarks_differ_in_that(results: dict[str, str]) -> None:
    other = make_result(paper="clip", benchmark=make_benchmark(name="VQAv2").slug, value="1")
    answer = read(f"compare/{results['first']}/{other.slug}/")
    assert answer["differs"]["benchmark"] == ["mmmu", "vqav2"]


def test_a_comparison_with_what_is_gone_says_so(results: dict[str, str]) -> None:
    model = make("result", name="Gone", paper="clip", benchmark="mmmu", metric="accuracy", value="1", split="val")
    retire(entry=model, trace=trace("Wrong."))
    read(f"compare/{results['first']}/{model.slug}/", 410)
    read(f"compare/{results['first']}/nothing/", 404)


def test_a_board_of_a_past_day_has_results_and_protocols_as_they_were(results: dict[str, str]) -> None:
    protocol = make("protocol", name="VLMEvalKit", harness="VLMEvalKit", judge="GPT-4")
    claim = {"benchmark": "mmmu", "metric": "accuracy", "split": "val", "protocol": "vlmevalkit"}
    make_result(paper="clip", value="40", **claim)
    other = make_result(paper="flamingo", value="41", **claim)
    then = timezone.now().isoformat().replace("+00:00", "Z")
    make_revision("protocol", protocol, judge="GPT-4o")
    make_revision("result", other, value="39")

    def track(query: str) -> tuple[dict[str, str], list[str]]:
        (one,) = read(f"leaderboards/mmmu/?track=VLMEvalKit{query}")["boards"]
        return one["reference"], [row["cells"]["Accuracy"]["number"] for row in one["rows"]]

    assert track(f"&as_of={then}") == ({"judge": "gpt-4"}, ["41", "40"])
    assert track("") == ({"judge": "gpt-4o"}, ["40", "39"])
    assert "as_of" in read("leaderboards/mmmu/?as_of=2100-01-01", 400)["errors"]
