"""A list through the API: an account of every line, one batch, and how far it is."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from submissions.api import examples
from submissions.list_imports import ListImport
from submissions.models import Batch, Proposal
from submissions.workflow import importing_lists
from tests.background_work import run_tasks
from tests.factories import make_paper
from tests.people import contributor, moderator
from tests.submissions.api.conftest import API, by_token

pytestmark = pytest.mark.django_db
LIST = f"{API}list/"
TEXT = """# A list

## Papers

- **BLIP-2** (2023) - [Bridges frozen models](https://arxiv.org/abs/2301.12597)
- **New Model** (2024) - [A vision-language model](https://arxiv.org/abs/2409.12191)
- **Q-Former** (2023) - [Another name](https://arxiv.org/abs/2301.00009)
- **New model** (2024) - [The same](https://arxiv.org/abs/2409.12191)
- [Slides](slides.pdf)
"""
NO_ENTRY = "Nothing in it looks like an entry of a list or of a BibTeX file."
NOTHING_THERE = "Nothing can be proposed from these lines: 1, 8."
GIVEN = {"text": TEXT, "name": "My list", "source": "https://example.org/list"}


@pytest.fixture(autouse=True)
def known() -> None:
    link = {"kind": "arxiv", "label": ""}
    make_paper(name="BLIP-2", year=2022, links=[{**link, "url": "https://arxiv.org/abs/2301.12597"}])
    make_paper(name="Queries", links=[{**link, "url": "https://arxiv.org/abs/2301.00009"}])


def send(given: dict[str, Any], **headers: str) -> Any:
    return by_token(contributor()).send("POST", LIST, given, **headers)


def test_a_dry_run_accounts_for_every_line_and_keeps_nothing() -> None:
    answer = send({"text": TEXT, "dry_run": True})

    body = answer.json()
    counts = {"new": 1, "differs": 1, "question": 1, "again": 1, "unreadable": 1}
    assert (answer.status_code, body["import"], body["entries"]) == (200, None, 4)
    assert {outcome: body["counts"][outcome] for outcome in counts} == counts
    assert sum(body["counts"].values()) == len(body["lines"])
    by_line = {row["line"]: row for row in body["lines"]}
    assert {key: by_line[5][key] for key in ("outcome", "name", "kind", "url")} == {
        "outcome": "differs",
        "name": "BLIP-2",
        "kind": "paper",
        "url": f"{settings.SITE_URL}/papers/blip-2/",
    }
    assert [(one["key"], one["change"], one["live"], one["listed"]) for one in by_line[5]["changes"]] == [
        ("year", "list", 2022, 2023),
        ("summary", "list", "", "Bridges frozen models"),
    ]
    assert by_line[7]["outcome"] == "question"
    assert "It has the same arXiv id 2301.00009." in by_line[7]["message"]
    assert (by_line[8]["outcome"], by_line[8]["earlier"]) == ("again", 6)
    assert (by_line[9]["outcome"], by_line[9]["level"], by_line[9]["kind"]) == ("unreadable", "warning", "")
    assert by_line[9]["message"].startswith("“slides.pdf” is an address within the list’s own files")
    assert (Batch.objects.count(), ListImport.objects.count()) == (0, 0)


def test_what_is_new_or_differs_is_proposed() -> None:
    answer = send(GIVEN)

    imported, batch = answer.json()["import"], Batch.objects.get()
    assert (answer.status_code, answer["Location"]) == (200, imported["url"])
    assert list(batch.proposals.order_by("pk").values_list("name", "action", "source")) == [
        ("BLIP-2", "edit", GIVEN["source"]),
        ("New Model", "create", GIVEN["source"]),
    ]
    assert {key: imported[key] for key in ("batch", "total", "submitted", "refused", "left", "finished")} == {
        "batch": batch.pk,
        "total": 2,
        "submitted": 2,
        "refused": 0,
        "left": 0,
        "finished": True,
    }
    client = by_token(contributor())
    assert len(client.get(imported["proposals"]).json()["results"]) == 2
    assert client.get(imported["url"]).json() == imported
    assert client.get(imported["html_url"].replace(settings.SITE_URL, "")).status_code == 302  # to sign in


def test_a_named_line_answers_its_question() -> None:
    answer = send({**GIVEN, "lines": [7]})

    assert answer.json()["import"]["submitted"] == 1
    assert Proposal.objects.get().payload["aliases"] == ["Q-Former"]


def test_many_are_submitted_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_lists, "MAX_HERE", 1)

    answer = send(GIVEN)
    before = by_token(contributor()).get(answer["Location"]).json()
    run_tasks()
    after = by_token(contributor()).get(answer["Location"]).json()

    assert answer.status_code == 202
    assert [(one["submitted"], one["left"], one["finished"]) for one in (before, after)] == [
        (0, 2, False),
        (2, 0, True),
    ]


def test_sent_twice_it_is_one_list() -> None:
    first, second = send(GIVEN), send(GIVEN)
    third = send({**GIVEN, "name": "Another"})

    assert (second.status_code, second.json()["import"]) == (200, first.json()["import"])
    assert Proposal.objects.count() == 2
    assert [(row["line"], row["text"]) for row in third.json()["import"]["refusals"]] == [
        (5, "BLIP-2"),
        (6, "New Model"),
    ]


def test_a_key_makes_it_safe_to_repeat() -> None:
    first, second = (send(GIVEN, Idempotency_Key="one") for _ in range(2))

    assert (first.json(), second["Idempotency-Replayed"]) == (second.json(), "true")


@pytest.mark.parametrize(
    ("given", "kind", "errors"),
    [
        (
            {**GIVEN, "text": " "},
            "unreadable",
            {"text": ["Nothing in it looks like an entry of a list or of a BibTeX file."]},
        ),
        (
            {**GIVEN, "text": "x" * 3_000_001},
            "unreadable",
            {"text": ["That is more than 3 megabytes: bring it in parts."]},
        ),
        (
            {**GIVEN, "source": ""},
            "invalid-fields",
            {"source": ["Say where the list stands: an address, or words that lead there."]},
        ),
        (
            {**GIVEN, "name": ""},
            "invalid-fields",
            {"name": ["Give the batch a name, for you and for the reviewers."]},
        ),
        (
            {**GIVEN, "lines": [8, 5, 1]},
            "invalid-fields",
            {"lines": ["Nothing can be proposed from these lines: 1, 8."]},
        ),
        ({**GIVEN, "lines": [True]}, "invalid-fields", {"lines": ["Must be a list of whole numbers."]}),
        ({**GIVEN, "dry_run": "yes"}, "invalid-fields", {"dry_run": ["Must be true or false."]}),
        ({**GIVEN, "text": "- [Slides](slides.pdf)"}, "nothing-to-propose", None),
    ],
)
def test_what_is_wrong_is_said_by_member(given: dict[str, Any], kind: str, errors: Any) -> None:
    answer = send(given)

    body = answer.json()
    assert (answer.status_code, body["type"].rpartition("problem-")[2], body.get("errors")) == (422, kind, errors)
    assert Batch.objects.count() == 0


def test_it_is_for_its_author_and_moderators() -> None:
    address = send(GIVEN)["Location"]

    people = (contributor(), moderator(), contributor("grace"))
    assert [by_token(one).get(address).status_code for one in people] == [200, 200, 404]
    assert by_token(contributor(), "read").send("POST", LIST, GIVEN).status_code == 403
    assert by_token(contributor()).get(f"{LIST}999/").status_code == 404


def test_many_cost_no_more_queries_than_few() -> None:
    counts = []
    client = by_token(contributor())
    for many in (3, 60):
        text = "".join(f"@misc{{k{n}, title={{Model number {n}}}}}\n" for n in range(many))
        client.send("POST", LIST, {"text": text, "dry_run": True})
        with CaptureQueriesContext(connection) as queries:
            assert client.send("POST", LIST, {"text": text, "dry_run": True}).json()["entries"] == many
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_example_is_what_is_answered() -> None:
    answer = send(examples.GIVEN_LIST)

    imported = examples.IMPORT
    body = answer.json()
    assert (body["counts"], body["lines"]) == (examples.LIST["counts"], examples.LIST["lines"])
    assert set(body["import"]) == set(imported)
    assert {key: body["import"][key] for key in ("total", "submitted", "refused", "finished")} == {
        key: imported[key] for key in ("total", "submitted", "refused", "finished")
    }
