"""What must be known of a number beside it, on the pages that show it without its board."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.web.home import board_leaders
from tests.factories import make, make_benchmark, make_paper, make_result

pytestmark = pytest.mark.django_db
METRICS = [{"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}]


@pytest.fixture(autouse=True)
def results() -> None:
    cache.clear()
    make_benchmark(name="MMMU", metrics=METRICS, splits=[{"name": "val"}])
    for name in ("First", "Second", "Third"):
        make_paper(name=name)
    claim = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    inferred = [{"field": name, "reason": "By the table."} for name in ("variant", "adaptation")]
    make_result(**claim, paper="first", value="90", state="disputed")
    make_result(**claim, paper="second", value="80", adaptation="zero-shot", variant="7B", inferred=inferred)
    make_result(**claim, paper="third", value="70", adaptation="zero-shot")
    make_result(**claim, paper="third", value="60", adaptation="zero-shot", variant="2B", state="superseded")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def scores(model: str) -> list[tuple[str, str]]:
    """Variant, with what is said beside it but for its exposure, and score of each row of a model's scorecard."""
    html = Client().get(f"/papers/{model}/").content.decode()
    rows = re.findall(
        r'<td role="cell">((?:(?!<td).)*?)</td>\s*<td role="cell" class="num score">(.*?)</td>', html, re.DOTALL
    )
    return [(words(variant.replace("exposure unknown", "")), words(score)) for variant, score in rows]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", [("disputed · setting, shots not stated", "90")]),
        ("second", [("7B inferred: zero-shot, variant 7B", "80")]),
        ("third", [("", "70"), ("2B", "60")]),
    ],
)
def test_a_scorecard_says_state_what_was_inferred_and_what_is_not_stated(
    model: str, expected: list[tuple[str, str]]
) -> None:
    assert scores(model) == expected


def test_the_front_page_says_the_same_of_the_first() -> None:
    html = Client().get("/").content.decode()
    glance = re.search(r'<table class="glance">.*?</table>', html, re.DOTALL)
    assert glance is not None
    assert words(glance[0]).endswith("First · disputed · setting, shots not stated 90 3")


def test_the_front_page_says_how_many_are_level_and_what_is_better_and_unlike() -> None:
    make_benchmark(name="VQAv2", metrics=METRICS, splits=[{"name": "test"}])
    claim = {"benchmark": "vqav2", "metric": "Accuracy", "split": "test"}
    for name in ("first", "second", "third"):
        make_result(**claim, paper=name, value="50", adaptation="zero-shot", shots=0)
    make_result(**claim, paper="third", value="99", adaptation="few-shot", shots=8, variant="2B")

    html = Client().get("/").content.decode()
    glance = re.search(r'<table class="glance">.*?</table>', html, re.DOTALL)

    assert glance is not None
    assert "VQAv2 test · Accuracy First · level with 2 others · 1 better, measured otherwise 50 3" in words(glance[0])


def test_the_firsts_of_the_front_page_cost_three_queries_for_any_number_of_boards(
    django_assert_num_queries: Any,
) -> None:
    make("protocol", name="VLMEvalKit", harness="VLMEvalKit")
    for number in range(10):
        slug = make_benchmark(name=f"B{number}", metrics=METRICS, splits=[{"name": "val"}]).slug
        for value, name in enumerate(("first", "second")):
            claim = {"benchmark": slug, "metric": "Accuracy", "split": "val", "protocol": "vlmevalkit"}
            make_result(**claim, paper=name, value=str(value))

    with django_assert_num_queries(3):
        assert len(board_leaders()) == 8


def test_several_claims_of_one_number_are_no_range() -> None:
    make_result(
        benchmark="mmmu", metric="Accuracy", split="val", paper="third", value="70", source_url="https://b.org/"
    )
    assert scores("third")[0] == ("2 claims, all 70", "70")


def test_the_heads_of_a_scorecard_say_of_what_they_are_heads() -> None:
    html = Client().get("/papers/third/").content.decode()
    (table,) = re.findall(r'<table class="scores" role="table">.*?</table>', html, re.DOTALL)
    assert re.findall(r'<th [^>]*scope="(\w+)"', table) == ["col"] * 6 + ["rowgroup"]
