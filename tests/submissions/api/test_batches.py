"""Many proposals in one request: one batch, with a result per line."""

from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from submissions.api import batches
from submissions.api.idempotency import MAX_RUN_TIME
from submissions.api.models import IdempotentRequest
from submissions.models import LATER, Batch, Proposal
from tests.factories import make_paper
from tests.people import contributor
from tests.submissions.api.conftest import API, SOURCE, by_token

pytestmark = pytest.mark.django_db
BATCH = f"{API}batch/"


def sent(*lines: Any, media: str = "application/jsonl", path: str = BATCH, **headers: str) -> Any:
    text = b"\n".join(line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    return by_token(contributor()).post(path, text, content_type=media, headers=headers)


def new(name: str) -> dict[str, Any]:
    return {"kind": "paper", "fields": {"name": name}, "source": SOURCE}


def test_each_line_has_its_result() -> None:
    make_paper(name="BLIP-2", year=2024)
    edit = {"kind": "paper", "action": "edit", "slug": "blip-2", "fields": {"year": 2023}, "source": SOURCE}
    answer = sent(
        new("Vim"),
        b"",
        b"{",
        new(""),
        {**new("X"), "kind": "film"},
        edit,
        {**edit, "slug": "nothing"},
        b"[]",
        new("Vim"),
    )

    body = answer.json()
    assert (answer.status_code, body["accepted"], body["refused"]) == (200, 2, 6)
    assert [(row["line"], row["status"]) for row in body["results"]] == [
        (1, 201),
        (3, 400),
        (4, 422),
        (5, 422),
        (6, 201),
        (7, 422),
        (8, 400),
        (9, 409),
    ]
    assert body["results"][2]["problem"]["errors"] == {"fields": {"name": ["This field is required."]}}
    assert body["results"][2]["problem"]["instance"] == f"{BATCH}#line-4"
    batch = Batch.objects.get()
    assert (batch.pk, batch.name, batch.author) == (body["batch"], "Sent through the API", contributor())
    assert list(Proposal.objects.order_by("pk").values_list("name", "action", "priority", "batch")) == [
        ("Vim", "create", LATER, batch.pk),
        ("BLIP-2", "edit", LATER, batch.pk),
    ]
    assert body["results"][0]["proposal"] == Proposal.objects.order_by("pk")[0].pk


def test_where_no_line_is_accepted_nothing_is_left() -> None:
    answer = sent(new(""), b"{")
    assert (answer.status_code, [row["status"] for row in answer.json()["results"]]) == (422, [422, 400])
    assert not Batch.objects.exists()


@pytest.mark.parametrize("lines", [[], [b"", b"  "]])
def test_an_empty_body_is_refused(lines: list[bytes]) -> None:
    assert sent(*lines).status_code == 422


def test_there_is_an_end_to_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "loads", lambda text: pytest.fail("no line is read before they are counted"))
    answer = sent(*[new(f"Paper {number}") for number in range(1001)])
    assert (answer.status_code, answer.json()["detail"]) == (413, "That is more than 1,000 lines; bring them in parts.")
    assert not Proposal.objects.exists()


def test_a_batch_has_a_name_and_another_media_type_is_fine() -> None:
    sent(new("Vim"), media="application/x-ndjson", path=f"{BATCH}?name=From+my+notes")
    assert Batch.objects.get().name == "From my notes"


def test_other_media_types_and_parameters_are_not() -> None:
    assert sent(new("Vim"), media="text/plain").status_code == 415
    assert sent(new("Vim"), path=f"{BATCH}?nam=x").status_code == 400


def test_a_batch_sent_twice_is_one() -> None:
    first, second = (sent(new("Vim"), **{"Idempotency-Key": "b"}) for _ in range(2))
    assert first.json() == second.json()
    assert Batch.objects.count() == 1


def test_a_line_costs_a_bounded_number_of_queries() -> None:
    sent(new("Vim"))
    costs = []
    for start, count in ((0, 1), (100, 11)):
        with CaptureQueriesContext(connection) as queries:
            sent(*[new(f"Quite another {number}") for number in range(start, start + count)])
        costs.append(len(queries))
    assert (costs[1] - costs[0]) / 10 <= 20


def test_a_second_one_must_wait_while_the_first_is_in_progress() -> None:
    sent(new("Vim"), **{"Idempotency-Key": "b"})
    IdempotentRequest.objects.update(status=None)

    answer = sent(new("Vim"), **{"Idempotency-Key": "b"})
    assert (answer.status_code, answer["Retry-After"]) == (409, "5")

    IdempotentRequest.objects.update(created_at=timezone.now() - MAX_RUN_TIME)  # its process died
    answer = sent(new("Vim"), new("Vim 2"), **{"Idempotency-Key": "b"})
    assert [row["status"] for row in answer.json()["results"]] == [409, 201]


def test_a_batch_that_failed_may_be_sent_again_under_its_key() -> None:
    assert sent(new(""), **{"Idempotency-Key": "b"}).status_code == 422
    assert sent(new("Vim"), **{"Idempotency-Key": "b"}).status_code == 200


def test_a_name_with_a_character_that_nobody_sees_is_refused() -> None:
    answer = sent(new("Vim"), path=f"{BATCH}?name=My%E2%80%8Bnotes")

    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"name": ["Holds the invisible character U+200B; remove it."]},
    )
    assert not Batch.objects.exists()


def test_a_json_array_is_taken_like_lines() -> None:
    answer = by_token(contributor()).post(
        BATCH, orjson.dumps([new("Vim"), "no object", new("")]), content_type="application/json; charset=utf-8"
    )

    body = answer.json()
    assert (answer.status_code, body["accepted"], body["refused"]) == (200, 1, 2)
    assert [(row["line"], row["status"]) for row in body["results"]] == [(1, 201), (2, 400), (3, 422)]
    assert Proposal.objects.get().name == "Vim"


@pytest.mark.parametrize(
    ("body", "status"), [(b'{"kind": "paper"}', 400), (b"3", 400), (b"[]", 422), (b"", 422), (b"[", 400)]
)
def test_json_that_is_no_array_of_proposals_is_refused(body: bytes, status: int) -> None:
    assert by_token(contributor()).post(BATCH, body, content_type="application/json").status_code == status
