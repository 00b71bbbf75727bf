"""Every page of the catalogue: what it shows, what it costs, and what it answers when nothing is there."""

import re

import pytest
from django.test import Client

from catalog.kinds import KINDS, Kind
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import retire
from tests.examples import FULL
from tests.factories import make, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
by_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def get(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response.content[:2000]
    return response.content.decode()


@by_kind
class TestPages:
    def test_list_shows_its_entries(self, client: Client, kind: Kind, surroundings: None) -> None:
        entry = make(kind.name, **FULL[kind.name])

        assert f'href="{entry.get_absolute_url()}"' in get(client, f"/{kind.plural}/")

    def test_an_empty_list_says_so(self, client: Client, kind: Kind) -> None:
        assert "No " in get(client, f"/{kind.plural}/")

    def test_detail_history_revision_and_blame_answer(self, client: Client, kind: Kind, surroundings: None) -> None:
        entry = make(kind.name, **FULL[kind.name])
        make_revision(kind.name, entry=entry, notes="Seen again.", comment="A second look.")
        url = entry.get_absolute_url()

        for page in ("", "history/", "history/1/", "history/2/", "history/compare/?from=1&to=2", "blame/"):
            assert entry.name in get(client, url + page)
        assert "A second look." in get(client, f"{url}history/")

    def test_an_unknown_address_is_404(self, client: Client, kind: Kind) -> None:
        get(client, f"/{kind.plural}/nothing-here/", 404)
        get(client, f"/{kind.plural}/nothing-here/history/", 404)


def test_a_moved_entry_redirects_for_ever_with_its_query(client: Client) -> None:
    paper = make_paper(name="PH4 Mini")
    make_revision("paper", entry=paper, slug="phi-4")

    response = client.get("/papers/ph4-mini/history/?page=2")

    assert (response.status_code, response["Location"]) == (301, "/papers/phi-4/history/?page=2")


def test_a_retired_entry_returns_410_with_the_reason(client: Client) -> None:
    paper = make_paper(name="Duplicate")
    retire(entry=paper, trace=trace("A double of CLIP."))

    page = get(client, "/papers/duplicate/", 410)

    assert "A double of CLIP." in page
    assert re.search(r'</a>\.\s+The ledger keeps\s+<a href="/papers/duplicate/history/">all 2 revisions</a>', page)


def test_an_unknown_revision_is_404(client: Client) -> None:
    make_paper(name="CLIP")

    get(client, "/papers/clip/history/2/", 404)
    get(client, "/papers/clip/history/0/", 404)
    get(client, "/papers/clip/history/99999999999999999999/", 404)


@pytest.mark.parametrize(
    ("about", "title"),
    [
        ({}, ""),
        ({"reported_by": "CLIP"}, 'title="CLIP"'),
        ({"locator": "Table 3"}, 'title="Table 3"'),
        ({"reported_by": "CLIP", "locator": "Table 3"}, 'title="CLIP; Table 3"'),
    ],
)
def test_a_source_tells_what_is_known_of_it(client: Client, about: dict[str, str], title: str) -> None:
    make_result(source_url="https://a.example/", **about)

    link = re.findall(r'<a\s+class="src [^>]*>', get(client, "/benchmarks/a-benchmark/"))[0]

    assert re.findall(r'title="[^"]*"', link) == ([title] if title else [])


def test_a_change_without_a_comment_has_no_title(client: Client) -> None:
    paper = make_paper(name="CLIP", year=2021)
    make_revision("paper", entry=paper, organisation="OpenAI", comment="As printed.")

    titles = re.findall(r'title="([^"]*)"\s*>\d', get(client, "/papers/clip/blame/"))

    assert titles == ["As printed."]


def test_one_filter_of_a_search_goes_and_the_other_stays(client: Client) -> None:
    make_paper(name="CLIP", year=2021)

    page = get(client, "/search/?q=clip&kind=papers&year=2021&page=1")

    assert 'href="?q=clip&amp;year=2021"' in page
    assert 'href="?q=clip&amp;kind=papers"' in page
    assert re.search(r'<input type="hidden" name="year" value="2021">', page)


class TestFacets:
    def test_counts_follow_the_other_facets(self, client: Client) -> None:
        for name, year, architecture in (
            ("A", 2023, "decoder-only"),
            ("B", 2024, "decoder-only"),
            ("C", 2024, "dual-encoder"),
        ):
            make_paper(name=name, year=year, architecture=architecture)

        groups = client.get("/papers/?year=2024").context["groups"]

        counted = {group.name: {option.value: option.count for option in group.options} for group in groups}
        assert counted["year"] == {"2024": 2, "2023": 1}
        assert counted["architecture"] == {"decoder-only": 1, "dual-encoder": 1}

    def test_two_values_of_a_facet_widen_and_two_facets_narrow(self, client: Client) -> None:
        for name, year, architecture in (
            ("A", 2023, "decoder-only"),
            ("B", 2024, "decoder-only"),
            ("C", 2024, "dual-encoder"),
        ):
            make_paper(name=name, year=year, architecture=architecture)

        def names(query: str) -> list[str]:
            return sorted(entry.name for entry in client.get(f"/papers/?{query}").context["page"])

        assert names("year=2023&year=2024") == ["A", "B", "C"]
        assert names("year=2024&architecture=decoder-only") == ["B"]

    def test_an_unknown_value_is_named(self, client: Client) -> None:
        make_paper(name="A", year=2023)

        assert "Year: “1066” is not a whole number from 1900 to 2100." in get(client, "/papers/?year=1066")


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=9999999999999999999",
        "page=x",
        "size=7",
        "size=x",
        "sort=odd",
        "year=%00",
        "year=" + "9" * 500,
    ],
)
def test_odd_queries_give_the_nearest_sane_page(client: Client, query: str) -> None:
    make_paper(name="A", year=2023)

    get(client, f"/papers/?{query}")


