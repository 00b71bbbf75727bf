"""Stored facet sets equal those computed from the entries, whatever was published; lists and counts follow."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from pyroaring import BitMap

from catalog.kinds import KINDS, Kind
from catalog.ledger.bulk import publish_many
from catalog.ledger.indexing.facets import rebuild_sets
from catalog.ledger.publishing import merge, restore, retire
from catalog.listing import facets, groups
from catalog.listing.facets import totals
from catalog.listing.filterset import filterset_class
from catalog.listing.groups import FacetGroups
from catalog.models import FacetSet, FacetValue
from tests.factories import make, make_benchmark, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db

SetRows = set[tuple[Any, ...]]


def facets_of(kind: str, query: str) -> FacetGroups:
    """The facets of a list as its page counts them."""
    return FacetGroups(filterset_class(KINDS[kind])(QueryDict(query), counted=True))


def stored_sets() -> SetRows:
    """Kind, facet, value, label, count and ids of every set."""
    rows = FacetSet.objects.values_list("kind", "facet", "value", "label", "count", "entries")
    return {(*row, frozenset(BitMap.deserialize(bytes(entries)))) for *row, entries in rows}


def counts() -> set[tuple[Any, ...]]:
    return {row[:5] for row in stored_sets()}


def counted() -> SetRows:
    """The same, rebuilt."""
    for kind in KINDS.values():
        rebuild_sets(kind)
    return stored_sets()


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


def test_sets_after_creations(papers: list[Any]) -> None:
    rows = stored_sets()

    assert rows == counted()
    assert ("paper", "year", "2022", "2022", 3) in counts()
    assert {len(row[5]) == row[4] for row in rows} == {True}


def test_entries_without_any_value_are_counted_too() -> None:
    datasets = [make("dataset", name=name) for name in "AB"]
    assert not FacetValue.objects.filter(kind="dataset").exists()
    make_revision("dataset", entry=datasets[0], summary="Another.")
    retire(entry=datasets[1], trace=trace("A duplicate."))

    assert stored_sets() == counted()
    assert totals()["dataset"] == facets_of("dataset", "").count == 1


def test_sets_after_an_edit(papers: list[Any]) -> None:
    make_revision("paper", papers[1], architecture="decoder-only", topics=[], year=2021)

    assert stored_sets() == counted()


def test_sets_after_a_name_in_a_label_changed(papers: list[Any]) -> None:
    component = KINDS["component"].model.objects.with_references().get()
    make_revision("component", component, family="clip")

    assert stored_sets() == counted()
    assert ("paper", "vision", "clip", "clip", 2) in counts()


def test_sets_after_entries_went_and_came_back(papers: list[Any]) -> None:
    retire(entry=papers[0], trace=trace("A duplicate."))
    merge(entry=papers[1], into=papers[2], trace=trace("A duplicate."))
    without = stored_sets()

    assert without == counted()
    assert ("paper", "year", "2021", "2021", 1) not in counts()

    restore(kind=KINDS["paper"], entry_id=papers[0].pk, trace=trace())

    assert stored_sets() == counted()
    assert ("paper", "year", "2021", "2021", 1) in counts()


def test_sets_after_many_at_once(papers: list[Any]) -> None:
    rows = [{"name": f"Other {number}", "year": 2021 + number % 2, "topics": ["grounding"]} for number in range(6)]
    publish_many(kind=KINDS["paper"], payloads=rows, trace=trace())

    assert stored_sets() == counted()


QUERIES = (
    "",
    "year=2022",
    "architecture=dual-encoder",
    "architecture=dual-encoder&architecture=decoder-only",
    "topic=grounding",
    "takes=video",
    "vision=clip",
    "year=1999",
    "year=2022&year=2099",
    "component=clip-vit-l&year=2022",
    "year_min=2022",
    "year_max=2021&topic=grounding",
    "year_min=2022&year_max=2022&takes=image&architecture=decoder-only",
    "slug=model-1&slug=model-2",
    "created_since=2000-01-01&topic=grounding",
    "created_since=2100-01-01",
    "topic=grounding&topic=hallucination",
    "year=2022&topic=grounding",
    "year=2021&architecture=decoder-only",
    "year=2022&topic=grounding&takes=image&architecture=decoder-only",
)


def plainly(kind: Kind, params: QueryDict, but: str = "") -> list[Any]:
    """The entries that the facets leave, checked one by one; the facet `but` is left out."""
    selected = {facet: set(params.getlist(facet.name)) for facet in kind.indexed if facet.name != but}
    return [
        entry
        for entry in kind.model.objects.with_references()
        if all(not values or values & dict(facet.values(entry)).keys() for facet, values in selected.items())
        and ("year_min" not in params or (entry.year or 0) >= int(str(params["year_min"])))
        and ("year_max" not in params or 0 < (entry.year or 0) <= int(str(params["year_max"])))
        and ("slug" not in params or entry.slug in params.getlist("slug"))
        and ("created_since" not in params or str(entry.created) >= str(params["created_since"]))
    ]


def offered(kind: Kind, params: QueryDict) -> dict[str, dict[str, int]]:
    """What the facets should offer: facet, value, number of entries given the other facets."""
    counted_facets: dict[str, dict[str, int]] = {}
    for facet in kind.facets:
        values = [value for entry in plainly(kind, params, facet.name) for value in dict(facet.values(entry))]
        counts = dict.fromkeys(params.getlist(facet.name), 0) | {value: values.count(value) for value in values}
        if counts:
            counted_facets[facet.name] = counts
    return counted_facets


@pytest.mark.parametrize("few", [0, 1, 1_000])
@pytest.mark.parametrize("query", QUERIES)
def test_a_list_is_what_asking_each_entry_says(
    papers: list[Any], query: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MAX_IDS_IN_QUERY", few)
    kind, params = KINDS["paper"], QueryDict(query)
    listed = facets_of("paper", query)
    shown = {one.name: {each.value: each.count for each in [*one.options, *one.more]} for one in listed.groups}

    assert sorted(listed.filterset.qs.values_list("pk", flat=True)) == sorted(one.pk for one in plainly(kind, params))
    assert listed.count == len(plainly(kind, params))
    assert shown == offered(kind, params)


@pytest.mark.parametrize(
    "query",
    ["", "benchmark=vqav2", "paper=a-paper", "measured=authors", "paper=a-paper&state=live", "verification=reproduced"],
)
def test_a_list_of_results_is_what_asking_each_says(query: str) -> None:
    vqa, pope = make_benchmark(name="VQAv2"), make_benchmark(name="POPE")
    make_result(benchmark=vqa.slug, measured_by="authors")
    make_result(benchmark=pope.slug, measured_by="third-party")
    kind, params = KINDS["result"], QueryDict(query)
    listed = facets_of("result", query)

    assert sorted(listed.filterset.qs.values_list("pk", flat=True)) == sorted(one.pk for one in plainly(kind, params))
    assert {one.name: {each.value: each.count for each in one.options} for one in listed.groups} == offered(
        kind, params
    )
    assert [each.value for one in listed.groups for each in one.options if not each.known] == (
        ["reproduced"] if "reproduced" in query else []
    )


def test_a_chosen_value_without_entries_keeps_its_label(papers: list[Any]) -> None:
    shown = facets_of("paper", "year=2021&topic=hallucination").groups
    topics = next(group for group in shown if group.name == "topic")

    assert [(one.label, one.count, one.known) for one in topics.options] == [("Hallucination", 0, True)]


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("year=2021&topic=none-such", ["Topic: no paper or model has “none-such”. Used most:"]),
        ("year=2021&topic=hallucination", []),
        ("year=1066", ["Year: “1066” is not a whole number from 1900 to 2100."]),
        ("year=1999", ["Year: no paper or model has “1999”."]),
    ],
)
def test_a_page_names_the_values_that_nothing_has_and_no_others(
    papers: list[Any], query: str, messages: list[str], client: Client
) -> None:
    notices = client.get(f"/papers/?{query}").context["notices"]

    assert [notice.text for notice in notices] == messages


def test_an_open_facet_offers_the_most_frequent_and_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    board = make_benchmark(name="VQAv2").slug
    often, seldom = make_paper(name="Often").slug, make_paper(name="Seldom").slug
    for slug in (often, often, seldom):
        make_result(paper=slug, benchmark=board)
    monkeypatch.setattr(groups, "MAX_VALUES", 1)

    def shown(query: str) -> list[tuple[str, int]]:
        group = next(group for group in facets_of("result", query).groups if group.name == "paper")
        return [(option.value, option.count) for option in group.options]

    assert shown("") == [("often", 2)]
    assert shown("paper=seldom") == [("often", 2), ("seldom", 1)]


def test_an_open_facet_is_not_counted_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    make_result(measured_by="authors")
    monkeypatch.setattr(groups, "MAX_IDS_IN_QUERY", 0)

    assert "paper" not in {group.name for group in facets_of("result", "measured=authors").groups}


def test_a_facet_that_pages_do_not_offer_has_sets_too() -> None:
    make_paper(organisation="OpenAI", licence_code="MIT", year=2021)

    assert stored_sets() == counted()
    assert {("paper", "organisation", "openai", "OpenAI", 1), ("paper", "licence", "mit", "MIT", 1)} <= counts()
