"""Pages as of a past time: every page of the site shows that time, or refuses it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import merge, retire
from catalog.models import Section
from tests.factories import make, make_paper, make_result, make_revision, make_topic, trace
from tests.people import person, signed_in

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date().isoformat()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode())


@pytest.fixture
def clip() -> Paper:
    """First revision of 1 March 2021, its year corrected at the last second of 5 May 2022; older is a topic."""
    make_topic(name="Contrast", at=at("2021-01-01T08:00:00"))
    paper = make_paper(name="CLIP", year=2020, organisation="OpenAI", topics=["contrast"], at=at("2021-03-01T12:00:00"))
    make_revision("paper", entry=paper, year=2021, at=at("2022-05-05T23:59:59"))
    return paper


def facts(client: Client, day: str) -> dict[str, str]:
    response = client.get(f"/papers/clip/?as_of={day}")
    assert response.status_code == 200
    return {fact.key: fact.items[0].text for fact in response.context["facts"] if fact.key in ("year", "organisation")}


@pytest.mark.parametrize(
    ("day", "year"),
    [
        *(("2021-03-01", "2020"), ("2022-05-04", "2020"), ("2022-05-05", "2021"), ("2023-01-01", "2021")),
        *(("2022-05-05T23:59:58Z", "2020"), ("2022-05-05T23:59:59Z", "2021"), ("2022-05-06T01:59:59+02:00", "2021")),
    ],
)
def test_a_day_shows_its_end_and_a_time_that_very_moment(client: Client, clip: Paper, day: str, year: str) -> None:
    assert facts(client, day) == {"organisation": "OpenAI", "year": year}


def test_the_page_names_its_day_and_leads_to_now(client: Client, clip: Paper) -> None:
    response = client.get("/papers/?as_of=2021-12-31&year=2020&sort=name")
    page = " ".join(response.content.decode().split())

    assert 'as it stood on <time datetime="2021-12-31">31 December 2021</time>.' in page
    assert '<a data-now href="/papers/?year=2020&amp;sort=name">This page as it is now</a>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("as_of", "label", "value"),
    [
        ("2021-03-01T14:00+02:00", "1 March 2021, 12:00 UTC", "2021-03-01T12:00:00Z"),
        ("2021-03-01T12:00:05Z", "1 March 2021, 12:00:05 UTC", "2021-03-01T12:00:05Z"),
        ("2021-03-02T00:00:00Z", "2 March 2021, 00:00 UTC", "2021-03-02T00:00:00Z"),
    ],
)
def test_the_page_and_its_links_name_the_moment(
    client: Client, clip: Paper, as_of: str, label: str, value: str
) -> None:
    text = client.get("/papers/", {"as_of": as_of}).content.decode()

    assert f'<time datetime="{value}">{label}</time>' in text
    assert set(re.findall(r'href="(/papers/clip/[^"]*)"', text)) == {f"/papers/clip/?as_of={value}"}


@pytest.mark.parametrize(
    "text",
    ["x", "2021", "2021-13-01", "2021-02-30", "01.03.2021", "９", "2021-3-1", "2021-W09-1", "2021-03-01T00:00", "<b>"],
)
@pytest.mark.parametrize("path", ["/papers/clip/", "/papers/", "/"])
def test_an_invalid_date_is_reported(client: Client, clip: Paper, path: str, text: str) -> None:
    response = client.get(path, {"as_of": text})

    assert (response.status_code, response.context["message"]) == (
        400,
        f"as_of: “{text}” is neither a day (2026-01-31) nor a time with its zone (2026-01-31T12:00:00Z).",
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("as_of=%00", "as_of: At most 400 characters, and no NUL."),
        (f"as_of={'9' * 500}", "as_of: At most 400 characters, and no NUL."),
        ("as_of=2021-12-31&as_of=2022-12-31", "as_of: Given 2 times; at most 1."),
        ("as_of=9999-12-31", "as_of: “9999-12-31” is still to come."),
        ("as_of=2100-01-01T00:00:00Z", "as_of: “2100-01-01T00:00:00Z” is still to come."),
    ],
)
def test_what_is_no_past_day_is_reported(client: Client, clip: Paper, query: str, message: str) -> None:
    response = client.get(f"/papers/?{query}&year=2021")

    assert (response.status_code, response.context["message"]) == (400, message)
    assert 'href="/papers/?year=2021">The page as it is now' in response.content.decode()


@pytest.mark.parametrize("path", ["/", "/papers/", "/papers/clip/", "/papers/nothing/", "/export/papers.csv"])
def test_before_the_first_revision_there_was_nothing(client: Client, clip: Paper, path: str) -> None:
    response = client.get(f"{path}?as_of=2020-12-31")

    assert (response.status_code, response.context["message"]) == (
        404,
        "There was no catalogue on 31 December 2020 yet. It begins on 1 January 2021, 08:00 UTC.",
    )


def test_an_empty_ledger_has_no_past(client: Client) -> None:
    response = client.get("/?as_of=2020-12-31")

    assert (response.status_code, response.context["message"]) == (
        404,
        "There was no catalogue on 31 December 2020 yet. It is empty.",
    )


def test_an_entry_of_a_later_day_says_since_when_it_is_there(client: Client, clip: Paper) -> None:
    response = client.get("/papers/clip/?as_of=2021-02-28")

    assert response.status_code == 404
    assert "CLIP is in the catalogue since 1 March 2021, 12:00 UTC, and was not on that day." in text_of(response)


def test_today_is_the_present_page_and_says_that_the_day_is_not_over(client: Client, clip: Paper) -> None:
    make_revision("paper", entry=Paper.objects.with_references().get(pk=clip.pk), year=2022)
    response = client.get(f"/papers/clip/?as_of={TODAY}")

    assert facts(client, TODAY)["year"] == "2022"
    assert "is not over: this is the catalogue as it is now. </p>" in " ".join(text_of(response).split())
    assert response["Cache-Control"] == "private, no-cache"


def test_no_day_at_all_is_the_present_page(client: Client, clip: Paper) -> None:
    response = client.get("/papers/clip/?as_of=")

    assert (response.status_code, "as it stood" in text_of(response)) == (200, False)


def test_an_entry_that_was_retired_since_still_shows_its_day(client: Client, clip: Paper) -> None:
    retire(entry=Paper.objects.get(pk=clip.pk), trace=trace("A double.", at=at("2023-06-01T08:00:00")))

    assert client.get("/papers/clip/").status_code == 410
    assert facts(client, "2023-05-31") == {"organisation": "OpenAI", "year": "2021"}
    retired = client.get("/papers/clip/?as_of=2023-06-01")
    assert (retired.status_code, "A double." in text_of(retired)) == (410, True)


def test_an_entry_is_where_it_was_on_that_day(client: Client, clip: Paper) -> None:
    """Its later slug redirects to the one of the day, as its former slug does afterwards."""
    make_revision(
        "paper",
        entry=Paper.objects.with_references().get(pk=clip.pk),
        slug="openai-clip",
        at=at("2023-01-01T08:00:00"),
    )

    assert client.get("/papers/clip/?as_of=2022-12-31").status_code == 200
    later: Any = client.get("/papers/openai-clip/?as_of=2022-12-31")
    assert (later.status_code, later["Location"]) == (301, "/papers/clip/?as_of=2022-12-31")
    former: Any = client.get("/papers/clip/?as_of=2023-12-31")
    assert (former.status_code, former["Location"]) == (301, "/papers/openai-clip/?as_of=2023-12-31")


def test_a_merged_entry_is_its_own_before_and_redirects_after(client: Client, clip: Paper) -> None:
    double = make_paper(name="CLIP double", at=at("2023-01-01T08:00:00"))
    merge(entry=double, into=Paper.objects.get(pk=clip.pk), trace=trace("The same.", at=at("2023-02-01T08:00:00")))

    assert client.get("/papers/clip-double/?as_of=2023-01-15").status_code == 200
    after: Any = client.get("/papers/clip-double/?as_of=2023-02-15")
    assert (after.status_code, after["Location"]) == (301, "/papers/clip/?as_of=2023-02-15")


def test_an_unknown_entry_is_404_on_any_day_and_suggestions_are_of_that_day(client: Client, clip: Paper) -> None:
    make_paper(name="Clap")

    response = client.get("/papers/clipp/?as_of=2021-12-31")

    assert response.status_code == 404
    assert [hit.slug for hit in response.context["suggestions"]] == ["clip"]
    assert 'href="/papers/clip/?as_of=2021-12-31"' in response.content.decode()


# -- every page of the site


@pytest.fixture
def two_days() -> dict[str, str]:
    """An entry of each kind on the first day, and another one on the second; what URL patterns need to be called."""
    first, second = at("2025-03-01T12:00:00"), at("2025-04-01T12:00:00")
    Section.objects.create(slug="news", name="News", kind="paper")
    for day, word in ((first, "Early"), (second, "Zulu")):
        for name in KINDS:
            if name != "result":
                make(name, name=f"{word} {name}", at=day)
        make_result(name=f"{word} result", paper=f"{word.lower()}-paper", benchmark=f"{word.lower()}-benchmark", at=day)
    return {"section": "news", "username": "ada", "number": "1", "pk": "1", "token": "x", "verb": "withdraw"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for item in resolver.url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, route)
        else:
            yield route, item


def addresses(arguments: dict[str, str]) -> Iterator[tuple[str, URLPattern]]:
    """A URL for each pattern of the site, for each kind where it has one; the admin site and allauth aside."""
    for route, pattern in patterns(get_resolver()):
        if route.startswith(("admin/", "^")) or "allauth" in getattr(pattern.callback, "__module__", ""):
            continue
        own = getattr(pattern.callback, "initkwargs", {}).get("kind")
        for kind in [own] if own else [KINDS["benchmark"]] if "leaderboard" in route else KINDS.values():
            values = {
                **arguments,
                "plural": kind.plural,
                "slug": f"early-{kind.name}",
                "other": f"early-{kind.name}",
                "extension": "json",
                "kind_name": kind.name,
                "name": "licences",
                "section": "pages" if "sitemap" in route else arguments["section"],
            }
            if "extension" in route and "<slug:slug>" not in route:
                values["extension"] = "csv"
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route).format_map(values), pattern


def test_every_page_shows_the_catalogue_of_the_day_or_refuses_it(two_days: dict[str, str]) -> None:
    """A page that takes as_of shows nothing of the second day; any other answers 400, the API with a problem."""
    client = signed_in(person("reader"))
    seen: dict[str, set[str]] = {"shows the day": set(), "refuses": set()}
    wrong: list[tuple[str, int]] = []
    for url, pattern in dict(addresses(two_days)).items():
        response: Any = client.get(url, {"as_of": "2025-03-15", **({"q": "early"} if "search" in url else {})})
        text = text_of(response)
        if response.status_code in (400, 405):  # what takes no GET shows nothing
            seen["refuses"].add(str(pattern.name))
            right = "as_of" in text or url in ("/api/", "/api/docs/") or response.status_code == 405
        else:
            seen["shows the day"].add(str(pattern.name))
            right = response.status_code == 200 and "zulu" not in text.lower()
            right = right and (url.startswith("/api/") or hasattr(pattern.callback, "takes_as_of"))
        if not right:
            wrong.append((url, response.status_code))
    assert wrong == [], wrong
    assert {"home", "list", "detail", "search", "changes", "export-all", "person"} <= seen["shows the day"]
    assert {"sitemap", "feed-new", "contribute", "mine", "api-changes"} <= seen["refuses"]
