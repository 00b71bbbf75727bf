"""Lists: envelope, pagination, sorting and formats."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from catalog.api import lists, paging
from catalog.kinds import KINDS, Kind
from catalog.models import Revision
from tests.catalog.api.reading import BASE, every_page, read, refused, slugs
from tests.catalog.ledger.test_damaged_payloads import damage
from tests.factories import make, make_component, make_paper, make_revision, make_topic

pytestmark = pytest.mark.django_db


def made(kind: Kind, name: str, **fields: Any) -> Any:
    """Make an entry of any kind; a result gets a model and a benchmark."""
    if kind.name == "result":
        paper, benchmark = make("paper", name=f"{name} model"), make("benchmark", name=f"{name} bench")
        fields = {"paper": paper.slug, "benchmark": benchmark.slug, "metric": "accuracy", "value": "1", **fields}
    return make(kind.name, name=name, **fields)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_entry_is_its_payload_in_one_envelope(kind: Kind) -> None:
    entry = made(kind, "CLIP", summary="Sees “and” reads.", year=2021)

    (listed,) = read(f"{kind.plural}/?slug={entry.slug}")["results"]

    created = datetime.fromisoformat(listed.pop("created")), datetime.fromisoformat(listed.pop("updated"))
    assert created == (entry.created, entry.updated)
    assert listed == {
        "kind": kind.name,
        "slug": "clip",
        "url": f"{BASE}/api/v1/{kind.plural}/clip/",
        "html_url": f"{BASE}/{kind.plural}/clip/",
        "revision": 1,
        "fields": kind.dump(entry),
    }


def test_a_list_gives_the_newest_revision() -> None:
    paper = make_paper(name="CLIP")
    make_revision("paper", paper, year=2021)

    (listed,) = read("papers/")["results"]

    assert (listed["revision"], listed["fields"]["year"]) == (2, 2021)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_pages_give_every_entry_once_in_every_order(kind: Kind) -> None:
    for number, year in enumerate((2021, 2023, 2021, None, 2023, 2021, 2022)):
        made(kind, f"Name {number % 3} {number}", year=year)

    for sort in ("slug", *kind.orders):
        all_pages = every_page(f"{kind.plural}/?sort={sort}&page_size=200")
        assert len(all_pages[0]) == 7
        assert every_page(f"{kind.plural}/?sort={sort}&page_size=2") == [
            all_pages[0][0:2],
            all_pages[0][2:4],
            all_pages[0][4:6],
            all_pages[0][6:],
        ]


def test_orders_are_those_of_the_pages() -> None:
    for name, released in (("A", "2021"), ("B", "2023-05"), ("C", "2022"), ("D", "")):
        make_paper(name=name, released=released)

    assert slugs("papers/?sort=released") == ["b", "c", "a", "d"]
    assert slugs("papers/?sort=updated") == ["d", "c", "b", "a"]
    assert slugs("papers/") == ["a", "b", "c", "d"]


def test_an_insert_moves_no_page() -> None:
    for name in ("B", "D", "F"):
        make_paper(name=name)
    first = read("papers/?page_size=2")
    make_paper(name="A")
    make_paper(name="E")

    assert [row["slug"] for row in first["results"]] == ["b", "d"]
    assert slugs(first["next"].removeprefix(f"{BASE}/api/v1/")) == ["e", "f"]


def test_the_next_page_is_in_the_link_header_too() -> None:
    for name in ("A", "B"):
        make_paper(name=name)

    response = Client().get("/api/v1/papers/?page_size=1")

    following = response.json()["next"]
    first = f"{BASE}/api/v1/papers/?page_size=1"
    assert response.headers["Link"] == f'<{following}>; rel="next", <{first}>; rel="first"'


def test_a_count_is_given_on_request_and_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("A", "B", "C"):
        make_paper(name=name)

    page = read("papers/?count=true&page_size=1")
    assert (page["count"], page["count_is_exact"]) == (3, True)
    monkeypatch.setattr(paging, "MAX_COUNT", 2)
    page = read("papers/?count=true&page_size=2")
    assert (page["count"], page["count_is_exact"]) == (2, False)
    assert set(read("papers/")) == {"results", "next"}


@pytest.mark.parametrize(
    "cursor",
    ["x", "WyJuYW1lIiwiYSJd", "WyJzbHVnIiwxXQ", "WyJzbHVnIl0", "eyJhIjoxfQ", "MQ", "WyJzbHVnIiwiXHUwMDAwIl0", "é"],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    assert list(refused(f"papers/?cursor={cursor}")) == ["cursor"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-11-27", "now", 1])
def test_a_cursor_with_a_moment_that_no_column_holds_is_refused(moment: Any) -> None:
    assert list(refused(f"papers/?sort=updated&cursor={paging.encode('updated', [moment, 'a'])}")) == ["cursor"]


def test_fields_trims_the_payload() -> None:
    make_paper(name="CLIP", year=2021)

    assert [row["fields"] for row in read("papers/?fields=year,name")["results"]] == [{"year": 2021, "name": "CLIP"}]
    assert list(refused("papers/?fields=name,colour")) == ["fields"]


def test_expand_adds_the_entries_that_fields_name() -> None:
    topic = make_topic(name="Grounding")
    encoder = make_component(name="ViT-L")
    make_paper(name="CLIP", topics=[topic.slug], vision_encoders=[{"component": "vit-l", "variants": [], "note": ""}])

    (listed,) = read("papers/?expand=topics,vision_encoders")["results"]

    assert {
        plural: {slug: row["fields"] for slug, row in rows.items()} for plural, rows in listed["expanded"].items()
    } == {
        "topics": {"grounding": KINDS["topic"].dump(topic)},
        "components": {"vit-l": KINDS["component"].dump(encoder)},
    }


def test_expand_finds_an_entry_by_the_address_it_had() -> None:
    topic = make_topic(name="Grounding")
    make_paper(name="CLIP", topics=[topic.slug])
    make_revision("topic", topic, slug="visual-grounding")

    (listed,) = read("papers/?expand=topics")["results"]

    assert listed["fields"]["topics"] == ["grounding"]
    assert [row["slug"] for row in listed["expanded"]["topics"].values()] == ["visual-grounding"]


def test_provenance_says_who_brought_each_value() -> None:
    paper = make_paper(name="CLIP", year=2020, aliases=["A"])
    make_revision(
        "paper",
        paper,
        year=2021,
        aliases=["A", "B"],
        source="https://arxiv.org/abs/2103.00020",
        sources=[
            {
                "field": "year",
                "url": "https://a.example/",
                "note": "p. 1",
                "confidence": "confirmed",
                "source_class": "index",
            }
        ],
    )

    (listed,) = read("papers/?include=provenance")["results"]

    for rows in listed["provenance"].values():
        for row in rows:
            datetime.fromisoformat(row.pop("at"))
    first = {
        "revision": 1,
        "contributor": "ada",
        "approver": "grace",
        "seconder": None,
        "edited_in_review": False,
        "source": None,
        "source_class": "",
        "source_revision": None,
        "sourced": "none",
        "sourced_text": "no source given",
        "sources": [],
    }
    second = {
        **first,
        "revision": 2,
        "source": "https://arxiv.org/abs/2103.00020",
        "source_class": "primary",
        "source_revision": 2,
        "sourced": "change",
        "sourced_text": "given with the change",
    }
    row = {"url": "https://a.example/", "note": "p. 1", "confidence": "confirmed", "source_class": "index"}
    given = {**row, "class_stated": True, "revision": 2, "contributor": "ada"}
    own = {"sourced": "own", "sourced_text": "sources of its own", "sources": [given]}
    assert listed["provenance"] == {
        "name": [{"value": "CLIP", **first}],
        "year": [{"value": 2021, **second, **own}],
        "aliases": [{"value": "A", **first}, {"value": "B", **second}],
    }


def test_provenance_is_trimmed_with_the_fields() -> None:
    make_paper(name="CLIP", year=2021)

    (listed,) = read("papers/?include=provenance&fields=year")["results"]

    assert (list(listed["fields"]), list(listed["provenance"])) == (["year"], ["year"])


@pytest.mark.parametrize(("path", "accept"), [("papers.csv", "*/*"), ("papers/", "text/csv")])
def test_a_list_is_csv(path: str, accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "BATCH", 2)
    for name in ("A", "=B", "C", "D", "E"):
        make_paper(name=name, year=2021)

    response: Any = Client().get(f"/api/v1/{path}?fields=name,year", headers={"Accept": accept})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["slug"], row["name"], row["year"]) for row in rows] == [
        ("a", "A", "2021"),
        ("b", "'=B", "2021"),
        ("c", "C", "2021"),
        ("d", "D", "2021"),
        ("e", "E", "2021"),
    ]


@pytest.mark.parametrize(("path", "accept"), [("papers.jsonl", "*/*"), ("papers/", "application/jsonl")])
def test_a_list_is_json_lines(path: str, accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "BATCH", 2)
    for name in ("A", "B", "C"):
        make_paper(name=name)

    response: Any = Client().get(f"/api/v1/{path}", headers={"Accept": accept})
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert [json.loads(line) for line in lines] == read("papers/")["results"]


def test_json_lines_have_provenance_too() -> None:
    make_paper(name="A")

    response: Any = Client().get("/api/v1/papers.jsonl?include=provenance")
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert [json.loads(line) for line in lines] == read("papers/?include=provenance")["results"]


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("csl.json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_papers_are_citations_as_on_the_site(extension: str, media_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "BATCH", 2)
    for name in ("A", "B", "C"):
        make_paper(name=name, year=2021, venue="CVPR 2022", authors=["Ada Lovelace"])

    exported: Any = Client().get(f"/export/papers.{extension}?sort=name")
    by_address: Any = Client().get(f"/api/v1/papers.{extension}?sort=name")
    by_header: Any = Client().get("/api/v1/papers/?sort=name", headers={"Accept": media_type.partition(";")[0]})

    assert by_address.headers["Content-Type"] == by_header.headers["Content-Type"] == media_type
    text = b"".join(exported.streaming_content)
    assert text.count(b"Ada") == 3
    assert b"".join(by_address.streaming_content) == b"".join(by_header.streaming_content) == text


def test_only_papers_are_citations() -> None:
    assert Client().get("/api/v1/datasets.bib").status_code == 404
    assert Client().get("/api/v1/datasets/", headers={"Accept": "application/x-bibtex"}).status_code == 406


def test_damaged_payloads_are_cited_as_far_as_they_can_be_read() -> None:
    paper = make_paper(name="A")
    damage(Revision.objects.get(entry_id=paper.pk), snapshot={"name": "A", "authors": 1, "venue": []})
    make_paper(name="B")

    response: Any = Client().get("/api/v1/papers.csl.json")

    assert [row["title"] for row in json.loads(b"".join(response.streaming_content))] == ["A", "B"]


def test_a_file_is_complete_or_refused() -> None:
    assert list(refused("papers.bib?fields=name&include=provenance")) == ["fields", "include"]
    assert list(refused("papers.csv?page_size=5&expand=topics")) == ["expand", "page_size"]
    assert list(refused("papers.jsonl?cursor=x")) == ["cursor"]


def test_an_empty_catalogue_is_an_empty_page() -> None:
    assert read("papers/") == {"results": [], "next": None}
