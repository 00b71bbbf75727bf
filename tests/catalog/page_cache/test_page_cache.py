"""What a stranger is given from memory: never out of date, and never what was made for somebody."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.tokens import make_token
from catalog.ledger.catalogue_version import current_version
from catalog.ledger.publishing import retire
from catalog.models import FacetSet, FacetValue, ListLayout
from catalog.page_cache.middleware import known_parameters
from catalog.page_cache.store import CachedResponse, CacheKey, ResponseCache, size_of
from submissions.workflow import approve, delete_account, lock, unlock
from tests.catalog.api.reading import unpacked
from tests.factories import make_benchmark, make_paper, make_result, make_revision, trace
from tests.people import contributor, moderator, propose, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/papers/clip/"


def queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def headers_of(response: Any, *names: str) -> dict[str, str]:
    return {name: response.headers[name] for name in names if name in response.headers}


def test_a_repeated_read_is_the_same_answer_for_one_query(client: Client) -> None:
    make_paper(name="CLIP")
    first = client.get(PAGE)

    again: list[Any] = []
    count = queries(lambda: again.append(client.get(PAGE)))

    assert count == 1
    assert (again[0].content, dict(again[0].headers)) == (first.content, dict(first.headers))
    assert headers_of(first, "Cache-Control", "Vary") == {
        "Cache-Control": "public, max-age=0, s-maxage=30",
        "Vary": "Cookie, Accept-Encoding",
    }


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("zstd", "zstd"),
        ("gzip;q=0", ""),
        ("identity", ""),
    ],
)
def test_a_page_is_compressed_as_the_reader_takes_it(client: Client, accepted: str, coding: str) -> None:
    make_paper(name="CLIP")
    plain = client.get(PAGE).content

    first, again = (one.get(PAGE, headers={"Accept-Encoding": accepted}) for one in (Client(), client))

    for response in (first, again):
        assert response.headers.get("Content-Encoding", "") == coding
        assert response.headers["Content-Length"] == str(len(response.content))
        assert unpacked(response.content, coding) == plain


def test_what_a_reader_has_is_not_sent_again(client: Client) -> None:
    make_paper(name="CLIP")
    tag = client.get(PAGE).headers["ETag"]

    for sent in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        response = client.get(PAGE, headers={"If-None-Match": sent})
        assert (response.status_code, response.content) == (304, b"")
        assert headers_of(response, "ETag", "Cache-Control", "Vary") == headers_of(
            client.get(PAGE), "ETag", "Cache-Control", "Vary"
        )
    assert client.get(PAGE, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_feed_answers_by_its_date(client: Client) -> None:
    make_paper(name="CLIP")
    since = client.get("/feeds/new.atom").headers["Last-Modified"]

    assert client.get("/feeds/new.atom", headers={"If-Modified-Since": since}).status_code == 304


@pytest.mark.parametrize("read_before", [True, False])
def test_head_tells_what_get_would(client: Client, read_before: bool) -> None:
    make_paper(name="CLIP")
    get = Client().get(PAGE)
    if read_before:
        client.get(PAGE)

    head = client.head(PAGE)

    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(get.headers))


def test_a_range_is_answered_in_full(client: Client) -> None:
    make_paper(name="CLIP")
    full = client.get(PAGE)

    part = client.get(PAGE, headers={"Range": "bytes=0-9"})

    assert (part.status_code, part.content) == (200, full.content)


def test_what_is_published_is_there_at_the_next_read_of_every_process() -> None:
    paper = make_paper(name="CLIP")
    one, other = Client(), Client()  # each has a cache of its own, as two processes have
    before = [client.get(PAGE).content for client in (one, other)]

    make_revision("paper", entry=paper, title="A second title")

    after = [client.get(PAGE).content for client in (one, other)]
    assert [b"A second title" in page for page in [*before, *after]] == [False, False, True, True]


def test_a_retired_entry_disappears_at_once(client: Client) -> None:
    paper = make_paper(name="CLIP")
    client.get(PAGE)

    retire(entry=paper, trace=trace("A duplicate."))

    assert [client.get(PAGE).status_code for _ in range(2)] == [410, 410]


@pytest.mark.parametrize(
    "page", ["/", "/changes/", "/feeds/changes.atom", "/papers/a-paper/history/", "/papers/a-paper/"]
)
def test_the_name_of_a_deleted_account_is_gone(client: Client, page: str) -> None:
    ada = contributor("ada-lovelace")
    approve(proposal=propose(author=ada), actor=moderator())
    assert "ada-lovelace" in client.get("/changes/").content.decode()
    client.get(page)

    delete_account(actor=ada)

    assert "ada-lovelace" not in client.get(page).content.decode()


def test_a_list_read_again_is_another_version() -> None:
    make_paper(name="CLIP")
    before = current_version()

    ListLayout.objects.create(name="list", digest="0", imported_at="2026-01-01T00:00:00Z")

    assert current_version() != before


def test_a_rebuilt_index_is_noticed_by_running_processes_and_browsers(client: Client) -> None:
    make_paper(name="CLIP", venue="ICML")
    FacetSet.objects.all().delete()
    FacetValue.objects.all().delete()
    path = "/papers/?venue=icml"
    before = client.get(path)

    call_command("reindex", stdout=io.StringIO())
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})

    assert (before.context["page"].paginator.count, after.status_code) == (0, 200)
    assert after.context["page"].paginator.count == 1


def test_a_lock_is_on_the_page_at_once_and_gone_with_it(client: Client) -> None:
    paper = make_paper(name="CLIP")
    before = client.get(PAGE).content

    lock(entry=paper, actor=moderator(), reason="Calm down.")
    locked = client.get(PAGE).content.decode()
    unlock(entry=paper, actor=moderator())

    assert ("Calm down." in locked, f"{PAGE}edit/" in locked) == (True, False)
    assert client.get(PAGE).content == before


def test_each_lock_and_unlock_is_another_version() -> None:
    clip, vim = make_paper(name="CLIP"), make_paper(name="Vim")
    moves: list[Callable[[], Any]] = [
        lambda: None,
        lambda: lock(entry=clip, actor=moderator(), reason="A"),
        lambda: lock(entry=clip, actor=moderator(), reason="B"),
        lambda: lock(entry=vim, actor=moderator(), reason="A"),
        lambda: unlock(entry=clip, actor=moderator()),
        lambda: unlock(entry=vim, actor=moderator()),
        lambda: lock(entry=vim, actor=moderator(), reason="A"),
        lambda: unlock(entry=vim, actor=moderator()),
    ]
    versions = []
    for move in moves:
        move()
        versions.append(current_version())

    assert len({version.text for version in versions}) == len(moves)
    assert len({version.modified for version in versions}) == 1  # what the API gives is as it was


def test_a_page_that_was_made_while_an_entry_was_locked_is_not_served_after_it() -> None:
    """The lock is set after the version was read and before the page was made."""
    clip = make_paper(name="CLIP")
    lock(entry=make_paper(name="Vim"), actor=moderator(), reason="So that pages look for locks.")
    pages = ResponseCache(1_000_000)
    before = current_version().text
    pages.get((PAGE,), before)

    lock(entry=clip, actor=moderator(), reason="Calm down.")
    pages.put((PAGE,), before, CachedResponse(HttpResponse("locked")))
    unlock(entry=clip, actor=moderator())

    assert pages.get((PAGE,), current_version().text) is None


def test_nothing_made_for_somebody_is_given_to_a_stranger(client: Client) -> None:
    make_paper(name="CLIP")
    hedy = signed_in(moderator())
    for path in (PAGE, f"{PAGE}history/", "/papers/"):
        own = hedy.get(path)
        strange = client.get(path)
        assert (b"hedy" in own.content, b"hedy" in strange.content) == (True, False)
        assert own.headers["Cache-Control"] == "private, no-cache"
        assert strange.headers["Cache-Control"].startswith("public")
        assert b"hedy" in hedy.get(path).content


def test_a_message_for_one_visitor_is_shown_to_no_other() -> None:
    make_paper(name="CLIP")
    browser = signed_in(contributor())
    browser.post("/accounts/logout/")
    assert "messages" in browser.cookies or "sessionid" in browser.cookies

    first, then, stranger = browser.get(PAGE), browser.get(PAGE), Client().get(PAGE)

    assert b'class="message"' in first.content
    assert b'class="message"' not in then.content
    assert then.content == stranger.content


def test_forms_and_errors_are_not_held(client: Client) -> None:
    make_paper(name="CLIP")
    for path in ("/contribute/", "/accounts/login/", "/papers/nowhere/", "/submissions/", f"{PAGE}edit/", "/admin/"):
        client.get(path)
        assert "s-maxage" not in client.get(path).headers.get("Cache-Control", ""), path


def test_a_token_in_a_cookie_stays_out(client: Client) -> None:
    make_paper(name="CLIP")
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value

    page = client.get(PAGE)

    assert token not in page.content.decode()
    assert page.content == Client().get(PAGE).content


def test_what_is_not_held_is_compressed_as_before(client: Client) -> None:
    response = client.get("/papers/nowhere/", headers={"Accept-Encoding": "gzip"})

    assert (response.status_code, response.headers["Content-Encoding"]) == (404, "gzip")
    assert b"nowhere" in unpacked(response.content, "gzip")


def test_a_list_written_while_it_is_read_is_not_held(client: Client) -> None:
    make_paper(name="CLIP")
    response: Any = client.get("/export/papers.jsonl")

    assert response.streaming
    assert "ETag" not in response.headers


def test_a_past_day_and_another_host_are_pages_of_their_own(client: Client) -> None:
    paper = make_paper(name="CLIP")
    make_revision("paper", entry=paper, title="Of today")
    client.get(PAGE)

    with override_settings(ALLOWED_HOSTS=["testserver", "other.example"]):
        other = client.get(PAGE, headers={"Host": "other.example"})
    assert client.get(f"{PAGE}?as_of=2020-01-01").status_code == 404
    assert client.get(f"{PAGE}?as_of=nonsense").status_code == 400
    assert other.status_code == 200
    assert client.get(PAGE, headers={"Host": "evil.example"}).status_code == 400


def test_memory_is_bounded_and_the_least_recently_requested_goes_first() -> None:
    size = size_of(("a",), CachedResponse(HttpResponse(b"x" * 1_000)))
    pages = ResponseCache(max_bytes=2 * size)
    pages.get(("a",), "1")

    for name in "abc":
        pages.put((name,), "1", CachedResponse(HttpResponse(b"x" * 1_000)))
        pages.get(("a",), "1")

    assert (list(pages.responses), pages.size) == ([("c",), ("a",)], 2 * size)


def test_a_page_made_for_an_earlier_version_is_not_held() -> None:
    pages = ResponseCache(max_bytes=100_000)
    pages.get(("a",), "2")

    pages.put(("a",), "1", CachedResponse(HttpResponse(b"old")))

    assert pages.get(("a",), "2") is None


API = "/api/v1/papers/clip/"


@pytest.mark.parametrize("path", [API, "/api/v1/papers/", "/api/v1/search/?q=clip", "/api/v1/changes/"])
def test_a_read_of_the_api_is_made_once_a_version(client: Client, path: str) -> None:
    paper = make_paper(name="CLIP")
    first = client.get(path)

    again: list[Any] = []
    assert queries(lambda: again.append(client.get(path))) == 1
    assert again[0].content == first.content == Client().get(path).content
    assert again[0].headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    make_revision("paper", entry=paper, title="A second title")
    assert b"A second title" in client.get(path).content


def test_each_read_of_the_api_is_counted_and_shows_the_remaining_quota(client: Client) -> None:
    make_paper(name="CLIP")
    cache.clear()
    with override_settings(API_RATES={**settings.API_RATES, "anonymous": (3, 60)}):
        answers = [client.get(path) for path in (API, API, "/papers/clip/", API, API, API)]

    assert [one.status_code for one in answers] == [200, 200, 200, 200, 429, 429]
    assert [one.headers.get("RateLimit", "").partition(";t")[0] for one in answers] == [
        '"anonymous";r=2', '"anonymous";r=1', "", '"anonymous";r=0', '"anonymous";r=0', '"anonymous";r=0',
    ]  # fmt: skip
    assert "Retry-After" in answers[-1].headers


def test_a_read_with_a_token_or_a_session_is_nobody_elses(client: Client) -> None:
    make_paper(name="CLIP")
    ada = contributor()
    token = {"Authorization": f"Bearer {make_token(user=ada, name='mine', scopes=['read'], days=7)[1]}"}
    client.get(API)

    for reader, headers in ((client, token), (signed_in(ada), {})):
        for _ in range(2):
            answer = reader.get(API, headers=headers)
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache")
    assert client.get(API).headers["Cache-Control"].startswith("public")
    assert client.get(API, headers={"Authorization": "Bearer none-such"}).status_code == 401
    assert client.get("/api/v1/proposals/").status_code == 401


def test_another_format_is_another_answer(client: Client) -> None:
    make_paper(name="CLIP")
    path = "/api/v1/papers/"
    kinds = [client.get(path, headers={"Accept": kind}).headers["Content-Type"] for kind in ("*/*", "text/csv") * 2]

    assert [kind.partition(";")[0] for kind in kinds] == ["application/json", "text/csv"] * 2


def test_readers_of_other_sites_may_read_what_is_held(client: Client) -> None:
    make_paper(name="CLIP")
    for _ in range(2):
        assert (
            client.get(API, headers={"Origin": "https://other.example"}).headers["Access-Control-Allow-Origin"] == "*"
        )


def test_a_precondition_of_a_writer_is_not_answered_from_memory(client: Client) -> None:
    make_paper(name="CLIP")
    tag = client.get(API).headers["ETag"]

    assert client.get(API, headers={"If-Match": tag}).status_code == 200


@override_settings(PAGE_CACHE_MB=0)
def test_it_can_be_turned_off() -> None:
    make_paper(name="CLIP")
    client = Client()
    client.get(PAGE)

    assert queries(lambda: client.get(PAGE)) > 1


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[CacheKey]:
    """The keys of what is put into the cache."""
    keys: list[CacheKey] = []
    monkeypatch.setattr(ResponseCache, "put", lambda cache, key, version, page: keys.append(key))
    return keys


PAGES = (
    *("/", "/about/", "/search/", "/changes/", "/papers/", "/papers/clip/", "/papers/clip/history/"),
    *("/papers/clip/blame/", "/feeds/", "/export/", "/robots.txt", "/llms.txt", "/sitemap.xml"),
)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("query", ["anything=1", "utm_source=x", "fbclid=1", "q=a&Q=a", "%00=1", "=1", "page=1&x"])
def test_unknown_parameters_take_no_room(page: str, query: str, client: Client, stored: list[CacheKey]) -> None:
    make_paper(name="CLIP")
    response = client.get(f"{page}?{query}")
    assert (response.status_code < 500, stored) == (True, [])


@pytest.mark.parametrize("page", PAGES[:8])
def test_known_parameters_are_cached(page: str, client: Client, stored: list[CacheKey]) -> None:
    make_paper(name="CLIP")
    client.get(f"{page}?page=1")
    assert [key[2:4] for key in stored] == [(page, "page=1")]


@pytest.mark.parametrize("page", ["/search/?q=", "/papers/?organisation=", "/papers/?as_of=2026-01-01&organisation="])
def test_a_long_key_takes_no_room(page: str, client: Client, stored: list[CacheKey]) -> None:
    client.get(f"{page}{'a' * 2_000}")
    assert stored == []


def test_a_long_media_type_takes_no_room(client: Client, stored: list[CacheKey]) -> None:
    client.get("/api/v1/papers/", HTTP_ACCEPT="application/json;x=" + "a" * 2_000)
    assert stored == []


LINKING = (
    *("/papers/", "/search/?q=clip", "/changes/", "/papers/clip/", "/papers/clip/history/"),
    *("/benchmarks/", "/benchmarks/mmmu/", "/benchmarks/mmmu/leaderboard/", "/results/"),
    "/benchmarks/mmmu/leaderboard/?year=2000",
)


@pytest.mark.parametrize("page", LINKING)
def test_the_links_of_a_page_are_cached(page: str, client: Client) -> None:
    """What the site itself links to has no parameter that the cache takes for unknown."""
    make_paper(name="CLIP")
    metrics = [{"name": "Accuracy", "direction": "higher"}, {"name": "F1", "direction": "higher"}]
    make_benchmark(name="MMMU", metrics=metrics, splits=[{"name": "val"}, {"name": "test"}])
    for metric, split in (("Accuracy", "val"), ("F1", "val"), ("F1", "test")):
        make_result(paper="clip", benchmark="mmmu", metric=metric, split=split, value="1")
    html = client.get(page).content.decode()
    names = {name for link in re.findall(r'href="[^"]*[?]([^"]+)"', html) for name in QueryDict(unescape(link))}
    fields = set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', html))
    assert (names | fields) - known_parameters() - {"csrfmiddlewaretoken", "next"} == set()


def test_keys_count_as_memory() -> None:
    cache = ResponseCache(10_000)
    cache.get(("",), "1")
    for number in range(100):
        cache.put((str(number) * 400,), "1", CachedResponse(HttpResponse("x")))
    assert (len(cache.responses) < 5, cache.size <= 10_000) == (True, True)
