"""One entry, its redirects and its history."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from catalog.kinds import KINDS
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision
from tests.catalog.api.reading import BASE, read
from tests.factories import make_dataset, make_paper, make_revision, trace

pytestmark = pytest.mark.django_db

PEOPLE: Any = {}


@pytest.fixture(autouse=True)
def people() -> None:
    PEOPLE.update(trace=trace())


def status_and_place(path: str) -> tuple[int, str | None]:
    response = Client().get(f"/api/v1/{path}")
    return response.status_code, response.headers.get("Location")


def test_an_entry_is_what_its_list_shows() -> None:
    make_paper(name="CLIP", year=2021)

    assert read("papers/clip/") == read("papers/")["results"][0]


def test_an_entry_says_where_its_page_and_its_history_are() -> None:
    make_paper(name="CLIP")

    assert Client().get("/api/v1/papers/clip/").headers["Link"] == (
        f'<{BASE}/papers/clip/>; rel="alternate"; type="text/html", '
        f'<{BASE}/api/v1/papers/clip/revisions/>; rel="version-history"'
    )


def test_a_former_address_leads_to_the_present_one_with_its_query() -> None:
    paper = make_paper(name="CLIP")
    make_revision("paper", paper, slug="openai-clip")

    assert status_and_place("papers/clip/?fields=name") == (308, f"{BASE}/api/v1/papers/openai-clip/?fields=name")
    assert status_and_place("papers/clip/revisions/1/") == (308, f"{BASE}/api/v1/papers/openai-clip/revisions/1/")


def test_a_merged_entry_redirects_to_its_merge_target() -> None:
    duplicate, target = make_paper(name="CLIP"), make_paper(name="OpenAI CLIP")
    merge(entry=duplicate, into=target, trace=trace("One paper."))

    assert status_and_place("papers/clip/") == (308, f"{BASE}/api/v1/papers/openai-clip/")


def test_a_retired_entry_returns_410_with_the_reason() -> None:
    paper = make_paper(name="CLIP")
    revision = retire(entry=paper, trace=trace("It was a test."))

    response = Client().get("/api/v1/papers/clip/")

    assert (response.status_code, response.headers["Content-Type"]) == (410, "application/problem+json")
    body = response.json()
    assert datetime.fromisoformat(body.pop("at")) == revision.at
    assert body == {
        "type": f"{BASE}/api/docs/#problem-retired",
        "title": "Gone",
        "status": 410,
        "detail": f"CLIP was retired on {revision.at:%Y-%m-%d}: It was a test.",
        "instance": "/api/v1/papers/clip/",
        "reason": "It was a test.",
        "revision": 2,
        "merged_into": None,
        "html_url": f"{BASE}/papers/clip/",
        "revisions": f"{BASE}/api/v1/papers/clip/revisions/",
    }


def test_a_restored_entry_is_back_with_its_first_date() -> None:
    paper = make_paper(name="CLIP")
    retire(entry=paper, trace=trace("By mistake."))
    restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())

    entry_json = read("papers/clip/")

    assert (entry_json["revision"], datetime.fromisoformat(entry_json["created"])) == (3, paper.created)


def test_an_unknown_address_returns_404() -> None:
    make_dataset(name="CLIP")

    response = Client().get("/api/v1/papers/clip/")

    assert (response.status_code, response.json()["detail"]) == (
        404,
        "There is no paper or model at “clip”, and there never was.",
    )


def test_the_history_is_newest_first_and_paginated() -> None:
    paper = make_paper(name="CLIP", year=2020)
    make_revision("paper", paper, year=2021, comment="As printed.")
    paper.refresh_from_db()
    make_revision("paper", paper, slug="openai-clip")

    page = read("papers/openai-clip/revisions/?page_size=2")
    rest = read(page["next"].partition("/api/v1/")[2])

    second = Revision.objects.get(number=2)
    place = f"{BASE}/api/v1/papers/openai-clip/revisions"
    assert [row["revision"] for row in page["results"] + rest["results"]] == [3, 2, 1]
    assert datetime.fromisoformat(page["results"][1].pop("at")) == second.at
    assert page["results"][1] == {
        "revision": 2,
        "action": "edit",
        "slug": "clip",
        "name": "CLIP",
        "url": f"{place}/2/",
        "html_url": f"{BASE}/papers/openai-clip/history/2/",
        "contributor": "ada",
        "approver": "grace",
        "seconder": None,
        "source": None,
        "comment": "As printed.",
        "changed": ["year"],
    }
    assert rest["next"] is None


def test_a_revision_is_the_payload_of_its_time_and_what_it_changed() -> None:
    paper = make_paper(name="CLIP", year=2020)
    make_revision("paper", paper, year=2021)

    first, second = read("papers/clip/revisions/1/"), read("papers/clip/revisions/2/")

    assert (first["fields"], first["differences"]) == (KINDS["paper"].dump(paper), [])
    assert second["fields"] == {**first["fields"], "year": 2021}
    assert second["differences"] == [{"field": "year", "label": "Year", "before": 2020, "after": 2021}]


def test_a_missing_revision_returns_404() -> None:
    make_paper(name="CLIP")

    for number in (0, 2, 99999999999, 2**63, 10**30):
        assert status_and_place(f"papers/clip/revisions/{number}/")[0] == 404


class TestPermanentAddresses:
    def test_a_merged_entry_keeps_its_own_revisions(self) -> None:
        goes, stays = make_paper(name="CLIP", year=2021), make_paper(name="OpenAI CLIP", year=2022)
        revision = merge(entry=goes, into=stays, trace=trace("One paper."))

        first, history = read("papers/clip/revisions/1/"), read("papers/clip/revisions/")

        removed = {
            "action": "merge",
            "at": first["removed"]["at"],
            "reason": "One paper.",
            "merged_into": f"{BASE}/api/v1/papers/openai-clip/",
        }
        assert datetime.fromisoformat(first["removed"]["at"]) == revision.at
        assert (first["name"], first["fields"]["year"], first["removed"]) == ("CLIP", 2021, removed)
        assert first["url"] == f"{BASE}/api/v1/papers/clip/revisions/1/"
        assert [row["name"] for row in history["results"]] == ["CLIP", "CLIP"]
        assert history["removed"] == removed

    def test_a_retired_entry_keeps_its_revisions(self) -> None:
        retire(entry=make_paper(name="CLIP"), trace=trace("A test."))

        history = read("papers/clip/revisions/")

        assert [row["action"] for row in history["results"]] == ["retire", "create"]
        assert (history["removed"]["action"], history["removed"]["merged_into"]) == ("retire", None)
        gone = Client().get("/api/v1/papers/clip/").json()
        assert gone["revisions"] == f"{BASE}/api/v1/papers/clip/revisions/"

    def test_a_former_address_of_a_merged_entry_leads_to_its_own_history(self) -> None:
        goes, stays = make_paper(name="CLIP"), make_paper(name="OpenAI CLIP")
        make_revision("paper", goes, slug="clip-1")
        goes.refresh_from_db()
        merge(entry=goes, into=stays, trace=trace("One paper."))

        assert status_and_place("papers/clip/revisions/1/") == (308, f"{BASE}/api/v1/papers/clip-1/revisions/1/")

    def test_a_live_entry_was_not_removed(self) -> None:
        make_paper(name="CLIP")

        assert read("papers/clip/revisions/1/")["removed"] is None


@pytest.mark.parametrize("action", ["retire", "merge"])
def test_the_provenance_of_a_removed_entry_is_that_of_its_last_revision(action: str) -> None:
    paper = make_paper(name="CLIP", year=2020)
    revision = make_revision("paper", paper, year=2021, source="https://arxiv.org/abs/2103.00020")
    before = read("papers/clip/?include=provenance")["provenance"]
    live = paper.__class__.objects.get(pk=paper.pk)
    if action == "retire":
        retire(entry=live, trace=trace("A duplicate."))
    else:
        merge(entry=live, into=make_paper(name="OpenAI CLIP"), trace=trace("The same."))

    last = read("papers/clip/revisions/3/?include=provenance")

    assert (last["removed"]["action"], last["provenance"]) == (action, before)
    assert read(f"papers/clip/revisions/{revision.number}/?include=provenance")["provenance"] == before
    assert "provenance" not in read("papers/clip/revisions/3/")
