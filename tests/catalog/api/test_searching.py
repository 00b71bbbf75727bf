"""Search and vocabularies."""

import pytest

from catalog.api.vocabularies import VOCABULARIES
from tests.catalog.api.reading import BASE, read, refused, slugs
from tests.factories import make_component, make_dataset, make_paper, make_topic

pytestmark = pytest.mark.django_db


def test_a_hit_is_an_entry_and_what_matched() -> None:
    make_paper(name="CLIP", summary="Sees and reads.", year=2021)
    make_dataset(name="CLIP data")

    page = read("search/?q=clip")
    (first, _) = page["results"]

    assert first.pop("match") == {
        "name": [{"text": "CLIP", "hit": True}],
        "line": [{"text": "Sees and reads.", "hit": False}],
    }
    assert first.pop("standing") is None
    assert first == read("papers/clip/")
    assert {key: value for key, value in page.items() if key != "results"} == {
        "next": None,
        "count": 2,
        "count_is_exact": True,
        "guessed": False,
        "kinds": {"paper": 1, "dataset": 1},
        "years": {"2021": 1},
    }


def test_search_is_narrowed_and_paged() -> None:
    for number in range(3):
        make_paper(name=f"CLIP {number}", year=2020 + number)
    make_dataset(name="CLIP data", year=2021)

    first = read("search/?q=clip&kind=paper&page_size=2")

    assert slugs("search/?q=clip&year=2021") == ["clip-1", "clip-data"]
    assert first["next"] == f"{BASE}/api/v1/search/?kind=paper&page=2&page_size=2&q=clip"
    assert slugs(first["next"].partition("/api/v1/")[2]) == ["clip-2"]
    assert slugs("search/?q=clip&page=9") == []


def test_search_needs_a_query() -> None:
    assert refused("search/") == {"q": ["This parameter must be given."]}
    assert slugs("search/?q=%27%22") == []


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_vocabulary_is_listed_and_read(name: str) -> None:
    assert read("vocabularies/")[name] == f"{BASE}/api/v1/vocabularies/{name}/"
    assert read(f"vocabularies/{name}/")["name"] == name


def test_an_open_vocabulary_counts_who_says_so() -> None:
    make_paper(name="A", modalities_in=["image", "text"], modalities_out=["text"])
    make_dataset(name="B", modalities=["Image"])

    assert read("vocabularies/modalities/")["results"] == [
        {"value": "image", "label": "image", "count": 2, "kinds": {"dataset": 1, "paper": 1}},
        {"value": "text", "label": "text", "count": 1, "kinds": {"paper": 1}},
    ]


def test_families_are_those_of_components_and_not_of_topics() -> None:
    make_component(name="ViT-L", family="ViT")
    make_topic(name="Grounding", family="research-directions")

    assert [row["value"] for row in read("vocabularies/families/")["results"]] == ["vit"]
