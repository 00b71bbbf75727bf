"""The kept counts of facets are those that counting gives, whatever was published."""

from typing import Any

import pytest
from django.http import QueryDict

from catalog import filters
from catalog.bulk import publish_many
from catalog.counting import recount
from catalog.filters import facet_groups, known_count
from catalog.kinds import KINDS
from catalog.models import FacetCount
from catalog.publishing import merge, restore, retire
from tests.factories import approver, contributor, make, make_benchmark, make_paper, make_result, make_revision

pytestmark = pytest.mark.django_db

Counts = set[tuple[Any, ...]]


def kept() -> Counts:
    return set(FacetCount.objects.values_list("kind", "by_facet", "by_value", "facet", "value", "label", "count"))


def counted() -> Counts:
    """The same, counted anew."""
    for kind in KINDS.values():
        recount(kind)
    return kept()


@pytest.fixture
def papers() -> list[Any]:
    """Five papers over three architectures, two years and two topics, with and without parts."""
    for topic in ("Grounding", "Hallucination"):
        make("topic", name=topic)
    make("component", name="CLIP ViT-L", type="vision-encoder", family="CLIP")
    rows = [
        ("dual-encoder", 2021, [], []),
        ("dual-encoder", 2022, ["grounding"], ["image", "text"]),
        ("decoder-only", 2022, ["grounding", "hallucination"], ["image", "text", "video"]),
        ("decoder-only", None, [], ["text"]),
        ("", 2022, ["hallucination"], []),
    ]
    return [
        make_paper(
            name=f"Model {number}",
            architecture=architecture,
            year=year,
            topics=topics,
            modalities_in=takes,
            vision_encoders=[{"component": "clip-vit-l"}] if number % 2 else [],
        )
        for number, (architecture, year, topics, takes) in enumerate(rows)
    ]


def test_counts_after_creations(papers: list[Any]) -> None:
    found = kept()

    assert found == counted()
    assert ("paper", "", "", "year", "2022", "2022", 3) in found
    assert ("paper", "year", "2022", "topic", "grounding", "", 2) in found


def test_counts_after_an_edit(papers: list[Any]) -> None:
    make_revision("paper", papers[1], architecture="decoder-only", topics=[], year=2021)

    assert kept() == counted()


def test_counts_after_a_name_in_a_label_changed(papers: list[Any]) -> None:
    component = KINDS["component"].model.objects.with_references().get()
    make_revision("component", component, family="clip")

    assert kept() == counted()
    assert ("paper", "", "", "vision", "clip", "clip", 2) in kept()


def test_counts_after_entries_went_and_came_back(papers: list[Any]) -> None:
    people: dict[str, Any] = {"contributor": contributor(), "approver": approver()}
    retire(entry=papers[0], reason="A twin.", **people)
    merge(entry=papers[1], into=papers[2], reason="A twin.", **people)
    without = kept()

    assert without == counted()
    assert ("paper", "", "", "year", "2021", "2021", 1) not in without

    restore(kind=KINDS["paper"], entry_id=papers[0].pk, **people)

    assert kept() == counted()
    assert ("paper", "", "", "year", "2021", "2021", 1) in kept()


def test_counts_after_many_at_once(papers: list[Any]) -> None:
    rows = [{"name": f"Other {number}", "year": 2021 + number % 2, "topics": ["grounding"]} for number in range(6)]
    publish_many(kind=KINDS["paper"], payloads=rows, contributor=contributor(), approver=approver())

    assert kept() == counted()


def test_results_are_not_paired_with_their_models() -> None:
    make_result(paper=make_paper().slug, benchmark=make_benchmark().slug)

    assert kept() == counted()
    assert ("result", "", "", "paper", "a-paper", "A paper", 1) in kept()
    assert not FacetCount.objects.filter(kind="result", by_facet="paper").exists()
    assert not FacetCount.objects.filter(kind="result", facet="paper").exclude(by_facet="").exists()


QUERIES = (
    "",
    "year=2022",
    "architecture=dual-encoder",
    "topic=grounding",
    "takes=video",
    "vision=clip",
    "year=1999",
    "topic=grounding&topic=hallucination",
    "year=2022&topic=grounding",
)


@pytest.mark.parametrize("query", QUERIES)
def test_facets_say_what_counting_says(papers: list[Any], query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    params = QueryDict(query)
    shown = facet_groups(KINDS["paper"], params)
    monkeypatch.setattr(filters, "_counts", filters._counted)

    assert shown == facet_groups(KINDS["paper"], params)


@pytest.mark.parametrize(
    "query", ["", "benchmark=vqav2", "paper=a-paper", "measured=authors", "paper=a-paper&state=live"]
)
def test_facets_of_results_say_what_counting_says(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vqa, pope = make_benchmark(name="VQAv2"), make_benchmark(name="POPE")
    make_result(benchmark=vqa.slug, measured_by="authors")
    make_result(benchmark=pope.slug, measured_by="third-party")
    params = QueryDict(query)
    shown = facet_groups(KINDS["result"], params)
    monkeypatch.setattr(filters, "_counts", filters._counted)

    assert shown == facet_groups(KINDS["result"], params)


@pytest.mark.parametrize("query", ["year=2022", "year=1999", "topic=grounding"])
def test_known_count_is_that_of_the_list(papers: list[Any], query: str) -> None:
    params = QueryDict(query)

    assert known_count(KINDS["paper"], params) == filters.filtered(KINDS["paper"], params).count()


@pytest.mark.parametrize("query", ["", "year=2021&year=2022", "year=2022&topic=grounding"])
def test_known_count_leaves_other_lists_to_be_counted(papers: list[Any], query: str) -> None:
    assert known_count(KINDS["paper"], QueryDict(query)) is None


def test_open_facet_offers_the_most_frequent_and_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    board = make_benchmark(name="VQAv2").slug
    often, seldom = make_paper(name="Often").slug, make_paper(name="Seldom").slug
    for slug in (often, often, seldom):
        make_result(paper=slug, benchmark=board)
    monkeypatch.setattr(filters, "MOST", 1)

    def offered(query: str) -> list[tuple[str, int]]:
        groups = facet_groups(KINDS["result"], QueryDict(query))
        group = next(group for group in groups if group.name == "paper")
        return [(option.value, option.count) for option in group.options]

    assert offered("") == [("often", 2)]
    assert offered("paper=seldom") == [("often", 2), ("seldom", 1)]


def test_a_facet_that_pages_do_not_offer_is_counted_by_itself() -> None:
    make_paper(organisation="OpenAI", licence_code="MIT", year=2021)

    assert kept() == counted()
    assert ("paper", "", "", "organisation", "openai", "OpenAI", 1) in kept()
    assert not FacetCount.objects.filter(facet="licence").exclude(by_facet="").exists()
    assert not FacetCount.objects.filter(by_facet="licence").exists()
