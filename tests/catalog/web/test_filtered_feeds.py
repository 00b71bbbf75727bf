"""Feeds of a filtered list cost the same, whatever the number of entries."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.ledger.publishing import retire
from tests.factories import make_many, make_paper, make_revision, trace

pytestmark = pytest.mark.django_db


def titles(path: str) -> list[str]:
    return re.findall(r"<title>([^<]+)</title>", Client().get(path).content.decode())[1:]


def test_changes_of_the_entries_in_the_list_today() -> None:
    paper = make_paper(name="A", year=2021)
    make_revision("paper", paper, year=2022)
    make_paper(name="B", year=2021)
    retired = make_paper(name="C", year=2022)
    retire(entry=retired, trace=trace("A duplicate."))

    assert titles("/feeds/papers/changes.atom?year=2022") == ["A edited", "A created"]
    assert titles("/feeds/papers/new.atom?year=2022&sort=name&size=50") == ["A created"]
    assert titles("/feeds/papers/changes.atom")[:2] == ["C retired", "C created"]


def test_a_filtered_feed_has_an_address_and_an_id_of_its_own() -> None:
    make_paper(name="A", year=2022, organisation="X")

    text = Client().get("/feeds/papers/new.atom?year=2022&organisation=x").content.decode()
    other = Client().get("/feeds/papers/new.atom?organisation=x&utm_medium=rss&year=2022").content.decode()

    ids = [re.findall(r"<id>([^<]+)</id>", one)[0] for one in (text, other)]
    assert ids == ["tag:127.0.0.1,2026:feeds/papers/new-entries?organisation=x&amp;year=2022"] * 2
    assert '/papers/?organisation=x&amp;year=2022"' in text


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize(("query", "most"), [("", 2), ("year=2021", 4), ("year_min=2000&organisation=x", 4)])
def test_a_feed_costs_the_same_for_1_entry_and_many(
    query: str, most: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.listing.changes.MAX_IDS_IN_QUERY", few)
    monkeypatch.setattr("catalog.listing.facets.MAX_IDS_IN_QUERY", few)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/feeds/papers/new.atom?{query}").status_code == 200
        return len(captured)

    make_paper(name="First", year=2021, organisation="X")
    one = cost()
    make_many("paper", [{"name": f"P {number}", "year": 2021, "organisation": "X"} for number in range(60)])

    assert (one, cost()) == (most, most)
