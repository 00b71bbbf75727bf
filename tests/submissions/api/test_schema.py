"""The proposals API conforms to its OpenAPI schema."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.engine import events

from accounts.models import User
from accounts.tokens import make_token
from catalog.api.describing import schema
from tests.people import contributor, moderator, propose

CASES = int(os.environ.get("API_CASES", "0"))
"""Cases per operation and phase: by default one for some operations; if set, so many for all."""

ALL = r"^/api/v1/(proposals|lists)/"
FEW = r"^/api/v1/(proposals/(|parse/|batch/|{id}/)|lists/check/)$"
OPERATIONS = [
    (method, path, operation)
    for path, methods in schema()["paths"].items()
    if path.startswith(("/api/v1/proposals/", "/api/v1/lists/"))
    for method, operation in methods.items()
]


@schemathesis.serializer("application/jsonl", "application/x-ndjson")
def json_lines(context: Any, value: Any) -> bytes:
    """Send JSON Lines as the text itself."""
    return str(value).encode("utf-8", "replace")


@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[f"{method} {path}" for method, path, _ in OPERATIONS]
)
def test_every_operation_has_a_summary_examples_and_its_problems(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    success = operation["responses"]["201" if operation["operationId"] == "propose" else "200"]

    assert operation["summary"]
    assert success["content"]["application/json"]["examples"]
    assert {"400", "401", "403", "429"} <= set(operation["responses"])
    anybody: list[Any] = [{}] if operation["operationId"] == "checkList" else []
    assert operation["security"] == [{"token": []}, {"cookieAuth": []}, *anybody]
    if method != "get":
        assert operation["requestBody"]["required"]
        assert all(body["examples"] for body in operation["requestBody"]["content"].values())


def failures(address: str, headers: dict[str, str]) -> Iterator[str]:
    """Yield what schemathesis finds in all its phases.

    Whether a request that the schema allows is accepted is not checked: only the kind's form judges a payload.
    """
    described = schemathesis.openapi.from_dict(schema())
    described.config.update(base_url=address, headers=headers)
    described.config.generation.update(max_examples=CASES or 1, deterministic=not CASES)
    described.config.checks.positive_data_acceptance.enabled = False
    for event in engine.from_schema(described.include(path_regex=ALL if CASES else FEW)).execute():
        if isinstance(event, events.FatalError | events.NonFatalError):
            yield str(event)
        if isinstance(event, events.ScenarioFinished):
            for case, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info:
                        failure = check.failure_info.failure
                        yield f"{failure.operation}: {failure.title}: {failure.message} ({event.recorder.cases[case]})"


def headers_of(who: User | None) -> dict[str, str]:
    if who is None:
        return {}
    scopes = ["read", "propose", "moderate"] if who.is_staff else ["read", "propose"]
    return {"Authorization": f"Bearer {make_token(user=who, name='all', scopes=scopes, days=7)[1]}"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["a moderator", "the author", "a visitor"] if CASES else ["a moderator"])
def test_no_request_fails_or_is_answered_otherwise_than_described(live_server: Any, settings: Any, who: str) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (1_000_000, 600))
    settings.API_RATES = dict.fromkeys(settings.API_RATES, (1_000_000, 60))
    for number in range(3):
        propose(name=f"Vim {number}")
    people = {"a moderator": moderator(), "the author": contributor(), "a visitor": None}

    assert list(failures(live_server.url, headers_of(people[who]))) == []
