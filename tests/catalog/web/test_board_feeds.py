"""The feed of a board: what changed on it."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import merge, retire
from catalog.models import Revision
from tests.catalog.ledger.test_damaged_payloads import damage
from tests.factories import make, make_benchmark, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
METRICS: list[dict[str, Any]] = [
    {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True},
    {"name": "Error", "unit": "percent", "direction": "lower"},
]
FEED = "/benchmarks/mmmu/leaderboard.atom"
CLAIM: dict[str, str] = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}


@pytest.fixture
def mmmu() -> Any:
    """A benchmark with two results on its board; the model of a third is there."""
    benchmark = make_benchmark(name="MMMU", metrics=METRICS, splits=[{"name": "val", "aliases": ["validation"]}])
    for name in ("CLIP", "Flamingo", "Kosmos"):
        make_paper(name=name)
    make_result(paper="clip", value="50.1", adaptation="zero-shot", **CLAIM)
    make_result(paper="flamingo", value="64.9", adaptation="zero-shot", **CLAIM)
    return benchmark


def feed(query: str = "", status: int = 200) -> Any:
    response = Client().get(f"{FEED}{query}")
    assert response.status_code == status, response.content
    return ElementTree.fromstring(response.content) if status == 200 else response.content.decode()  # noqa: S314 -- our own


def sentences(query: str = "") -> list[str]:
    """What the entries of a feed say, without who proposed and approved it."""
    said = [str(entry.findtext(f"{ATOM}summary")) for entry in feed(query).iter(f"{ATOM}entry")]
    return [text.removesuffix(" Proposed by ada, approved by grace.") for text in said]


def test_it_says_what_each_new_result_did(mmmu: Any) -> None:
    make_result(paper="kosmos", value="70.2", adaptation="zero-shot", **CLAIM)

    assert sentences() == [
        "Kosmos enters at place 1 with 70.2; before, Flamingo was first with 64.9.",
        "Flamingo enters at place 1 with 64.9; before, nothing was first.",
        "CLIP enters with 50.1. No place: there is only one to rank.",
    ]


def test_it_says_why_a_result_has_no_place(mmmu: Any) -> None:
    make_result(paper="kosmos", value="90", adaptation="few-shot", shots=8, **CLAIM)
    assert sentences()[0] == "Kosmos enters with 90. No place: few-shot, 8 shots; better than the first, not zero-shot."


def test_an_edit_says_both_numbers_and_places(mmmu: Any) -> None:
    kosmos = make_result(paper="kosmos", value="40", **CLAIM)
    make_revision("result", kosmos, value="60")
    assert sentences()[0].startswith("Kosmos has 60, before 40. Its place is 2, before 3. ")


def test_what_leaves_says_who_is_first_instead(mmmu: Any) -> None:
    kosmos = make_result(paper="kosmos", value="70.2", **CLAIM)
    retire(entry=kosmos, trace=trace("Twice."))
    assert sentences()[0] == (
        "Kosmos leaves with 70.2, which had place 1. Flamingo is first with 64.9; before, Kosmos was first with 70.2. "
        "Twice."
    )


def test_what_is_checked_says_so(mmmu: Any) -> None:
    kosmos = make_result(paper="kosmos", value="70.2", **CLAIM)
    make_revision("result", kosmos, verification="checked", source="https://arxiv.org/abs/2302.14045")
    assert sentences()[0].startswith("Kosmos, 70.2, is checked against the source. Its place is 1, as before.")


def test_a_second_claim_for_a_row_says_which_one_is_shown(mmmu: Any) -> None:
    make_result(paper="clip", value="49", **CLAIM, source_url="https://example.org/list", state="disputed")
    assert sentences()[0] == "CLIP enters with 49. Its row shows another claim, 50.1."


def test_a_change_of_the_benchmark_says_how_many_have_places(mmmu: Any) -> None:
    make_revision("benchmark", mmmu, metrics=[{**METRICS[0], "direction": ""}])
    assert sentences()[0] == (
        "0 rows with a place, before 2 rows with a place. Nothing is first; before, Flamingo was first with "
        "64.9. Changed: metrics."
    )


def test_a_change_of_a_protocol_says_under_which_conditions_rows_are_ranked(mmmu: Any) -> None:
    protocol = make("protocol", name="VLMEvalKit", harness="VLMEvalKit", judge="GPT-4")
    for paper, value in (("clip", "40"), ("flamingo", "41")):
        make_result(paper=paper, value=value, protocol=protocol.slug, **CLAIM)
    make_revision("protocol", protocol, judge="GPT-4o")

    assert sentences("?split=val&track=VLMEvalKit")[0] == (
        "Ranked are results under these conditions: judge gpt-4o. Before, these were judge gpt-4. 2 rows with a place, "
        "before 2 rows with a place. Changed: judge."
    )


def test_results_of_a_model_that_was_merged_had_a_row_of_their_own(mmmu: Any) -> None:
    make_result(paper="kosmos", value="70.2", **CLAIM)
    merge(entry=Paper.objects.get(slug="kosmos"), into=Paper.objects.get(slug="clip"), trace=trace())

    merged, entered, *_ = sentences()
    assert merged.startswith("CLIP, 70.2, is of another model or size than was said before.")
    assert entered == "Kosmos enters at place 1 with 70.2; before, Flamingo was first with 64.9."


def test_a_result_that_moved_to_another_benchmark_leaves(mmmu: Any) -> None:
    kosmos = make_result(paper="kosmos", value="30", **CLAIM)
    make_benchmark(name="VQAv2")
    make_revision("result", kosmos, benchmark="vqav2")
    assert sentences()[0].startswith("Kosmos leaves with 30, which had place 3.")


def test_changes_of_other_boards_and_metrics_and_of_what_no_board_shows_are_not_in_it(mmmu: Any) -> None:
    before = sentences()
    make_result(paper="kosmos", value="1", **{**CLAIM, "split": ""})
    make_result(paper="kosmos", value="1", **{**CLAIM, "metric": "Error"})
    make_result(paper="kosmos", value="1", **{**CLAIM, "benchmark": make_benchmark(name="VQAv2").slug})
    make_revision("result", make_result(paper="kosmos", value="1", **{**CLAIM, "split": ""}), notes="A remark.")
    make_revision("benchmark", mmmu, summary="Exams.")

    assert sentences() == before
    assert sentences("?split=val&metric=Error") == ["Kosmos enters with 1. No place: there is only one to rank."]
    assert len(sentences("?split=")) == 2


def test_the_ids_stay_and_are_those_of_the_changes(mmmu: Any) -> None:
    before = [entry.findtext(f"{ATOM}id") for entry in feed().iter(f"{ATOM}entry")]
    make_result(paper="kosmos", value="70.2", **CLAIM)
    after = [entry.findtext(f"{ATOM}id") for entry in feed().iter(f"{ATOM}entry")]

    assert after[1:] == before
    assert all(str(one).startswith("tag:127.0.0.1,2026:changes/") for one in after)


def test_a_reader_that_has_it_gets_304(mmmu: Any) -> None:
    first = Client().get(f"{FEED}?part=&split=val&track=&metric=Accuracy")
    again = Client().get(f"{FEED}?part=&split=val&track=&metric=Accuracy", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize("query", ["?colour=red", "?split=test", "?metric=F1", "?split=val&metric=Error"])
def test_a_wrong_query_is_refused(mmmu: Any, query: str) -> None:
    feed(query, 400)


def test_what_is_gone_or_moved_is_answered_like_its_page(mmmu: Any) -> None:
    make_benchmark(name="VQAv2")
    assert Client().get("/benchmarks/nothing/leaderboard.atom").status_code == 404
    merge(entry=mmmu, into=type(mmmu).objects.get(slug="vqav2"), trace=trace())
    response = Client().get(f"{FEED}?split=val")
    assert (response.status_code, response["Location"]) == (
        301,
        "/benchmarks/vqav2/leaderboard.atom?split=val",
    )


def test_a_benchmark_without_results_has_an_empty_feed() -> None:
    make_benchmark(name="MMMU")
    assert sentences() == []


def test_the_page_of_the_board_leads_to_its_feed(mmmu: Any) -> None:
    page = Client().get("/benchmarks/mmmu/leaderboard/?split=val").content.decode()
    url = f"{FEED}?part=&amp;split=val&amp;track=&amp;metric=Accuracy"
    assert page.count(f'href="{url}"') == 2
    assert len(sentences(url.removeprefix(FEED).replace("&amp;", "&"))) == 2


def test_the_page_of_a_past_day_leads_to_the_feed_of_that_day(mmmu: Any) -> None:
    then = timezone.now().isoformat().replace("+00:00", "Z")
    make_result(paper="kosmos", value="70.2", **CLAIM)
    page = Client().get(f"/benchmarks/mmmu/leaderboard/?split=val&as_of={then}").content.decode()
    assert f"leaderboard.atom?part=&amp;split=val&amp;track=&amp;metric=Accuracy&amp;as_of={then}" in page
    assert sentences(f"?split=val&as_of={then}")[0].startswith("Flamingo enters at place 1")


@pytest.mark.parametrize(
    "snapshot", ["text", [], {}, {"benchmark": 5, "value": [], "paper": {}, "inferred": "x"}, None]
)
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("kind", ["result", "benchmark", "protocol"])
def test_a_damaged_revision_breaks_no_feed(mmmu: Any, kind: str, number: int, snapshot: Any) -> None:
    protocol = make("protocol", name="VLMEvalKit")
    result = make_result(paper="kosmos", value="70.2", protocol=protocol.slug, **CLAIM)
    entry = {"result": result, "benchmark": mmmu, "protocol": protocol}[kind]
    changes: dict[str, dict[str, Any]] = {
        "result": {"value": "71"},
        "benchmark": {"errata": [], "metrics": [METRICS[0]]},
        "protocol": {"judge": "GPT-4"},
    }
    make_revision(kind, entry, **changes[kind])
    damage(Revision.objects.get(kind=kind, entry_id=entry.pk, number=number), snapshot=snapshot)

    assert feed() is not None
    assert feed("?split=val&track=VLMEvalKit") is not None
