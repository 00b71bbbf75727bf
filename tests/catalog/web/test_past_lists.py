"""Lists as of a past time: rows, order, pages, facets and filters are those of that time."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.ledger.publishing import retire
from tests.factories import make_paper, make_revision, make_topic, trace

pytestmark = pytest.mark.django_db
THEN, LATER = datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC)


@pytest.fixture
def papers() -> None:
    """One that was renamed, one that was retired, one that came later; a topic is older."""
    make_topic(name="Older", at=datetime(2025, 1, 1, tzinfo=UTC))
    renamed = make_paper(name="B before", slug="b", year=2020, architecture="dual-encoder", at=THEN)
    retired = make_paper(name="A", year=2020, at=THEN)
    make_revision("paper", renamed, name="B after", slug="b-new", year=2021, at=LATER)
    make_paper(name="C", year=2022, architecture="decoder-only", at=LATER)
    retire(entry=retired, trace=trace("A duplicate."))


def context(query: str) -> Any:
    return Client().get(f"/papers/?{query}").context


def rows(query: str) -> list[tuple[str, str]]:
    return [(row.slug, row.name) for row in context(query)["page"].object_list]


def facet(query: str, name: str) -> list[tuple[str, int]]:
    groups = {group.name: group for group in context(query)["groups"]}
    return [(option.value, option.count) for option in groups[name].options] if name in groups else []


def test_the_entries_of_a_day_by_the_names_of_that_day(papers: None) -> None:
    assert rows("as_of=2025-02-28&sort=name") == []
    assert rows("as_of=2025-03-01&sort=name") == [("a", "A"), ("b", "B before")]
    assert rows("as_of=2025-04-01&sort=name") == [("a", "A"), ("b-new", "B after"), ("c", "C")]


def test_the_order_is_that_of_the_day(papers: None) -> None:
    assert rows("as_of=2025-04-01") == [("c", "C"), ("b-new", "B after"), ("a", "A")]
    assert rows("as_of=2025-04-01&sort=updated") == [("b-new", "B after"), ("c", "C"), ("a", "A")]


def test_filters_apply_to_the_values_of_that_day(papers: None) -> None:
    assert rows("as_of=2025-04-01&year=2020") == [("a", "A")]
    assert rows("as_of=2025-04-01&year_min=2021&sort=name") == [("b-new", "B after"), ("c", "C")]
    assert rows("as_of=2025-03-01&architecture=dual-encoder") == [("b", "B before")]


def test_facets_count_the_entries_of_that_day(papers: None) -> None:
    assert facet("as_of=2025-03-01", "year") == [("2020", 2)]
    assert facet("as_of=2025-04-01", "year") == [("2022", 1), ("2021", 1), ("2020", 1)]
    assert facet("as_of=2025-04-01&architecture=decoder-only", "year") == [("2022", 1)]
    assert context("as_of=2025-04-01")["page"].paginator.count == 3


def test_errors_are_reported_as_on_the_present_list(papers: None) -> None:
    read = context("as_of=2025-04-01&year=abc&colour=red&size=3&topic=nobody-has-it&after=a")

    assert [notice.text for notice in read["notices"]] == [
        "There is no filter “colour” here.",
        "There is no filter “after” here.",
        "Year: “abc” is not a whole number from 1900 to 2100.",
        "Topic: no paper or model has “nobody-has-it”.",
        "Rows: a page has 25, 50 or 100.",
    ]
    assert list(read["page"].object_list) == []


def test_pages_have_numbers_and_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.web.lists.PAGE_SIZES", (2, 3))
    for name in "ABCDE":
        make_paper(name=name, at=THEN)

    first = Client().get("/papers/?as_of=2025-03-02&sort=name")
    second = Client().get("/papers/?as_of=2025-03-02&sort=name&page=2")

    assert [row.slug for row in first.context["page"].object_list] == ["a", "b"]
    assert 'href="?sort=name&amp;page=2&amp;as_of=2025-03-02"' in first.content.decode()
    assert [row.slug for row in second.context["page"].object_list] == ["c", "d"]


def test_links_and_forms_keep_the_day_and_lead_somewhere(papers: None) -> None:
    text = Client().get("/papers/?as_of=2025-03-01&year=2020&sort=name").content.decode()

    links = set(re.findall(r'<(?:a|link)\s[^>]*href="([^"#]+)"', text))
    dated = {link.replace("&amp;", "&") for link in links if "as_of=" in link}
    assert {link: Client().get(link if link[0] == "/" else f"/papers/{link}").status_code for link in dated} == (
        dict.fromkeys(dated, 200)
    )
    assert {
        *("/papers/b/?as_of=2025-03-01", "/?as_of=2025-03-01", "/changes/?as_of=2025-03-01"),
        *("/export/papers.csv?year=2020&sort=name&as_of=2025-03-01", "/api/v1/papers/?year=2020&as_of=2025-03-01"),
        *("?sort=name&as_of=2025-03-01", "/topics/?as_of=2025-03-01", "/export/README.md?as_of=2025-03-01"),
    } <= dated
    assert {link for link in links if link.startswith("/papers") and "as_of=" not in link} == {
        "/papers/?year=2020&amp;sort=name"  # the page as it is now
    }
    forms = re.findall(r"<form[^>]*>(?:<input[^>]*>)?", text)
    keeps = '<input type="hidden" name="as_of" value="2025-03-01">'
    assert [
        (re.findall(r'class="([\w-]+)', form)[0], keeps in form) for form in forms if 'method="post"' not in form
    ] == [
        ("search", True),
        ("as-of", False),
        ("facets", True),
    ]


def test_the_form_of_another_day_keeps_the_filters(papers: None) -> None:
    text = Client().get("/papers/?as_of=2025-03-01&year=2020&sort=name&page=1").content.decode()

    form = re.search(r'<form class="as-of.*?</form>', text, re.DOTALL)
    assert form
    assert re.findall(r'name="(\w+)"(?: required)? value="([^"]+)"', form[0]) == [
        ("year", "2020"),
        ("sort", "name"),
        ("as_of", "2025-03-01"),
    ]


@pytest.mark.parametrize("query", ["", "&topic=older", "&architecture=dual-encoder&year_min=2000"])
def test_a_page_of_a_known_day_costs_the_same_for_1_row_and_many(papers: None, query: str) -> None:
    """The present database is asked for the state of the day alone: what it costs does not depend on rows."""

    def cost(day: str) -> int:
        Client().get(f"/papers/?as_of={day}{query}")
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/papers/?as_of={day}{query}").status_code == 200
        return len(captured)

    few = cost("2025-03-02")
    for number in range(20):
        make_paper(name=f"P {number}", topics=["older"], architecture="dual-encoder", year=2020, at=LATER)

    assert (few, cost("2025-04-02")) == (6, 6)
