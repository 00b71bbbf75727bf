"""How the Python client sends: when again, with which tags, and what it makes of strange answers."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import httpx
import pytest
from vlm_portal_client import Invalid, Portal, Problem, TooManyRequests, UnexpectedAnswer, Unreachable

from tests.clients.network import DRAFT, PROBLEM, SITE, Answer, Network, ok, portal, problem


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client waited: time is what the test says."""
    waited: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: sum(waited), sleep=waited.append)
    monkeypatch.setattr("vlm_portal_client.transport.time", clock)
    return waited


def test_a_busy_portal_is_asked_again_when_it_says(waits: list[float]) -> None:
    network = Network(problem(429, Retry_After="7"), problem(503, Retry_After="2"), ok({"papers": SITE}))

    assert portal(network).read("") == {"papers": SITE}
    assert waits == [7.0, 2.0]
    assert len(network.requests) == 3


def test_a_date_says_when_too(waits: list[float]) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    portal(Network(problem(503, Retry_After=then), ok())).read("")

    assert 28 < waits[0] <= 30


def test_who_would_have_to_wait_too_long_is_told_how_long(waits: list[float]) -> None:
    network = Network(problem(429, Retry_After="600"))
    with pytest.raises(TooManyRequests) as caught:
        portal(network, patience=60).read("")

    assert (caught.value.retry_after, waits, len(network.requests)) == (600.0, [], 1)


@pytest.mark.parametrize("header", ["soon", "", "-1", "१"])
def test_a_time_that_is_none_is_one_by_chance_and_doubling(header: str, waits: list[float]) -> None:
    network = Network(httpx.Response(503, json=PROBLEM, headers=[(b"Retry-After", header.encode())]))
    with pytest.raises(Problem):
        portal(network).read("")

    assert len(network.requests) == 5
    for longest, wait in zip([0.5, 1, 2, 4], waits, strict=True):
        assert longest / 2 <= wait <= longest


def test_a_hung_portal_is_asked_again_and_given_up(waits: list[float]) -> None:
    network = Network(httpx.ReadTimeout("timed out"))
    with pytest.raises(Unreachable, match=r"^https://portal\.example\.org/api/v1/ does not answer: timed out\.$"):
        portal(network).read("")

    assert len(network.requests) == 5


