"""Every value of an entry says where it was read: on its page, on the page of who says what, and in the API."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from catalog.kinds import KINDS, Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from catalog.models import Entry
from tests.catalog.api.reading import read
from tests.examples import FULL
from tests.factories import make, make_benchmark, make_paper, make_result
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("surroundings")]
by_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)

PAPER = "https://arxiv.org/abs/2304.08485"
WORDS = {
    "change": "Primary source, given with the change: arXiv 2304.08485",
    "list": "List or blog: the list",
    "none": "no source given",
}


def full(kind: Kind, state: str) -> Entry:
    """An entry with all of its fields and without sources of their own, whose change has a source, is the list's or has
    no source."""
    payload = {"name": f"A {kind.name}", **FULL[kind.name], "sources": []}
    if state == "list":
        revision = publish(kind=kind, payload=payload, trace=Trace(person(LIST_ACCOUNT), source="README.md"))
        return kind.model.objects.get(pk=revision.entry_id)
    entry: Entry = make(kind.name, **payload, source=PAPER if state == "change" else "")
    return entry


def text(html: str) -> str:
    """What a reader is told, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def page_of(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


@by_kind
@pytest.mark.parametrize("state", WORDS)
class TestWithoutSourcesOfItsOwn:
    def test_the_api_says_so_of_each_value(self, kind: Kind, state: str) -> None:
        entry = full(kind, state)

        provenance = read(f"{kind.plural}/{entry.slug}/?include=provenance")["provenance"]

        rows = [(row["sourced"], row["sources"]) for rows in provenance.values() for row in rows]
        assert rows == [(state, [])] * len(rows)
        assert provenance.keys() >= {key for key, value in FULL[kind.name].items() if value not in ("", None)} - {
            "sources"
        }
        (name,) = provenance["name"]
        assert (name["source"], name["source_class"], name["sourced_text"]) == {
            "change": (PAPER, "primary", "given with the change"),
            "list": ("README.md", "list", "only the imported list states it"),
            "none": (None, "", "no source given"),
        }[state]

    def test_the_blame_says_so_of_each_value(self, kind: Kind, state: str) -> None:
        entry = full(kind, state)

        page = page_of(f"{entry.get_absolute_url()}blame/")

        rows = [text(row) for row in re.findall(r"<tr[^>]*>\s*<td[^>]*>.*?</tr>", page, re.DOTALL)]
        assert len(rows) >= len([value for value in FULL[kind.name].values() if value not in ("", None)]) - 1
        assert [row for row in rows if WORDS[state] not in row] == []

    def test_the_page_says_so_of_each_fact(self, kind: Kind, state: str) -> None:
        entry = full(kind, state)

        page = page_of(entry.get_absolute_url())

        facts = re.findall(r'<div id="fact-(\w+)">(.*?)</div>', page, re.DOTALL)
        assert facts
        assert [key for key, fact in facts if WORDS[state] not in text(fact)] == []
        assert f"Name: {WORDS[state]}" in text(page)


class TestClass:
    def test_a_row_says_otherwise_than_its_host(self) -> None:
        row = {"field": "year", "url": PAPER, "note": "", "confidence": "confirmed"}
        paper = make_paper(name="CLIP", year=2021, sources=[{**row, "source_class": "list"}])

        (year,) = read("papers/clip/?include=provenance")["provenance"]["year"]
        blame = text(page_of(f"{paper.get_absolute_url()}blame/"))

        assert [(one["source_class"], one["class_stated"]) for one in year["sources"]] == [("list", True)]
        assert "List or blog: arXiv 2304.08485 (list or blog, as the entry states)" in blame
        assert '<a class="src by-others"' in " ".join(page_of(paper.get_absolute_url()).split())

    def test_a_board_has_the_class_of_its_results(self) -> None:
        make_benchmark(name="VQA", metrics=[])
        about = {"benchmark": "vqa", "paper": make_paper(name="CLIP").slug, "source_url": PAPER}
        make_result(**about, value="64.50", metric="acc", variant="B/32", verification="checked")
        row = {"field": "value", "url": PAPER, "note": "", "confidence": "confirmed", "source_class": "index"}
        make_result(**about, value="64.40", metric="acc", variant="B/16", sources=[row], verification="checked")
        make_result(**about, value="64.30", metric="acc", variant="L/14")

        (board,) = read("leaderboards/vqa/")["boards"]
        page = " ".join(page_of("/benchmarks/vqa/").split())

        claims = [row["cells"]["acc"]["claims"][0] for row in board["rows"]]
        assert [claim["source_class"] for claim in claims] == ["primary", "index", "primary"]
        assert re.findall(r'<a class="src ([\w -]+)" href="https://arxiv', page) == [
            "primary",
            "index",
            "primary unverified",
        ]
        assert "Checked against the source, index or aggregator:" in page


def test_the_classes_are_a_vocabulary() -> None:
    values: Any = read("vocabularies/source-classes/")["results"]

    assert values == [
        {"value": "primary", "label": "Primary source"},
        {"value": "official-copy", "label": "Official copy"},
        {"value": "index", "label": "Index or aggregator"},
        {"value": "list", "label": "List or blog"},
    ]
