"""The list of a kind as it stood at a past moment."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from catalog.kinds import KINDS
from catalog.ledger.publishing import retire
from catalog.listing import past
from tests.factories import make_paper, make_revision, make_topic, trace

pytestmark = pytest.mark.django_db
PAPERS = escape(KINDS["paper"].label_plural)
THEN, LATER = datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)


@pytest.fixture
def papers() -> None:
    """One that was renamed, one that was retired, one that came later."""
    renamed = make_paper(name="B before", slug="b", year=2020, at=THEN)
    make_revision("paper", renamed, name="B after", slug="b-new", year=2021, at=LATER)
    retired = make_paper(name="A", year=2020, at=THEN)
    retire(entry=retired, trace=trace("A duplicate."))
    make_paper(name="C", at=LATER)


def rows(query: str) -> list[tuple[str, str]]:
    return [(row.slug, row.name) for row in Client().get(f"/papers/?{query}").context["rows"]]


def test_the_entries_of_a_day_by_the_names_of_that_day(papers: None) -> None:
    assert rows("as_of=2025-02-28") == []
    assert rows("as_of=2025-03-01") == [("a", "A"), ("b", "B before")]
    assert rows("as_of=2025-04-01") == [("a", "A"), ("b-new", "B after"), ("c", "C")]


def test_a_time_means_that_very_moment_as_in_the_api(papers: None) -> None:
    assert rows("as_of=2025-03-01T11:59:59Z") == []
    assert rows("as_of=2025-03-01T12:00:00Z") == [("a", "A"), ("b", "B before")]
    assert rows("as_of=2025-03-01T14:00+02:00") == [("a", "A"), ("b", "B before")]


@pytest.mark.parametrize(
    ("as_of", "label", "value"),
    [
        ("2025-03-01", "1 March 2025", "2025-03-01"),
        ("2025-03-01T14:00+02:00", "1 March 2025, 12:00 UTC", "2025-03-01T12:00:00Z"),
        ("2025-03-01T12:00:05Z", "1 March 2025, 12:00:05 UTC", "2025-03-01T12:00:05Z"),
        ("2025-03-02T00:00:00Z", "2 March 2025, 00:00 UTC", "2025-03-02T00:00:00Z"),
    ],
)
def test_the_page_and_its_links_name_the_moment(papers: None, as_of: str, label: str, value: str) -> None:
    text = Client().get(f"/papers/?as_of={as_of}").content.decode()

    assert f"<title>{PAPERS} on {label} ·" in text
    assert f"<h1>{PAPERS} on {label}</h1>" in text
    assert f'<time datetime="{value}">{label}</time>' in text
    link = re.findall(r'href="(/papers/b/[^"]+)"', text)
    assert link == [f"/papers/b/?as_of={value}"]
    assert Client().get(link[0], follow=True).context["revision"].name == "B before"


def test_filters_apply_to_the_values_of_that_day(papers: None) -> None:
    assert rows("as_of=2025-04-01&year=2020") == [("a", "A")]
    assert rows("as_of=2025-04-01&year_min=2021") == [("b-new", "B after")]
    assert rows("as_of=2025-04-01&topic=nobody-has-it") == []


def test_the_links_lead_to_that_day(papers: None) -> None:
    text = Client().get("/papers/?as_of=2025-03-01&year=2020").content.decode()

    links = re.findall(r'<li>\s*<a\s+href="([^"]+)"', text)
    assert "/papers/b/?as_of=2025-03-01" in links
    assert 'content="noindex"' in text
    assert "/api/v1/papers/?year=2020&amp;as_of=2025-03-01" in text
    assert [Client().get(link).status_code for link in links if "/papers/a/" in link] == [200]
    assert "not counted" in " ".join(text.split())


@pytest.mark.parametrize(("query", "where"), [("", ""), ("year=2020&sort=name", "?year=2020&sort=name")])
def test_today_is_the_list_as_it_is(query: str, where: str) -> None:
    today = datetime.now(UTC).date()

    for day in (today, today + timedelta(days=30)):
        response: Any = Client().get(f"/papers/?{query}&as_of={day}")
        assert (response.status_code, response.url) == (302, f"/papers/{where}")


def test_a_moment_to_come_is_the_list_as_it_is_and_a_past_one_of_today_is_not(papers: None) -> None:
    now = datetime.now(UTC)

    ahead: Any = Client().get("/papers/", {"as_of": (now + timedelta(minutes=1)).isoformat()})
    behind = Client().get("/papers/", {"as_of": (now - timedelta(microseconds=1)).isoformat()})

    assert (ahead.status_code, ahead.url) == (302, "/papers/")
    assert [row.slug for row in behind.context["rows"]] == ["b-new", "c"]


def test_errors_are_reported(papers: None) -> None:
    context = Client().get("/papers/?as_of=2025-04-01&year=abc&colour=red&size=3").context

    assert (context["rows"], context["next"]) == ([], None)
    assert [notice.text for notice in context["notices"]] == [
        "There is no filter “colour” here.",
        "Year: “abc” is not a whole number from 1900 to 2100.",
        "Rows: a page has 25, 50 or 100.",
    ]


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("after=a", []),
        ("after=a&after=b", ["After: Given 2 times; at most 1."]),
        ("page=2", ["Page: the list of a past day has no numbers; “after” continues it."]),
        ("size=25&size=50", ["Rows: Given 2 times; at most 1."]),
    ],
)
def test_a_past_list_reports_what_it_cannot_use(papers: None, query: str, messages: list[str]) -> None:
    context = Client().get(f"/papers/?as_of=2025-04-01&{query}").context

    assert [notice.text for notice in context["notices"]] == messages
    assert [row.slug for row in context["rows"]] == (["b-new", "c"] if query == "after=a" else ["a", "b-new", "c"])


def test_a_filter_is_taken_away_from_the_first_page(papers: None) -> None:
    context = Client().get("/papers/?as_of=2025-04-01&year=2020&after=a").context

    assert [chip.url for chip in context["active_filters"]] == ["?as_of=2025-04-01"]


def test_what_is_taken_along_leaves_out_what_is_wrong(papers: None) -> None:
    text = Client().get("/papers/?as_of=2025-04-01&year=abc&sort=name&size=3&after=a").content.decode()

    links = re.findall(r'href="(/(?:export|api/v1)/[^"]+)"', text)
    assert {link: Client().get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert "/export/papers.csv?as_of=2025-04-01" in links
    assert "Nothing was here" not in text


def test_pages_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.web.lists.PAGE_SIZES", (2, 3))
    for name in "ABCDE":
        make_paper(name=name, at=THEN)

    first = Client().get("/papers/?as_of=2025-03-02")
    second = Client().get("/papers/?as_of=2025-03-02&after=b")

    assert [row.slug for row in first.context["rows"]] == ["a", "b"]
    assert 'href="?as_of=2025-03-02&amp;after=b"' in first.content.decode()
    assert [row.slug for row in second.context["rows"]] == ["c", "d"]
    assert 'href="?as_of=2025-03-02">First page' in second.content.decode()


def test_a_page_looks_through_a_bounded_number_of_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "MAX_SCANNED", 2)
    for name, year in zip("ABCD", (2020, 2021, 2021, 2020), strict=True):
        make_paper(name=name, year=year, at=THEN)

    context = Client().get("/papers/?as_of=2025-03-02&year=2020").context

    assert ([row.slug for row in context["rows"]], context["next"]) == (["a"], "b")


@pytest.mark.parametrize(("query", "most"), [("", 2), ("topic=t-0", 6), ("organisation=x&year_min=2000", 6)])
def test_a_page_costs_the_same_for_1_row_and_many(query: str, most: int) -> None:
    make_topic(name="T 0", at=THEN)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/papers/?as_of=2025-03-02&{query}").status_code == 200
        return len(captured)

    make_paper(name="First", topics=["t-0"], organisation="X", year=2020, at=THEN)
    few = cost()
    for number in range(20):
        make_paper(name=f"P {number}", topics=["t-0"], organisation="X", year=2020, at=THEN)

    assert (few, cost()) == (most, most)