def test_patience_ends_with_the_time_that_the_tries_took(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        waits.append(31.0)
        raise httpx.ReadTimeout("timed out")

    network = httpx.MockTransport(slow)
    with pytest.raises(Unreachable):
        Portal(SITE, network=network, patience=60).read("")

    assert waits.count(31.0) == 2


def test_an_answer_that_comes_drop_by_drop_is_given_up(waits: list[float]) -> None:
    def drops() -> Iterator[bytes]:
        while True:
            waits.append(29.0)
            yield b" "

    network = httpx.MockTransport(lambda request: httpx.Response(200, content=drops()))
    with pytest.raises(Unreachable, match="comes so slowly"):
        Portal(SITE, network=network, timeout=30, patience=60).read("")

    assert waits == [29.0] * 4


Call = Callable[[Portal], object]


@pytest.mark.parametrize(
    ("failure", "call", "tries"),
    [
        (problem(500), lambda portal: portal.read(""), 1),
        (problem(502), lambda portal: portal.read(""), 2),
        (problem(504), lambda portal: portal.parse("x"), 2),
        (problem(409), lambda portal: portal.parse("x"), 1),
        (problem(409, Retry_After="5"), lambda portal: portal.parse("x"), 2),
        (problem(422), lambda portal: portal.parse("x"), 1),
        (httpx.ReadError("reset"), lambda portal: portal.parse("x"), 2),
        (httpx.ConnectError("refused"), lambda portal: portal.revise(1, {}), 2),
        (httpx.ReadError("reset"), lambda portal: portal.revise(1, {}), 1),
        (problem(504), lambda portal: portal.revise(1, {}), 1),
        (problem(429), lambda portal: portal.revise(1, {}), 2),
    ],
    ids=lambda value: getattr(value, "status_code", "") or type(value).__name__,
)
def test_what_may_have_been_done_is_sent_again_only_if_that_does_it_once(
    failure: Answer, call: Call, tries: int
) -> None:
    network = Network(failure, ok(DRAFT))
    with suppress(Problem, Unreachable, UnexpectedAnswer):
        call(portal(network))

    assert len(network.requests) == tries


def test_a_repeated_post_has_the_same_key_and_the_next_call_another() -> None:
    network = Network(problem(503, Retry_After="1"), ok(DRAFT))
    reader = portal(network, token="vlmp_x")
    reader.parse("x")
    reader.parse("x")
    first, again, other = (request.headers["Idempotency-Key"] for request in network.requests)

    assert first == again != other
    assert {request.headers["Authorization"] for request in network.requests} == {"Bearer vlmp_x"}


def test_an_error_says_what_is_wrong_with_which_value() -> None:
    errors = {"source": ["Give a source."], "fields": {"links": ["row 1, url: no URL.", "row 2: twice."]}}
    network = Network(
        httpx.Response(422, json={**PROBLEM, "title": "Unprocessable content", "errors": errors, "more": 1})
    )
    with pytest.raises(Invalid) as caught:
        portal(network).propose("paper", {"name": "X"})

    error = caught.value
    assert (error.status, error.type, error.errors) == (422, PROBLEM["type"], errors)
    assert error.members["more"] == 1
    assert str(error).split("\n") == [
        "422 Unprocessable content: Come back later.",
        "  source: Give a source.",
        "  fields.links: row 1, url: no URL.",
        "  fields.links: row 2: twice.",
    ]


@pytest.mark.parametrize("content", [b"<html>Sorry", b"\xff\xfe", b"[1]", b'{"error": 1}'])
def test_an_error_of_somebody_else_says_whose(content: bytes) -> None:
    network = Network(httpx.Response(403, content=content, headers={"Content-Type": "text/html"}))
    with pytest.raises(
        Problem, match=r"^403 Forbidden: https://portal.example.org/api/v1/ answers with text/html, no problem"
    ):
        portal(network).read("")


@pytest.mark.parametrize("content", [b"<html>Welcome", b"", b"[1]", b'"text"', b"NaN", b"[" * 100_000])
def test_an_answer_without_an_object_is_no_answer_of_a_portal(content: bytes) -> None:
    network = Network(httpx.Response(200, content=content, headers={"Content-Type": "text/html"}))
    with pytest.raises(UnexpectedAnswer, match=r"/api/v1/ answers with text/html and no JSON object: is there a"):
        portal(network).read("")


@pytest.mark.parametrize(
    "address",
    ["portal.example.org", "", "ftp://portal.example.org", "https://", "/api", f"{SITE}/?q=x", f"{SITE}/#top"],
)
def test_an_address_must_be_one(address: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a portal, such as https://"):
        Portal(address)


@pytest.mark.parametrize("address", ["https://[::1", "https://a.example:port", "https://a\n.example"])
def test_an_address_that_cannot_be_read_says_why(address: str) -> None:
    with pytest.raises(ValueError, match="is no address: Invalid "):
        Portal(address)


def test_what_is_kept_is_asked_for_with_its_tag() -> None:
    network = Network(ok({"name": "a"}, ETag='W/"1"'), httpx.Response(304), ok({"name": "b"}, ETag='W/"2"'))
    reader = portal(network)
    answers = [reader.read("papers/clip/", fields=None) for _ in range(3)]

    assert answers == [{"name": "a"}, {"name": "a"}, {"name": "b"}]
    assert [request.headers.get("If-None-Match") for request in network.requests] == [None, 'W/"1"', 'W/"1"']


def test_who_changes_an_answer_does_not_change_what_is_kept() -> None:
    reader = portal(Network(ok({"fields": {}}, ETag='W/"1"'), httpx.Response(304)))
    reader.read("papers/clip/")["fields"]["name"] = "changed"

    assert reader.read("papers/clip/") == {"fields": {}}


def test_only_the_answers_used_last_are_kept() -> None:
    network = Network(ok({}, ETag='W/"1"'))
    reader = portal(network)
    for number in [*range(100), 0, 100, 0, 1]:
        reader.read(f"papers/{number}/")

    assert [request.headers.get("If-None-Match") for request in network.requests[100:]] == [
        'W/"1"',
        None,
        'W/"1"',
        None,
    ]


def test_a_large_answer_is_not_kept() -> None:
    network = Network(ok({"text": "x" * 1_000_001}, ETag='W/"1"'))
    reader = portal(network)
    reader.read("a/")
    reader.read("a/")

    assert "If-None-Match" not in network.requests[1].headers


def test_a_token_does_not_follow_to_another_host() -> None:
    moved = httpx.Response(308, headers={"Location": "https://elsewhere.example/api/v1/papers/clip/"})
    network = Network(moved, ok())
    portal(network, token="vlmp_x").read("papers/klip/")

    assert network.requests[1].url.host == "elsewhere.example"
    assert "Authorization" not in network.requests[1].headers


def test_a_body_does_not_follow_at_all() -> None:
    network = Network(httpx.Response(308, headers={"Location": "https://elsewhere.example/"}), ok(DRAFT))
    with pytest.raises(Problem, match=r"^308 Permanent Redirect"):
        portal(network).parse("x")

    assert len(network.requests) == 1


def test_a_circle_of_addresses_ends() -> None:
    network = Network(httpx.Response(308, headers={"Location": f"{SITE}/api/v1/papers/a/"}))
    with pytest.raises(UnexpectedAnswer, match=r"/papers/a/ leads from one address to another without end\.$"):
        portal(network).read("papers/a/")

    assert len(network.requests) == 21
