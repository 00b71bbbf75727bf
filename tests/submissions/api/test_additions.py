"""Additions over the API: beside `fields`, by the field that names something new."""

import json
from typing import Any

import pytest

from catalog.kinds.benchmark.model import Benchmark
from submissions.models import Proposal
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import contributor, moderator
from tests.submissions.api.conftest import API, SOURCE, by_token

pytestmark = pytest.mark.django_db
FIELDS = {"paper": "internvl2", "benchmark": "mathvista", "metric": "accuracy", "value": "58.3", "split": "testmini"}
TESTMINI = {"split": {"name": "testmini"}}
NEW: dict[str, Any] = {"kind": "result", "fields": FIELDS, "source": SOURCE}


@pytest.fixture(autouse=True)
def entries() -> None:
    make_benchmark(name="MathVista", metrics=[{"name": "accuracy"}], splits=[{"name": "test"}])
    make_paper(name="InternVL2")


def test_a_proposal_brings_the_row_along_and_shows_it() -> None:
    reply = by_token(contributor()).send("POST", API, {**NEW, "additions": TESTMINI})

    assert reply.status_code == 201
    assert reply.json()["additions"]["split"]["name"] == "testmini"
    approved = by_token(moderator()).send("POST", f"{API}{reply.json()['id']}/approve/", {})
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")
    assert [row["name"] for row in Benchmark.objects.get().splits] == ["test", "testmini"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"additions": ["testmini"]}, {"additions": ["Must be an object."]}),
        ({"additions": {"colour": {}}}, {"additions": ["colour: unknown; known are: variant, part, split, metric."]}),
        ({"addition": TESTMINI}, None),
        (
            {"additions": {"split": {"name": "mini"}}},
            {"additions": ["split: the proposal names “testmini”, and not “mini”: give both the same name."]},
        ),
    ],
)
def test_what_is_wrong_is_named(body: Any, errors: Any) -> None:
    reply = by_token(contributor()).send("POST", API, {**NEW, **body})
    assert reply.status_code == 422
    assert errors is None or reply.json()["errors"] == errors


def test_actions_without_fields_take_none() -> None:
    make_result(name="A result", split="test", **{key: FIELDS[key] for key in ("paper", "benchmark", "metric")})
    body = {"kind": "result", "action": "flag", "slug": "a-result", "comment": "Look.", "additions": TESTMINI}
    reply = by_token(contributor()).send("POST", API, body)
    assert reply.json()["errors"] == {"additions": ["There is nothing to add with this action (flag)."]}


def test_a_patch_keeps_them_and_may_replace_them() -> None:
    ada = by_token(contributor())
    made = ada.send("POST", API, {**NEW, "additions": TESTMINI}).json()
    url = f"{API}{made['id']}/"

    kept = ada.send("PATCH", url, {"fields": {"value": "59"}}).json()
    replaced = ada.send("PATCH", url, {"fields": {"split": "mini"}, "additions": {"split": {"name": "mini"}}}).json()
    dropped = ada.send("PATCH", url, {"fields": {"split": "test"}}).json()

    names = [row["additions"].get("split", {}).get("name") for row in (kept, replaced, dropped)]
    assert names == ["testmini", "mini", None]
    assert Proposal.objects.get().additions == {}


def test_a_batch_takes_them_too() -> None:
    lines = "\n".join(
        json.dumps({**NEW, "fields": {**FIELDS, "value": value}, "additions": TESTMINI}) for value in ("1", "2")
    )
    reply = by_token(contributor()).post(f"{API}batch/", lines, "application/jsonl")
    assert reply.json()["accepted"] == 2
