"""History, revisions, comparison and blame of an entry answer for ever at its address, with its own revisions."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from catalog.kinds import KINDS
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Entry
from tests.factories import make, make_component, make_paper, make_revision, trace

pytestmark = pytest.mark.django_db
PAGES = ("history/", "history/1/", "history/2/", "history/compare/?from=1&to=2", "blame/")
DATASET = KINDS["dataset"]


def live(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def titles(client: Client, path: str) -> tuple[int, Any]:
    response = client.get(path)
    return response.status_code, response.context["entry"].name if response.status_code == 200 else response["Location"]


@pytest.fixture
def merged() -> tuple[Entry, Entry]:
    """Objects365, with two revisions, merged into COYO."""
    goes, stays = make("dataset", name="Objects365", year=2019), make("dataset", name="COYO", year=2022)
    make_revision("dataset", entry=goes, year=2020)
    merge(entry=live(goes), into=live(stays), trace=trace("The same images."))
    return goes, stays


@pytest.mark.parametrize("page", PAGES)
def test_a_merged_entry_keeps_its_own_pages(client: Client, merged: Any, page: str) -> None:
    assert titles(client, f"/datasets/objects365/{page}") == (200, "Objects365")


@pytest.mark.parametrize("page", PAGES)
def test_a_retired_entry_keeps_its_pages(client: Client, page: str) -> None:
    entry = make("dataset", name="BLINK", year=2023)
    make_revision("dataset", entry=entry, year=2024)
    retire(entry=live(entry), trace=trace("Withdrawn by its authors."))

    response = client.get(f"/datasets/blink/{page}")

    text = " ".join(response.content.decode().split())
    assert (response.status_code, "BLINK was retired on" in text, "Withdrawn by its authors." in text) == (
        200,
        True,
        True,
    )
    assert client.get("/datasets/blink/").status_code == 410


def test_a_revision_says_what_became_of_the_entry_and_how_to_cite_it(client: Client, merged: Any) -> None:
    response = client.get("/datasets/objects365/history/1/")

    text = " ".join(response.content.decode().split())
    assert 'Objects365 was merged into <a href="/datasets/coyo/">COYO</a> on <time' in text
    assert "The same images." in text
    assert "/datasets/objects365/history/1/" in response.context["cited"].url
    years = [change.after[0].item.text for change in response.context["changes"] if change.field == "year"]
    assert years == ["2019"]


def test_the_main_address_of_a_merged_entry_redirects(client: Client, merged: Any) -> None:
    assert titles(client, "/datasets/objects365/") == (301, "/datasets/coyo/")


def test_a_former_slug_of_a_merged_entry_leads_to_its_own_history(client: Client) -> None:
    goes, stays = make("dataset", name="Old"), make("dataset", name="Stays")
    make_revision("dataset", entry=goes, slug="new")
    merge(entry=live(goes), into=live(stays), trace=trace("The same."))

    assert titles(client, "/datasets/old/history/1/") == (301, "/datasets/new/history/1/")
    assert titles(client, "/datasets/new/history/1/") == (200, "Old")
    assert titles(client, "/datasets/old/") == (301, "/datasets/stays/")


def test_in_a_chain_of_merges_each_has_its_own_history_and_leads_to_the_last(client: Client, merged: Any) -> None:
    last = make("dataset", name="Last")
    merge(entry=live(merged[1]), into=last, trace=trace("The same again."))

    assert titles(client, "/datasets/objects365/history/1/") == (200, "Objects365")
    assert titles(client, "/datasets/coyo/history/1/") == (200, "COYO")
    for slug in ("objects365", "coyo"):
        assert client.get(f"/datasets/{slug}/history/").context["merged_into"] == last
    retire(entry=live(last), trace=trace("Gone."))
    page = " ".join(client.get("/datasets/coyo/history/").content.decode().split())
    assert "COYO was merged into an entry that is not in the catalogue any more" in page


def test_a_restored_entry_has_its_pages_without_a_banner(client: Client, merged: Any) -> None:
    restore(kind=DATASET, entry_id=merged[0].pk, trace=trace("They differ."))

    response = client.get("/datasets/objects365/history/4/")

    assert (response.status_code, response.context["entry"].removal) == (200, None)


def test_the_page_of_a_retired_entry_leads_to_its_history(client: Client) -> None:
    retire(entry=make_paper(name="CLIP"), trace=trace("A test."))

    assert b'href="/papers/clip/history/"' in client.get("/papers/clip/").content


def test_a_merged_entry_as_of_a_day_before_is_itself_and_after_is_what_it_was_merged_into(client: Client) -> None:
    def at(day: int) -> Any:
        return trace("The same.", at=datetime(2024, 1, day, tzinfo=UTC))

    goes = make("dataset", name="Goes", at=datetime(2024, 1, 1, tzinfo=UTC))
    stays = make("dataset", name="Stays", at=datetime(2024, 1, 1, tzinfo=UTC))
    merge(entry=goes, into=stays, trace=at(10))

    response = client.get("/datasets/goes/?as_of=2024-01-05")
    assert (response.status_code, response.context["revision"].name) == (200, "Goes")
    assert titles(client, "/datasets/goes/?as_of=2024-01-15") == (301, "/datasets/stays/?as_of=2024-01-15")


def test_an_old_revision_names_what_it_referred_to_not_what_that_was_merged_into(client: Client) -> None:
    goes, stays = make_component(name="ViT-L"), make_component(name="Vision Transformer")
    make_paper(name="CLIP", vision_encoders=[{"component": "vit-l"}])
    merge(entry=goes, into=stays, trace=trace("The same."))

    changes = {row.field: row for row in client.get("/papers/clip/history/2/").context["changes"]}

    row = changes["vision_encoders"]
    assert ([side.item.text for side in row.before], [side.item.text for side in row.after]) == (
        ["ViT-L"],
        ["Vision Transformer"],
    )
