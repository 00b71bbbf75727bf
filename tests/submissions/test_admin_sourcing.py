"""The page that counts the values without sources and lists them as work."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.forms.rows import SourceRow
from catalog.kinds import KINDS
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from submissions.admin import sourcing
from tests.factories import make_many, make_paper, make_revision, make_topic
from tests.people import contributor, moderator, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/submissions/proposal/sources/"
OWN = {**SourceRow.empty(), "field": "year", "url": "https://example.org/", "confidence": "confirmed"}


def get(query: str = "", status: int = 200) -> Any:
    reply = signed_in(moderator()).get(ADDRESS + query)
    assert reply.status_code == status
    return reply


def listed(query: str = "") -> list[tuple[str, str, int]]:
    """The lines of the list of work."""
    return [(row.entry.name, row.label, row.number) for row in get(query).context["rows"]]


@pytest.fixture
def catalogue(django_user_model: Any) -> None:
    """A paper without any source, one whose year has one of its own, and a topic of the list that was edited."""
    make_paper(name="CLIP", aliases=["A", "B"])
    make_paper(name="BLIP", year=2022, sources=[OWN], source="https://example.org/new")
    trace = Trace(django_user_model.objects.service(LIST_ACCOUNT), source="README.md")
    revision = publish(kind=KINDS["topic"], payload={"name": "Grounding"}, trace=trace)
    topic = KINDS["topic"].model.objects.get(pk=revision.entry_id)
    make_revision("topic", topic, year=2020, source="https://example.org/topic")


@pytest.mark.usefixtures("catalogue")
class TestCounts:
    def test_values_are_counted_by_kind_and_field(self) -> None:
        counted = [
            (total[0].label, [(row.label, row.own, row.change, row.list, row.none) for row, _ in (total, *rows)])
            for total, *rows in get().context["fields"]
        ]

        assert counted == [
            (
                "Papers & models",
                [
                    ("Papers & models", 1, 1, 0, 3),
                    ("Name", 0, 1, 0, 1),
                    ("Year", 1, 0, 0, 0),
                    ("Also known as", 0, 0, 0, 2),
                ],
            ),
            ("Topics", [("Topics", 0, 1, 1, 0), ("Name", 0, 0, 1, 0), ("Year", 0, 1, 0, 0)]),
        ]

    def test_each_number_leads_to_its_list(self) -> None:
        page = get().content.decode()

        assert '<a href="?state=none&amp;of=paper.aliases#work">2</a>' in page
        assert '<a href="?state=list&amp;of=topic#work">1</a>' in page


@pytest.mark.usefixtures("catalogue")
class TestWork:
    def test_values_without_any_source_come_first(self) -> None:
        assert listed() == [("CLIP", "Also known as", 2), ("CLIP", "Name", 1)]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?state=list", [("Grounding", "Name", 1)]),
            ("?state=change&of=topic.year", [("Grounding", "Year", 1)]),
            ("?state=change&of=paper", [("BLIP", "Name", 1)]),
            ("?state=none&of=paper.name", [("CLIP", "Name", 1)]),
            ("?state=none&of=topic", []),
        ],
    )
    def test_it_is_narrowed_by_state_kind_and_field(self, query: str, expected: list[tuple[str, str, int]]) -> None:
        assert listed(query) == expected

    def test_the_next_state_comes_up_once_everything_has_a_source(self) -> None:
        clip = KINDS["paper"].model.objects.get(slug="clip")
        rows = [{**OWN, "field": field} for field in ("name", "aliases")]
        make_revision("paper", clip, sources=rows)

        assert listed() == [("Grounding", "Name", 1)]

    @pytest.mark.parametrize("query", ["?state=own", "?state=x", "?of=year", "?of=paper.sources", "?of=paper.%00"])
    def test_an_unknown_choice_is_refused_and_said(self, query: str) -> None:
        assert b"Select a valid choice" in get(query, status=400).content

    def test_the_link_opens_the_form_with_a_row_for_the_field(self) -> None:
        link = get("?state=change&of=paper.name").context["rows"][0].edit_url
        page = signed_in(contributor()).get(link.partition("#")[0])

        assert link == "/papers/blip/edit/?source_for=name#q-sources-1-url"
        assert page.context["entry_form"].kind.name == "paper"
        (field,) = [
            field
            for section in page.context["entry_form"].sections
            for field in section.fields
            if field.key == "sources"
        ]
        assert [[cell.value for cell in row.cells] for row in field.rows[:2]] == [
            ["year", "https://example.org/", "", "confirmed", ""],
            ["name", "", "", "", ""],
        ]
        assert 'id="q-sources-1-url"' in page.content.decode()


@pytest.mark.parametrize("query", ["?source_for=nothing", "?source_for=sources", "?source_for=%00"])
def test_a_field_that_is_none_adds_no_row(query: str) -> None:
    make_paper(name="CLIP")

    page = signed_in(contributor()).get(f"/papers/clip/edit/{query}")

    (field,) = [
        field for section in page.context["entry_form"].sections for field in section.fields if field.key == "sources"
    ]
    assert field.value == []


def test_the_list_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sourcing, "MAX_LISTED", 3)
    monkeypatch.setattr(sourcing, "PAGE_SIZE", 2)
    make_many("topic", [{"name": f"Topic {number}"} for number in range(4)])

    first, second = get(), get("?page=2")

    assert [len(reply.context["rows"]) for reply in (first, second)] == [2, 1]
    assert b"the first 3 fields" in first.content


def test_it_takes_as_many_queries_for_many_entries(django_assert_num_queries: Any) -> None:
    make_topic(name="A topic")
    browser = signed_in(moderator())
    browser.get(ADDRESS)  # what is fetched once, such as the content types
    with CaptureQueriesContext(connection) as at_one:
        browser.get(ADDRESS)
    make_many("topic", [{"name": f"Topic {number}"} for number in range(40)])

    with django_assert_num_queries(len(at_one)):
        browser.get(ADDRESS)


def test_it_is_for_moderators(client: Any) -> None:
    assert [signed_in(contributor()).get(ADDRESS, follow=True).status_code, client.get(ADDRESS).status_code] == [
        403,
        302,
    ]
