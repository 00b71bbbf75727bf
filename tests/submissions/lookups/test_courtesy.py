"""When a service is asked again: not before it allows it, and not too fast."""

import time

import pytest
from django.core.cache import cache
from django.utils.http import http_date
from requests import Response

from submissions.intake.lookups import courtesy
from submissions.intake.lookups.client import JSON, fetch
from submissions.intake.lookups.courtesy import in_words, pause, refuse_in_pause, seconds_to_wait, take_turn
from submissions.intake.lookups.sites import ARXIV, CHECK_THE_FORM, CROSSREF, SITES, NotFetched, Site
from tests.metadata_double import MetadataDouble

PLACE = Site("place", "The Place", ("place.example",))
OTHER = Site("other", "The Other", ("other.example",))


def reply(status: int, **headers: str) -> Response:
    """A response with these headers, whose names have underscores here."""
    response = Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def refusal(site: Site, url: str) -> str:
    with pytest.raises(NotFetched) as caught:
        fetch(site, url, JSON, time.monotonic() + 3)
    return str(caught.value)


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("response", "seconds"),
        [
            (reply(429, Retry_After="120"), 120),
            (reply(429, Retry_After="0"), 0),
            (reply(429, Retry_After="9" * 400), 3600),
            (reply(429, Retry_After="soon"), 60),
            (reply(429, Retry_After="-5"), 60),
            (reply(429, Retry_After="٣"), 60),
            (reply(429), 60),
            (reply(429, Retry_After="Mon, 01 Jan 2001 00:00:00 GMT"), 1),
            (reply(503, Retry_After="30"), 30),
            (reply(503), None),
            (reply(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="4102444800"), 3600),
            (reply(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="soon"), 60),
            (reply(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="9" * 400), 3600),
            (reply(403, X_RateLimit_Remaining="0", X_RateLimit_Reset="9" * 5000), 3600),
            (reply(403, X_RateLimit_Remaining="12"), None),
            (reply(403), None),
            (reply(404, Retry_After="30"), None),
            (reply(200), None),
        ],
        ids=str,
    )
    def test_is_read_in_all_its_forms(self, response: Response, seconds: float | None) -> None:
        assert seconds_to_wait(response) == seconds

    def test_may_be_a_date(self) -> None:
        found = seconds_to_wait(reply(429, Retry_After=http_date(time.time() + 100)))

        assert found is not None
        assert 97 < found <= 100

    def test_nobody_asks_before(self, double: MetadataDouble) -> None:
        double.replies["/a"] = (429, {"Retry-After": "150"}, "")
        sentence = "The Place has been asked too often from here: wait 3 minutes, or fill in what is missing."

        assert refusal(PLACE, f"{double.url}/a") == sentence
        assert refusal(PLACE, f"{double.url}/b") == sentence
        assert double.requested == ["/a"]

    def test_other_services_are_asked(self, double: MetadataDouble) -> None:
        double.replies |= {"/a": (429, {}, ""), "/b": "hello"}
        refusal(PLACE, f"{double.url}/a")

        assert fetch(OTHER, f"{double.url}/b", JSON, time.monotonic() + 3) == b"hello"

    def test_a_service_that_fails_is_left_alone(self, double: MetadataDouble) -> None:
        double.replies |= {"/a": (500, {}, ""), "/b": "hello"}
        sentence = f"The Place answered with an error (500); {CHECK_THE_FORM}"

        assert [refusal(PLACE, f"{double.url}{path}") for path in ("/a", "/b")] == [sentence] * 2
        assert double.requested == ["/a"]

    def test_one_that_refuses_a_question_is_not(self, double: MetadataDouble) -> None:
        double.replies |= {"/a": (400, {}, ""), "/b": "hello"}
        refusal(PLACE, f"{double.url}/a")

        assert fetch(PLACE, f"{double.url}/b", JSON, time.monotonic() + 3) == b"hello"

    def test_a_pause_ends(self) -> None:
        pause(PLACE, "Not now.", 0.2)
        with pytest.raises(NotFetched, match=r"Not now\."):
            refuse_in_pause(PLACE)
        time.sleep(1.05)

        refuse_in_pause(PLACE)

    @pytest.mark.parametrize(("seconds", "words"), [(0, "a minute"), (60, "a minute"), (61, "2 minutes")])
    def test_is_told_in_minutes(self, seconds: float, words: str) -> None:
        assert in_words(seconds) == words


class TestTurns:
    def test_a_service_is_asked_once_in_its_interval(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(courtesy, "PATIENCE", 3.0)
        began = time.monotonic()

        for _ in range(2):
            take_turn(PLACE, began + 10)

        assert 0.9 < time.monotonic() - began < 1.5

    def test_services_do_not_wait_for_each_other(self) -> None:
        began = time.monotonic()

        for site in SITES:
            take_turn(site, began + 10)

        assert time.monotonic() - began < 0.5

    def test_nobody_waits_long(self) -> None:
        take_turn(ARXIV, time.monotonic() + 10)
        began = time.monotonic()

        with pytest.raises(NotFetched) as caught:
            take_turn(ARXIV, began + 10)

        assert str(caught.value) == f"Others are looking things up at arXiv just now; {CHECK_THE_FORM}"
        assert time.monotonic() - began <= courtesy.PATIENCE

    def test_nobody_waits_longer_than_there_is_time(self) -> None:
        take_turn(CROSSREF, time.monotonic() + 10)
        began = time.monotonic()

        with pytest.raises(NotFetched):
            take_turn(CROSSREF, began + 0.2)

        assert time.monotonic() - began < 0.3

    def test_all_of_it_is_in_the_cache_that_processes_share(self) -> None:
        take_turn(PLACE, time.monotonic() + 1)
        pause(PLACE, "Not now.", 60)

        assert (cache.get("lookup-turn:place"), cache.get("lookup-pause:place")) == (True, "Not now.")
