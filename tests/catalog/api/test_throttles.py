"""Rate limits of the API."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from catalog.api.throttles import QuotaUsage, count_request
from tests.people import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rates(settings: LazySettings) -> Any:
    settings.API_RATES = {"anonymous": (2, 3600), "signed-in": (3, 3600), "token": (4, 3600)}
    cache.clear()
    yield
    cache.clear()


def test_the_headers_say_what_is_left_and_the_last_is_refused(client: Client) -> None:
    answers = [client.get("/api/v1/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit"].split(";t=")[0] for answer in answers] == [
        '"anonymous";r=1',
        '"anonymous";r=0',
        '"anonymous";r=0',
    ]
    assert answers[0].headers["RateLimit-Policy"] == '"anonymous";q=2;w=3600'
    refusal = answers[2]
    assert refusal.json()["type"].endswith("#problem-too-many-requests")
    left = int(refusal.headers["RateLimit"].partition("t=")[2])
    assert 0 < int(refusal.headers["Retry-After"]) <= left


def test_an_account_has_a_tier_of_its_own(client: Client) -> None:
    for _ in range(3):
        client.get("/api/v1/")
    ada, eva = signed_in(person("ada")), signed_in(person("eva"))

    statuses = [ada.get("/api/v1/").status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert eva.get("/api/v1/").headers["RateLimit"].startswith('"signed-in";r=2')


def test_another_address_has_a_count_of_its_own(client: Client) -> None:
    for _ in range(3):
        client.get("/api/v1/")

    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_window_that_ends_gives_the_full_quota_again() -> None:
    assert count_request("anonymous", "x", (2, 3600), now=7199.5) == QuotaUsage("anonymous", 2, 3600, 1, 1)
    assert count_request("anonymous", "x", (2, 3600), now=7199.6).used == 2
    assert count_request("anonymous", "x", (2, 3600), now=7200.0) == QuotaUsage("anonymous", 2, 3600, 1, 3601)


def test_a_forwarded_address_is_not_believed_without_a_proxy(client: Client) -> None:
    answers = [client.get("/api/v1/", headers={"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_a_refusal_in_the_last_second_of_a_window_says_when_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.api.throttles.time.time", lambda: 7199.5)

    answers = [client.get("/api/v1/") for _ in range(3)]

    assert (answers[2].status_code, answers[2].headers["Retry-After"]) == (429, "1")
