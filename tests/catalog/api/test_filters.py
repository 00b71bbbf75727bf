"""Filters of lists, which match the same entries now and at a past date."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.listing.filterset import filterset_class
from tests.catalog.api.reading import refused, slugs
from tests.days import TODAY
from tests.factories import make_benchmark, make_component, make_dataset, make_paper, make_result, make_topic

pytestmark = pytest.mark.django_db

LATER = f"as_of={TODAY}"


def link(kind: str) -> dict[str, str]:
    return {"kind": kind, "url": "https://a.example/", "label": ""}


def variant(total: str) -> dict[str, Any]:
    rest = {"active_b": None, "as_stated": "", "weights_url": "", "licence": "", "note": ""}
    return {"name": f"{total}B", "total_b": total, **rest}


@pytest.fixture
def models() -> None:
    make_topic(name="Grounding")
    make_topic(name="Robustness")
    make_component(name="ViT-L", family="ViT")
    make_dataset(name="LAION", modalities=["audio"])
    make_paper(
        name="A",
        year=2021,
        organisation="OpenAI",
        architecture="dual-encoder",
        topics=["grounding"],
        links=[link("code"), link("weights")],
        variants=[variant("0.4")],
        modalities_in=["image", "text"],
        modalities_out=["embedding"],
        languages=["English"],
        licence_code="MIT",
        vision_encoders=[{"component": "vit-l", "variants": [], "note": ""}],
        training_datasets=[{"name": "LAION", "dataset": "laion", "benchmark": None}],
    )
    make_paper(
        name="B",
        year=2023,
        architecture="decoder-only",
        links=[link("paper")],
        variants=[variant("1.5"), variant("70")],
        modalities_in=["video"],
        licence_weights="Apache-2.0",
    )
    make_paper(name="C")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("year=2021", ["a"]),
        ("year=2021&year=2023", ["a", "b"]),
        ("year_min=2022", ["b"]),
        ("year_max=2022", ["a"]),
        ("year_min=2021&year_max=2023", ["a", "b"]),
        ("architecture=dual-encoder", ["a"]),
        ("architecture=dual-encoder&architecture=decoder-only", ["a", "b"]),
        ("topic=grounding", ["a"]),
        ("topic=robustness", []),
        ("modality=audio", []),
        ("link=weights", ["a"]),
        ("link=paper&link=code", ["a", "b"]),
        ("weights=no-weights", ["b", "c"]),
        ("parameters_min=7", ["b"]),
        ("parameters_max=1", ["a"]),
        ("parameters_min=7&parameters_max=13", []),
        ("parameters_min=0.4&parameters_max=1.5", ["a", "b"]),
        ("takes=video", ["b"]),
        ("modality=embedding", ["a"]),
        ("licence=mit", ["a"]),
        ("licence=mit&licence=apache-2-0", ["a", "b"]),
        ("component=vit-l", ["a"]),
        ("vision=vit", ["a"]),
        ("dataset=laion", ["a"]),
        ("spoken=english", ["a"]),
        ("organisation=openai", ["a"]),
        ("slug=c&slug=a", ["a", "c"]),
        ("updated_since=2020-01-01", ["a", "b", "c"]),
        ("updated_since=2100-01-01T00:00:00Z", []),
        ("created_since=2100-01-01", []),
        ("year_min=2020&takes=image&link=code", ["a"]),
    ],
)
def test_a_filter_keeps_what_it_says(query: str, expected: list[str], models: None) -> None:
    assert slugs(f"papers/?{query}") == expected
    assert slugs(f"papers/?{query}&{LATER}") == expected


@pytest.mark.parametrize(
    "query", ["architecture=dual-encoder", "link=paper&link=code", "parameters_min=7", "topic=robustness"]
)
def test_a_value_that_many_have_keeps_the_same_entries(
    query: str, models: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = slugs(f"papers/?{query}")
    monkeypatch.setattr("catalog.listing.facets.MAX_IDS_IN_QUERY", 0)

    assert slugs(f"papers/?{query}") == few


@pytest.mark.parametrize(
    ("query", "expected"),
    [("size_min=1000", ["big"]), ("size_max=1000", ["small"]), ("size_min=1&size_max=10000000", ["big", "small"])],
)
def test_a_dataset_is_narrowed_by_its_size(query: str, expected: list[str]) -> None:
    make_dataset(name="Big", size_count=1_000_000)
    make_dataset(name="Small", size_count=10)
    make_dataset(name="Unknown")

    assert slugs(f"datasets/?{query}") == expected
    assert slugs(f"datasets/?{query}&{LATER}") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("paper=clip", ["x", "y"]),
        ("benchmark=mmmu&value_min=60", ["y"]),
        ("value_max=60", ["x"]),
        ("shots=4", ["y"]),
        ("shots=0", ["x"]),
        ("split=val&metric=accuracy", ["x"]),
        ("state=live&verification=reported", ["x", "y"]),
        ("measured=third-party", []),
    ],
)
def test_results_are_narrowed_by_what_they_claim(query: str, expected: list[str]) -> None:
    about = {"paper": make_paper(name="CLIP").slug, "benchmark": make_benchmark(name="MMMU").slug}
    make_result(name="X", value="58.5", split="val", shots=0, **about)
    make_result(name="Y", value="64.50", shots=4, **about)

    assert slugs(f"results/?{query}") == expected
    assert slugs(f"results/?{query}&{LATER}") == expected


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        ("colour=red", "colour", "There is no such parameter here. Allowed: architecture, as_of, component,"),
        ("architecture=round", "architecture", "“round” is not one of: dual-encoder, encoder-decoder, decoder-only,"),
        ("year_min=abc", "year_min", "“abc” is not a whole number from 1900 to 2100."),
        ("year=1", "year", "“1” is not a whole number from 1900 to 2100."),
        ("parameters_min=NaN", "parameters_min", "“NaN” is not a number from"),
        ("topic=Two Words", "topic", "“Two Words” is not a slug; “two-words” is."),
        ("topic=", "topic", "“” is not a slug"),
        ("link=carrier-pigeon", "link", "“carrier-pigeon” is not one of: paper, arxiv, code,"),
        ("updated_since=yesterday", "updated_since", "“yesterday” is neither a day (2026-01-31) nor a time"),
        ("sort=colour", "sort", "“colour” is not one of: slug, released, name, updated, listed, results."),
        ("page_size=201", "page_size", "“201” is not a whole number from 1 to 200."),
        ("page_size=5&page_size=6", "page_size", "Given 2 times; at most 1."),
        ("sort=name&as_of=2025-01-01", "sort", "With as_of the order is `slug`."),
        ("count=true&as_of=2025-01-01", "count", "A past date is not counted."),
    ],
)
def test_an_unknown_or_invalid_parameter_is_named(query: str, name: str, message: str) -> None:
    (errors,) = refused(f"papers/?{query}").items()

    assert (errors[0], errors[1][0][: len(message)]) == (name, message)


def test_every_facet_of_a_page_is_a_parameter() -> None:
    for kind in KINDS.values():
        assert {facet.name for facet in kind.facets} <= filterset_class(kind).base_filters.keys()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("organisation=opneai", "“opneai” is not in the catalogue. Used by papers: openai."),
        ("topic=gruonding&topic=grounding", "“gruonding” is not in the catalogue. Used by papers: grounding."),
        ("component=none-such", "“none-such” is not in the catalogue. Used by papers: vit-l."),
        ("section=none-such", "“none-such” is not in the catalogue. Used by papers: none."),
        ("licence=none-such", "“none-such” is not in the catalogue. Used by papers: apache-2-0, mit."),
    ],
)
def test_a_word_that_nothing_has_is_refused_with_those_there_are(query: str, message: str, models: None) -> None:
    assert refused(f"papers/?{query}") == {query.partition("=")[0]: [message]}
    assert refused(f"papers.csv?{query}") == {query.partition("=")[0]: [message]}


def test_a_past_date_accepts_unknown_values(models: None) -> None:
    assert slugs(f"papers/?organisation=none-such&{LATER}") == []
