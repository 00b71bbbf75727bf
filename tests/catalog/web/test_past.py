"""An entry as it stood on a day."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import retire
from tests.factories import make_paper, make_revision, trace

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def clip() -> Paper:
    """First revision of 1 March 2021, its year corrected at the last second of 5 May 2022."""
    paper = make_paper(name="CLIP", year=2020, organisation="OpenAI", at=at("2021-03-01T12:00:00"))
    make_revision("paper", entry=paper, year=2021, at=at("2022-05-05T23:59:59"))
    return paper


def facts(client: Client, day: str) -> dict[str, str]:
    response = client.get(f"/papers/clip/?as_of={day}")
    assert response.status_code == 200
    return {fact.key: fact.items[0].text for fact in response.context["facts"]}


@pytest.mark.parametrize(
    ("day", "year"),
    [("2021-03-01", "2020"), ("2022-05-04", "2020"), ("2022-05-05", "2021"), ("2023-01-01", "2021")],
)
def test_a_day_shows_what_stood_at_its_end(client: Client, clip: Paper, day: str, year: str) -> None:
    assert facts(client, day) == {"organisation": "OpenAI", "year": year}


def test_the_page_says_which_revision_it_is_and_leads_to_now(client: Client, clip: Paper) -> None:
    page = client.get("/papers/clip/?as_of=2021-12-31").content.decode()

    assert 'This is revision 1, as it stood on <time datetime="2021-12-31">31 December 2021</time>.' in page
    assert '<a href="/papers/clip/">The entry as it is now</a>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_before_the_first_revision_there_was_nothing(client: Client, clip: Paper) -> None:
    response = client.get("/papers/clip/?as_of=2021-02-28")

    assert response.status_code == 404
    assert "CLIP is here since 1 March 2021, not on 28 February 2021." in response.content.decode()


@pytest.mark.parametrize(
    "text",
    ["x", "2021", "2021-13-01", "2021-02-30", "01.03.2021", "９", "2021-3-1", "2021-W09-1", "2021-03-01T00:00", "<b>"],
)
def test_an_invalid_date_is_reported(client: Client, clip: Paper, text: str) -> None:
    response = client.get("/papers/clip/", {"as_of": text})

    assert response.status_code == 400
    assert response.context["message"] == (
        f"as_of: “{text}” is neither a day (2026-01-31) nor a time with its zone (2026-01-31T12:00:00Z)."
    )


@pytest.mark.parametrize("text", ["\0", "9" * 500])
def test_an_invalid_character_is_reported(client: Client, clip: Paper, text: str) -> None:
    response = client.get("/papers/clip/", {"as_of": text})

    assert (response.status_code, response.context["message"]) == (400, "as_of: At most 400 characters, and no NUL.")


def test_a_time_means_that_very_moment_as_on_lists_and_in_the_api(client: Client, clip: Paper) -> None:
    assert facts(client, "2022-05-05T23:59:58Z")["year"] == "2020"
    assert facts(client, "2022-05-05T23:59:59Z")["year"] == "2021"
    page = client.get("/papers/clip/?as_of=2021-03-01T12:30Z").content.decode()
    assert 'stood on <time datetime="2021-03-01T12:30:00Z">1 March 2021, 12:30 UTC</time>.' in page
    early = client.get("/papers/clip/?as_of=2021-03-01T11:30Z").content.decode()
    assert "CLIP is here since 1 March 2021, 12:00 UTC, not on 1 March 2021, 11:30 UTC." in early


@pytest.mark.parametrize("day", ["9999-12-31", datetime.now(UTC).date().isoformat()])
def test_today_and_later_are_the_present_page(client: Client, clip: Paper, day: str) -> None:
    response = client.get(f"/papers/clip/?as_of={day}")

    assert (response.status_code, response["Location"]) == (302, "/papers/clip/")


def test_no_day_at_all_is_the_present_page(client: Client, clip: Paper) -> None:
    assert client.get("/papers/clip/?as_of=").status_code == 200


def test_an_entry_that_was_retired_since_still_shows_its_day(client: Client, clip: Paper) -> None:
    live = Paper.objects.get(pk=clip.pk)
    then = at("2023-06-01T08:00:00")
    retire(entry=live, trace=trace("A double.", at=then))

    assert client.get("/papers/clip/").status_code == 410
    assert facts(client, "2023-05-31") == {"organisation": "OpenAI", "year": "2021"}
    assert "A double." in client.get("/papers/clip/?as_of=2023-06-01").content.decode()
    assert client.get("/papers/clip/?as_of=2023-06-01").status_code == 410


def test_a_moved_entry_redirects_with_its_day(client: Client, clip: Paper) -> None:
    make_revision("paper", entry=Paper.objects.with_references().get(pk=clip.pk), slug="openai-clip")

    response = client.get("/papers/clip/?as_of=2021-12-31")

    assert (response.status_code, response["Location"]) == (301, "/papers/openai-clip/?as_of=2021-12-31")


def test_an_unknown_entry_is_404_on_any_day(client: Client) -> None:
    assert client.get("/papers/nothing/?as_of=2021-12-31").status_code == 404