def test_paging_keeps_the_query(client: Client) -> None:
    for number in range(30):
        make_paper(name=f"P{number}", year=2024)

    assert "?year=2024&amp;sort=name&amp;page=2" in get(client, "/papers/?year=2024&sort=name")


@pytest.mark.parametrize("path", ["/", "/about/", "/changes/", "/contribute/", "/search/", "/healthz", "/status/"])
def test_plain_pages_answer_on_an_empty_catalogue(client: Client, path: str) -> None:
    get(client, path)


def test_home_shows_what_was_corrected_from_what_to_what(client: Client) -> None:
    paper = make_paper(name="GQA-Net", year=2022)
    make_revision("paper", entry=paper, year=2019, source="https://example.org/gqa", comment="The paper says 2019.")

    page = get(client, "/")

    assert "<del>2022</del>" in page
    assert "<ins>2019</ins>" in page
    assert "example.org" in page


def test_changes_narrow_by_kind_and_action() -> None:
    paper = make_paper(name="Kept")
    make("dataset", name="COCO")
    make_revision("paper", entry=paper, year=2020)

    def shown(query: str) -> list[tuple[str, str]]:
        log = Client().get(f"/changes/?{query}").context["log"]
        return [(line.revision.name, line.revision.action) for line in log]

    assert shown("") == [("Kept", "edit"), ("COCO", "create"), ("Kept", "create")]
    assert shown("kind=papers&action=edit") == [("Kept", "edit")]
    assert shown("kind=odd&action=odd") == []


def test_a_correction_that_was_undone_is_none() -> None:
    """The front page shows corrections that still hold; an entry that is gone has none."""
    source = "https://example.org/"
    undone = make_paper(name="Undone", year=2020)
    make_revision("paper", undone, year=2021, source=source)
    make_revision("paper", Paper.objects.with_references().get(pk=undone.pk), year=2020)
    kept = make_paper(name="Kept", year=2020)
    make_revision("paper", kept, year=2021, source=source)
    make_revision("paper", Paper.objects.with_references().get(pk=kept.pk), notes="Something else.")
    gone = make_paper(name="Gone", year=2020)
    make_revision("paper", gone, year=2021, source=source)
    retire(entry=Paper.objects.get(pk=gone.pk), trace=trace("A double."))

    log = Client().get("/").context["log"]

    assert [(line.revision.name, [(field.before, field.after) for field in line.fields]) for line in log] == [
        ("Kept", [("2020", "2021")])
    ]
