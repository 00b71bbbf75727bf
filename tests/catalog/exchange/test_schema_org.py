"""JSON-LD for schema.org: what entries say, and that extruct finds it in pages."""

from typing import Any

import extruct
import pytest
from django.test import Client

from catalog.exchange.schema_org import json_ld
from catalog.kinds import KINDS, Kind
from tests.examples import FULL
from tests.factories import make, make_paper

URL = "https://x.org/"


def described(kind: str, **fields: Any) -> dict[str, Any]:
    """The JSON-LD of a payload, without what that of every kind has."""
    payload = {**KINDS[kind].form.empty(), "name": "X", **fields}
    data = json_ld(KINDS[kind], payload, URL, "2026-11-24")
    common = {"@context": "https://schema.org", "@id": URL, "url": URL, "name": "X", "sdDatePublished": "2026-11-24"}
    assert {key: data.pop(key) for key in common} == common
    return data


def link(kind: str, url: str) -> dict[str, str]:
    return {"kind": kind, "url": url, "label": ""}


def cited(**fields: Any) -> dict[str, Any]:
    return {"title": "T", "url": "", "arxiv_id": "", "doi": "", "authors": "", "year": None, **fields}


def found_in_page(path: str) -> list[dict[str, Any]]:
    page = Client().get(path)
    assert page.status_code == 200
    blocks: list[dict[str, Any]] = extruct.extract(page.content.decode(), base_url=URL, syntaxes=["json-ld"])["json-ld"]
    return blocks


def test_what_is_not_known_is_left_out() -> None:
    assert described("dataset") == {"@type": "Dataset"}


def test_a_paper_is_the_same_as_its_other_pages_and_nothing_else() -> None:
    assert described(
        "paper",
        title="Words",
        authors=["Ada Lovelace", "Gemma Team", "OpenAI"],
        organisation="Example",
        year=2023,
        arxiv_id="2304.08485",
        doi="10.1000/x",
        links=[
            link("arxiv", "https://arxiv.org/abs/2304.08485v2"),
            link("paper", "https://doi.org/10.1000/x"),
            link("paper", "https://openreview.net/forum?id=a"),
            link("code", "https://github.com/a/b"),
            link("blog", "https://example.org/blog"),
        ],
    ) == {
        "@type": "ScholarlyArticle",
        "headline": "Words",
        "sameAs": [
            "https://arxiv.org/abs/2304.08485",
            "https://doi.org/10.1000/x",
            "https://openreview.net/forum?id=a",
        ],
        "author": [
            {"@type": "Person", "name": "Ada Lovelace"},
            {"@type": "Organization", "name": "Gemma Team"},
            "OpenAI",
        ],
        "sourceOrganization": {"@type": "Organization", "name": "Example"},
        "datePublished": "2023",
        "identifier": ["arXiv:2304.08485"],
    }


def test_a_model_without_a_paper_is_no_article() -> None:
    assert described(
        "paper",
        organisation="Example",
        released="2024-05",
        licence_weights="MIT",
        links=[link("blog", "https://e.org/")],
    ) == {
        "@type": "CreativeWork",
        "creator": {"@type": "Organization", "name": "Example"},
        "license": "https://spdx.org/licenses/MIT",
        "datePublished": "2024-05",
    }


@pytest.mark.parametrize("kind", ["dataset", "benchmark"])
def test_the_paper_of_a_dataset_is_cited_and_its_authors_are_the_creators(kind: str) -> None:
    paper = cited(title="Words", arxiv_id="1405.0312", doi="10.1000/x", authors="Ada Lovelace, Grace Hopper", year=2014)
    people = [{"@type": "Person", "name": "Ada Lovelace"}, {"@type": "Person", "name": "Grace Hopper"}]

    assert described(
        kind,
        homepage="https://cocodataset.org/",
        huggingface_id="a/coco",
        licence="CC-BY-4.0",
        papers=[paper, cited(title="Other", url="https://openreview.net/forum?id=a", authors="Lin et al.")],
        links=[
            link("arxiv", "https://arxiv.org/abs/1405.0312v3"),
            link("paper", "https://openreview.net/forum?id=b"),
            link("code", "https://github.com/a/b"),
        ],
    ) == {
        "@type": "Dataset",
        "sameAs": ["https://cocodataset.org/", "https://huggingface.co/datasets/a/coco"],
        "creator": people,
        "license": "https://spdx.org/licenses/CC-BY-4.0",
        "citation": [
            {
                "@type": "ScholarlyArticle",
                "name": "Words",
                "author": people,
                "datePublished": "2014",
                "url": "https://arxiv.org/abs/1405.0312",
                "sameAs": ["https://doi.org/10.1000/x"],
            },
            {"@type": "ScholarlyArticle", "name": "Other", "url": "https://openreview.net/forum?id=a"},
            "https://openreview.net/forum?id=b",
        ],
    }


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"licence": "apache-2.0"}, "https://spdx.org/licenses/Apache-2.0"),
        ({"licence": "Own terms", "licence_url": "https://e.org/terms"}, "https://e.org/terms"),
        ({"licence": "Own terms"}, {"@type": "CreativeWork", "name": "Own terms"}),
        (
            {"licence": "Apache-2.0 (dataset card)"},
            {
                "@type": "CreativeWork",
                "name": "Apache-2.0 (dataset card)",
                "url": "https://spdx.org/licenses/Apache-2.0",
            },
        ),
        ({}, None),
    ],
)
def test_a_licence_is_an_address_where_one_is_known(fields: dict[str, str], licence: Any) -> None:
    assert described("dataset", **fields).get("license") == licence


def test_a_component_is_by_its_organisation() -> None:
    assert described(
        "component",
        type="vision-encoder",
        organisation="Example",
        year=2023,
        links=[link("arxiv", "https://arxiv.org/abs/2303.15343"), link("code", "https://github.com/a/b")],
    ) == {
        "@type": "CreativeWork",
        "additionalType": "vision-encoder",
        "creator": {"@type": "Organization", "name": "Example"},
        "citation": ["https://arxiv.org/abs/2303.15343"],
        "datePublished": "2023",
    }


def test_articles_are_about_a_topic() -> None:
    row = {"title": "Words", "year": 2020, "url": "", "arxiv_id": "2303.15343", "kind": "survey", "note": ""}

    assert described("topic", key_references=[row])["subjectOf"] == [
        {
            "@type": "ScholarlyArticle",
            "name": "Words",
            "datePublished": "2020",
            "url": "https://arxiv.org/abs/2303.15343",
        }
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_page_of_an_entry_has_it(kind: Kind, surroundings: None) -> None:
    entry = make(kind.name, **{**FULL[kind.name], "summary": "Ends </script><!-- here & there \u2028."})
    url = f"http://127.0.0.1:8000{entry.get_absolute_url()}"

    assert found_in_page(entry.get_absolute_url()) == [
        json_ld(kind, kind.dump(entry), url, entry.updated.date().isoformat())
    ]


@pytest.mark.django_db
def test_the_home_page_names_the_site_and_its_search() -> None:
    make_paper(name="CLIP")

    (site,) = found_in_page("/")

    assert site == {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": "http://127.0.0.1:8000/",
        "url": "http://127.0.0.1:8000/",
        "name": "VLM Portal",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": "http://127.0.0.1:8000/search/?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }
    assert Client().get("/search/?q=clip").status_code in (200, 302)
