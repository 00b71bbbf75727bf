"""A request sent twice with one key is carried out once, even concurrently and by several processes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.utils import timezone

from submissions.api.idempotency import RETENTION
from submissions.api.models import IdempotentRequest
from submissions.models import Event, Proposal
from tests.at_once import at_once
from tests.people import contributor, moderator, person, propose
from tests.submissions.api.conftest import API, ApiClient, by_session, by_token

pytestmark = pytest.mark.django_db

CSRF_TOKEN = "x" * 32
BODY = {"kind": "paper", "fields": {"name": "Vim"}, "source": "The report"}


def keyed(client: ApiClient, body: Any = BODY, key: str = "k-1", path: str = API) -> Any:
    return client.send("POST", path, body, Idempotency_Key=key)


def test_a_repetition_gets_the_first_answer() -> None:
    client = by_token(contributor())
    first, second = keyed(client), keyed(client)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert [second[name] for name in ("Location", "ETag")] == [first[name] for name in ("Location", "ETag")]
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert Proposal.objects.count() == 1


def with_csrf_token(client: ApiClient) -> ApiClient:
    """A client with a session whose requests are checked as those of a browser are."""
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = CSRF_TOKEN
    client.defaults["HTTP_X_CSRFTOKEN"] = CSRF_TOKEN
    return client


@pytest.mark.parametrize("checked", [with_csrf_token, lambda client: client], ids=["with CSRF", "without"])
@pytest.mark.parametrize("path", [API, f"{API}batch/"])
def test_a_session_may_use_a_key_too(checked: Callable[[ApiClient], ApiClient], path: str) -> None:
    client = checked(by_session(contributor()))
    media = "application/jsonl" if path.endswith("batch/") else "application/json"
    answers = [
        client.generic("POST", path, orjson.dumps(BODY), media, headers={"Idempotency-Key": "k-1"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200 if path.endswith("batch/") else 201] * 2
    assert answers[0].json() == answers[1].json()
    assert ("Idempotency-Replayed" in answers[0], answers[1]["Idempotency-Replayed"]) == (False, "true")
    assert Proposal.objects.count() == 1


def test_a_verb_by_a_session_is_carried_out_once() -> None:
    proposal, client = propose(name="Vim"), with_csrf_token(by_session(moderator()))
    path = f"{API}{proposal.pk}/comment/"
    answers = [keyed(client, {"comment": "Which table?"}, path=path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Event.objects.filter(verb="comment").count() == 1


def test_another_body_under_the_same_key_is_refused() -> None:
    client = by_token(contributor())
    keyed(client)
    answer = keyed(client, {"kind": "paper", "fields": {"name": "Vision Mamba"}, "source": "The report"})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("#problem-idempotency-key-reused")
    assert Proposal.objects.count() == 1


def test_a_key_belongs_to_one_account() -> None:
    assert keyed(by_token(contributor())).json()["author"] == "ada"
    assert keyed(by_token(person("bob"))).json()["author"] == "bob"


def test_what_failed_may_be_tried_again_under_its_key() -> None:
    client = by_token(contributor())
    assert keyed(client, {"kind": "paper", "fields": {"name": ""}, "source": "The report"}).status_code == 422
    assert not IdempotentRequest.objects.exists()
    assert keyed(client).status_code == 201


def test_a_verb_is_carried_out_once() -> None:
    proposal, client = propose(name="Vim"), by_token(moderator())
    path = f"{API}{proposal.pk}/comment/"
    answers = [keyed(client, {"comment": "Which table?"}, path=path).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert Event.objects.filter(verb="comment").count() == 1


def test_a_key_is_forgotten_after_a_day() -> None:
    client = by_token(contributor())
    keyed(client)
    IdempotentRequest.objects.update(created_at=timezone.now() - RETENTION - timedelta(seconds=1))
    answer = keyed(client, {"kind": "paper", "fields": {"name": "Vision Mamba"}, "source": "The report"})
    assert (answer.status_code, IdempotentRequest.objects.count()) == (201, 1)


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb"])
def test_a_bad_key_is_a_400(key: str) -> None:
    answer = keyed(by_token(contributor()), key=key)
    assert (answer.status_code, Proposal.objects.count()) == (400, 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_carried_out() -> None:
    clients = [by_token(contributor())] * 5
    answers = at_once(*[lambda client=client: keyed(client) for client in clients])

    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert Proposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_different_ones_at_once_one_wins() -> None:
    client = by_token(contributor())
    answers = at_once(
        lambda: keyed(client),
        lambda: keyed(client, {"kind": "paper", "fields": {"name": "Vision Mamba"}, "source": "The report"}),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert Proposal.objects.count() == 1
