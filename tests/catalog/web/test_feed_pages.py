"""Feeds of an entry, a topic, a contributor and a search, and the pages of any feed, as a feed reader reads them."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from django.test import Client
from lxml import etree

from catalog.ledger.publishing import merge, retire
from catalog.models import Revision
from catalog.web import feed_pages
from tests.factories import make_benchmark, make_dataset, make_paper, make_result, make_revision, make_topic, trace

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_pages, "PAGE_SIZE", 2)


def document(address: str, status: int = 200) -> bytes:
    parts = urlsplit(address)
    response = Client().get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    assert response.status_code == status, response.content
    return bytes(response.content)


def read(address: str) -> Any:
    """A feed as feedparser reads it; checked against RFC 4287 and RFC 5005 first."""
    text = document(address)
    check(text)
    feed = feedparser.parse(text)
    assert not feed.bozo
    return feed


def titles(feed: Any) -> list[str]:
    return [entry.title for entry in feed.entries]


def links(feed: Any) -> dict[str, str]:
    """The addresses of the other pages, by relation."""
    return {link.rel: link.href for link in feed.feed.links if link.rel in ("first", "previous", "next")}


def check(text: bytes) -> None:
    """What RFC 4287 requires of a feed and its entries (4.1.1, 4.1.2, 4.2.6, 4.2.7), and of dates (3.3)."""
    root = etree.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            [child] = element.findall(f"{ATOM}{name}")
            assert child.text
        assert re.fullmatch(r"tag:[^,:]+,\d{4}(-\d\d){0,2}:\S+", str(element.findtext(f"{ATOM}id")))
        assert datetime.fromisoformat(str(element.findtext(f"{ATOM}updated"))).tzinfo
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        assert len(alternates) == 1
        assert len(element.findall(f"{ATOM}summary")) == (element is not root)
    assert all(str(link.get("href")).startswith(f"{SITE}/") for link in root.iter(f"{ATOM}link"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    [own] = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert document(str(own.get("href")))
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


@pytest.mark.usefixtures("small_pages")
def test_a_reader_who_follows_the_pages_misses_nothing_and_reads_nothing_twice() -> None:
    for number in range(5):
        make_paper(name=f"P{number}")
    feed = read("/feeds/new.atom")
    assert links(feed) == {
        "first": f"{SITE}/feeds/new.atom",
        "next": f"{SITE}/feeds/new.atom?before={Revision.objects.get(slug='p3').pk}",
    }
    seen, ids = titles(feed), {feed.feed.id}

    make_paper(name="Newer")  # between two requests
    while "next" in links(feed):
        feed = read(links(feed)["next"])
        seen += titles(feed)
        ids.add(feed.feed.id)

    assert seen == [f"P{number} created" for number in (4, 3, 2, 1, 0)]
    assert ids == {"tag:127.0.0.1,2026:feeds/all/new-entries"}
    assert titles(read(links(feed)["previous"])) == ["P2 created", "P1 created"]
    assert links(read(links(read(links(feed)["previous"]))["previous"])) == {
        "first": f"{SITE}/feeds/new.atom",
        "previous": f"{SITE}/feeds/new.atom",
        "next": links(read("/feeds/new.atom?before=" + str(Revision.objects.get(slug="newer").pk)))["next"],
    }


@pytest.mark.usefixtures("small_pages")
def test_pages_keep_the_filters() -> None:
    for number in range(3):
        make_paper(name=f"P{number}", year=2021, organisation="A & B")
    make_paper(name="Other", year=2022)

    feed = read("/feeds/papers/changes.atom?year=2021")

    assert titles(read(links(feed)["next"])) == ["P0 created"]
    assert links(feed)["next"].startswith(f"{SITE}/feeds/papers/changes.atom?year=2021&before=")


def test_a_short_feed_has_no_other_page() -> None:
    make_paper(name="CLIP")
    assert links(read("/feeds/new.atom")) == {}


@pytest.mark.parametrize("before", ["0", "-1", "x", "1.5", "9" * 19, "1&before=2", "٣"])
@pytest.mark.parametrize("path", ["/feeds/new.atom", "/benchmarks/mmmu/leaderboard.atom"])
def test_a_page_that_is_none_is_refused(path: str, before: str) -> None:
    make_benchmark(name="MMMU", splits=[{"name": "val"}])
    assert "before: Give the number of one change" in document(f"{path}?before={before}", 400).decode()


def test_a_page_before_everything_is_empty() -> None:
    make_paper(name="CLIP")
    assert read(f"/feeds/new.atom?before={Revision.objects.get().pk}").entries == []


def test_a_summary_says_what_the_entry_is() -> None:
    make_paper(name="CLIP", year=2021, summary="**Contrastive** pre-training\nof `images` and text.")
    make_dataset(name="COCO", size="330K images")
    make_paper(name="Bare")

    assert [entry.summary for entry in read("/feeds/new.atom").entries] == [
        "Paper or model. Proposed by ada, approved by grace.",
        "Dataset: size 330K images. Proposed by ada, approved by grace.",
        "Paper or model of 2021. Contrastive pre-training of images and text. Proposed by ada, approved by grace.",
    ]


def test_an_entry_has_a_feed_also_after_it_left() -> None:
    clip = make_paper(name="CLIP")
    make_paper(name="Other")
    make_revision("paper", clip, year=2021)
    before = read("/papers/clip/history.atom")
    retire(entry=clip, trace=trace("A duplicate."))

    after = read("/papers/clip/history.atom")

    assert titles(before) == ["CLIP edited", "CLIP created"]
    assert titles(after) == ["CLIP retired", "CLIP edited", "CLIP created"]
    assert after.feed.title == "VLM Portal: Changes of CLIP"
    assert after.feed.link == f"{SITE}/papers/clip/history/"
    assert after.feed.id == before.feed.id
    document("/papers/nothing/history.atom", 404)


def test_the_feed_of_an_entry_follows_its_slug_and_stays_the_same_feed() -> None:
    clip = make_paper(name="CLIP")
    before = read("/papers/clip/history.atom")
    make_revision("paper", clip, slug="openai-clip")

    response = Client().get("/papers/clip/history.atom")

    assert (response.status_code, response["Location"]) == (301, "/papers/openai-clip/history.atom")
    assert read("/papers/openai-clip/history.atom").feed.id == before.feed.id


def test_a_topic_has_a_feed_of_what_names_it() -> None:
    topic = make_topic(name="OCR")
    clip = make_paper(name="CLIP", topics=[topic.slug])
    make_dataset(name="COCO", topics=[topic.slug])
    make_paper(name="Other")
    make_revision("paper", clip, year=2021)

    feed = read("/topics/ocr/entries.atom")

    assert titles(feed) == ["CLIP edited", "COCO created", "CLIP created", "OCR created"]
    assert feed.feed.title == "VLM Portal: Changes about OCR"
    document("/topics/nothing/entries.atom", 404)
    document("/topics/ocr/entries.atom?year=2021", 400)


def test_a_contributor_has_a_feed_of_their_own_changes() -> None:
    clip = make_paper(name="CLIP")
    merge(entry=make_paper(name="CLIP 2"), into=clip, trace=trace())

    feed = read("/people/ada/changes.atom")

    assert titles(feed) == ["CLIP 2 merged", "CLIP 2 created", "CLIP created"]
    assert (feed.feed.title, feed.feed.link) == ("VLM Portal: Changes by ada", f"{SITE}/people/ada/")
    assert document("/people/grace/changes.atom", 404) == document("/people/grace/changes.atom", 404)
    document("/people/nobody/changes.atom", 404)


def test_a_search_has_a_feed_of_new_entries_that_match() -> None:
    make_paper(name="Qwen-VL", year=2023)
    make_dataset(name="Qwen data")
    make_paper(name="Other")

    feed = read("/feeds/search.atom?q=qwen")

    assert titles(feed) == ["Qwen data created", "Qwen-VL created"]
    assert titles(read("/feeds/search.atom?q=qwen&kind=papers&year=2023")) == ["Qwen-VL created"]
    assert feed.feed.title == "VLM Portal: New entries that match “qwen”"
    assert read("/feeds/search.atom?q=nothing+like+it").entries == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "q: Give a word to search for."),
        ("q=%2B%2B", "q: Give a word to search for."),
        ("q=clip&kind=cars", "kind: "),
        ("q=clip&year=x", "year: "),
        ("q=clip&colour=red", "colour: There is no such parameter here."),
    ],
)
def test_the_feed_of_a_search_says_what_is_wrong(query: str, message: str) -> None:
    assert message in document(f"/feeds/search.atom?{query}", 400).decode()


def test_a_search_that_finds_too_much_has_no_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.reading.search.MAX_MATCHES", 2)
    for name in ("Qwen A", "Qwen B"):
        make_paper(name=name)

    assert (
        "At least 2 entries match. Search for something narrower, or in one kind or year."
        in document("/feeds/search.atom?q=qwen", 400).decode()
    )
    assert "/feeds/search.atom" not in Client().get("/search/?q=qwen").content.decode()


def test_a_board_has_pages_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    make_benchmark(name="MMMU", metrics=[{"name": "Accuracy", "direction": "higher"}], splits=[{"name": "val"}])
    for number in range(23):
        make_paper(name=f"P{number}")
        make_result(paper=f"p{number}", benchmark="mmmu", metric="accuracy", split="val", value=str(number))

    first = read("/benchmarks/mmmu/leaderboard.atom")
    second = read(links(first)["next"])

    assert (len(first.entries), len(second.entries)) == (20, 3)
    assert second.entries[0].summary.startswith("P2 enters at place 1 with 2; before, P1 was first with 1.")
    assert links(second) == {"first": links(first)["first"], "previous": links(first)["first"]}


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        ("/", ["/feeds/new.atom", "/feeds/changes.atom"]),
        ("/changes/", ["/feeds/new.atom", "/feeds/changes.atom"]),
        ("/papers/", ["/feeds/papers/new.atom", "/feeds/papers/changes.atom"]),
        ("/papers/clip/", ["/papers/clip/history.atom"]),
        ("/papers/clip/history/", ["/papers/clip/history.atom"]),
        ("/topics/ocr/", ["/topics/ocr/history.atom", "/topics/ocr/entries.atom"]),
        ("/people/ada/", ["/people/ada/changes.atom"]),
        ("/search/?q=clip&kind=papers", ["/feeds/search.atom?kind=papers&q=clip"]),
        ("/search/", []),
    ],
)
def test_a_feed_reader_finds_the_feed_by_the_page(page: str, feeds: list[str]) -> None:
    make_topic(name="OCR")
    make_paper(name="CLIP")

    found = etree.HTML(Client().get(page).content).findall(".//link[@type='application/atom+xml']")

    assert [link.get("href") for link in found] == feeds
    assert [read(feed).bozo for feed in feeds] == [False] * len(feeds)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        *(("/papers/p0/history.atom", 3), ("/topics/ocr/entries.atom", 3), ("/people/ada/changes.atom", 3)),
        *(("/feeds/search.atom?q=p0", 4), ("/feeds/new.atom?before=9999999", 3)),
    ],
)
@pytest.mark.parametrize("count", [1, 30])
def test_a_feed_costs_the_same_for_one_and_for_many(
    path: str, most: int, count: int, django_assert_max_num_queries: Any
) -> None:
    topic = make_topic(name="OCR")
    for number in range(count):
        make_paper(name=f"P{number}", topics=[topic.slug])
    Client().get("/feeds/")

    with django_assert_max_num_queries(most):
        document(path)
