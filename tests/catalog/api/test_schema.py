"""The OpenAPI schema, and that the API conforms to it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings as site
from django.core.management import call_command
from drf_spectacular.plumbing import ComponentRegistry
from schemathesis import engine
from schemathesis.engine import events

from catalog.api.base import ReadView
from catalog.api.describing import schema
from catalog.api.payloads import payload_schema
from catalog.api.schema import Component, with_refs
from catalog.kinds import KINDS
from tests.people import person, signed_in

CASES = int(os.environ.get("API_CASES", "0"))
"""Cases per operation and phase: by default one for some kinds; if set, so many for all."""

FEW = r"^/api/v1/(components/.*|search/|changes/|vocabularies/{name}/)$"
READS = [(path, operation) for path, methods in schema()["paths"].items() if (operation := methods.get("get"))]


def test_the_schema_is_valid_and_has_no_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate")

    assert capsys.readouterr().out.startswith("openapi: 3.1.1")


@pytest.mark.parametrize(("path", "operation"), READS, ids=[path for path, _ in READS])
def test_every_read_has_a_summary_an_example_and_its_problems(path: str, operation: dict[str, Any]) -> None:
    success = operation["responses"]["200"]["content"]["application/json"]

    assert operation["summary"]
    assert success["examples"]
    assert {"304", "400", "406", "429"} <= set(operation["responses"])


def test_every_address_of_a_kind_is_described() -> None:
    for kind in KINDS.values():
        base = f"/api/v1/{kind.plural}/"
        assert {base, f"{base}{{slug}}/", f"{base}{{slug}}/revisions/"} <= set(schema()["paths"])


def test_a_component_is_listed_once_and_referred_to() -> None:
    named = schema()["components"]["schemas"]
    answer = schema()["paths"]["/api/v1/papers/{slug}/"]["get"]["responses"]["200"]["content"]["application/json"]

    assert answer["schema"] == {"$ref": "#/components/schemas/Paper"}
    assert named["Paper"]["properties"]["fields"] == {"$ref": "#/components/schemas/PaperFields"}
    assert named["PaperFields"] == payload_schema(KINDS["paper"])


def test_a_second_component_of_the_same_name_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    auto_schema: Any = ReadView().schema
    auto_schema.registry = ComponentRegistry()

    with_refs([Component("Colour", {"type": "string"}), Component("Colour", {"type": "integer"})], auto_schema)

    assert 'identical names "Colour"' in capsys.readouterr().err


def test_rows_of_a_stream_are_described_as_text_or_as_an_array() -> None:
    content = schema()["paths"]["/api/v1/papers/"]["get"]["responses"]["200"]["content"]

    assert {media: one["schema"].get("type") for media, one in content.items()} == {
        "application/json": "object",
        "text/csv": "string",
        "application/jsonl": "string",
        "application/x-bibtex": "string",
        "application/x-research-info-systems": "string",
        "application/vnd.citationstyles.csl+json": "array",
    }


def failures(address: str, headers: dict[str, str]) -> Iterator[str]:
    """Yield what schemathesis finds in all its phases: examples, coverage, fuzzing and stateful.

    It does not check that every request valid by the schema is accepted: a cursor of another list, or two parameters
    that cannot be combined, are refused, and JSON Schema cannot express that.
    """
    described = schemathesis.openapi.from_dict(schema())
    described.config.update(base_url=address, headers=headers)
    described.config.generation.update(max_examples=CASES or 1, deterministic=not CASES)
    described.config.checks.positive_data_acceptance.enabled = False
    operations = described.include(method="GET") if CASES else described.include(method="GET", path_regex=FEW)
    for event in engine.from_schema(operations).execute():
        if isinstance(event, events.FatalError | events.NonFatalError):
            yield str(event)
        if isinstance(event, events.ScenarioFinished):
            for case, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info:
                        failure = check.failure_info.failure
                        yield f"{failure.operation}: {failure.title}: {failure.message} ({event.recorder.cases[case]})"


@pytest.mark.parametrize("reader", ["anonymous", "signed in"] if CASES else ["anonymous"])
def test_no_request_fails_or_is_answered_otherwise_than_described(served: str, reader: str) -> None:
    headers = {}
    if reader == "signed in":
        cookie = signed_in(person("ada")).cookies[site.SESSION_COOKIE_NAME].value
        headers = {"Cookie": f"{site.SESSION_COOKIE_NAME}={cookie}"}

    assert list(failures(served, headers)) == []
