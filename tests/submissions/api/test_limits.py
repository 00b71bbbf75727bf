"""Rate limits of proposals: 429 with Retry-After, and one count for pages and API."""

import pytest
from django.test import override_settings

from submissions.models import Proposal
from tests.people import contributor, person, signed_in
from tests.submissions.api.conftest import API, by_token

pytestmark = pytest.mark.django_db


def body(name: str) -> dict[str, object]:
    return {"kind": "paper", "fields": {"name": name}, "source": "The report"}


@override_settings(LIMITS={"propose": (2, 600)})
def test_proposing_too_often_is_reported_with_headers() -> None:
    client = by_token(contributor())
    answers = [client.send("POST", API, body(f"P{number}")) for number in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    last = answers[-1]
    assert last["Content-Type"] == "application/problem+json"
    assert 0 < int(last["Retry-After"]) <= 601
    assert last["RateLimit-Policy"] == '"propose";q=2;w=600'
    assert last["RateLimit"].startswith('"propose";r=0;t=')
    assert Proposal.objects.count() == 2
    assert by_token(person("bob")).send("POST", API, body("P")).status_code == 201


@override_settings(LIMITS={"propose": (1, 600), "paste": (1, 600)})
def test_pages_and_api_count_together() -> None:
    signed_in(contributor()).post("/contribute/papers/", {"submit": "1", "name": "Vim", "source": "The report"})
    assert by_token(contributor()).send("POST", API, body("Vim 2")).status_code == 429


@override_settings(API_RATES={"token": (1, 60), "signed-in": (1, 60), "anonymous": (1, 60)})
def test_a_token_has_its_tier() -> None:
    client = by_token(contributor())
    first, second = client.send("GET", API), client.send("GET", API)
    assert (first.status_code, first["RateLimit-Policy"]) == (200, '"token";q=1;w=60')
    assert (second.status_code, "Retry-After" in second) == (429, True)


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
@pytest.mark.parametrize("headers", [{}, {"Idempotency_Key": "k"}])
def test_a_body_that_is_too_large_is_not_read(headers: dict[str, str]) -> None:
    answer = by_token(contributor()).send("POST", API, body("x" * 100), **headers)
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (413, "problem-too-large")
    assert not Proposal.objects.exists()
