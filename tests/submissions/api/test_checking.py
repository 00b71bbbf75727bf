"""Checking a list through the API: what becomes of its lines, without an account."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from catalog.models import Entry, Revision
from submissions.intake import checking
from submissions.models import Proposal
from tests.factories import make_paper, make_revision
from tests.people import contributor
from tests.submissions.api.conftest import ApiClient, by_session, by_token

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/lists/check/"
A = "https://arxiv.org/abs/2301.0000"
LIST = f"""# Birds

## Papers

- **Owl** (2023) - [Sees]({A}1)
- **Wren** (2022) - [Sings]({A}2)
- **OWL** (2023) - [Sees]({A}1)
- **Owlet** (2023) - [Sees]({A}1)
- [Lost](lost.pdf)
- **Lark** (2024) - [Flies](http://arxiv.org/abs/2301.00004)
"""


def check(data: Any, client: Client | None = None) -> Any:
    return (client or ApiClient()).send("POST", ADDRESS, data)  # type: ignore[attr-defined]


def wren(**fields: Any) -> Entry:
    link = {"kind": "arxiv", "url": f"{A}2", "label": ""}
    return make_paper(name="Wren", summary="Sings", arxiv_id="2301.00002", links=[link], **fields)


def test_every_line_is_accounted_for(settings: Any) -> None:
    wren(year=2021)

    answer = check({"text": LIST})

    found = answer.json()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert [(one["line"], one["outcome"], one["level"], one["message"]) for one in found["lines"]] == [
        (5, "new", "", "“Owl” is not in the catalogue: it would be proposed (paper or model)."),
        (6, "differs", "", "A change of “Wren” would be proposed. Year: 2021 to 2022."),
        (7, "again", "warning", "“OWL” is in line 5 already."),
        (8, "question", "notice", "“Owlet”: Line 5, “Owl”, has the same arXiv id 2301.00001."),
        (9, "unreadable", "warning", "“lost.pdf” is an address within the list’s own files: write the whole address."),
        (10, "new", "", "“Lark” is not in the catalogue: it would be proposed (paper or model)."),
    ]
    assert found["lines"][1] | {"message": ""} == {
        "line": 6,
        "last": 6,
        "outcome": "differs",
        "level": "",
        "message": "",
        "kind": "paper",
        "name": "Wren",
        "url": f"{settings.SITE_URL}/papers/wren/",
        "changes": [{"key": "year", "change": "list", "base": 2021, "listed": 2022, "live": 2021}],
        "earlier": None,
    }
    assert [one["earlier"] for one in found["lines"]] == [None, None, 5, 5, None, None]
    assert found["links"] == [
        {
            "line": 10,
            "text": "Flies",
            "address": "http://arxiv.org/abs/2301.00004",
            "problem": "it has no https",
            "better": "https://arxiv.org/abs/2301.00004",
        }
    ]
    assert (found["entries"], found["compared"]) == (5, True)
    assert found["counts"] == {"new": 2, "differs": 1, "again": 1, "question": 1, "unreadable": 1}
    assert found["problems"] == {"duplicates": 1, "unread": 1, "questions": 1, "conflicts": 0, "links": 1}
    assert Revision.objects.count() == 1
    assert not Proposal.objects.exists()


def test_the_version_before_tells_whose_change_it_is() -> None:
    entry = wren(year=2022)
    make_revision("paper", entry, year=2020)

    outcomes = [
        {one["name"]: one["outcome"] for one in check({"text": text, "base": LIST}).json()["lines"]}["Wren"]
        for text in (LIST, LIST.replace("2022", "2019"), LIST.replace("2022", "2020"))
    ]

    assert outcomes == ["behind", "conflict", "same"]


def test_a_line_that_was_taken_out_is_told_without_a_line() -> None:
    wren(year=2022)

    found = check({"text": LIST.replace(f"- **Wren** (2022) - [Sings]({A}2)\n", ""), "base": LIST}).json()

    (removed,) = [one for one in found["lines"] if one["outcome"] == "removed"]
    assert (removed["line"], removed["name"], removed["level"]) == (None, "Wren", "notice")


@pytest.mark.parametrize("text", ["", "Nothing but words.\n"])
def test_a_text_without_entries_has_none(text: str) -> None:
    answer = check({"text": text})

    assert (answer.status_code, answer.json()["entries"], answer.json()["lines"]) == (200, 0, [])


@pytest.mark.parametrize("name", ["text", "base"])
@pytest.mark.parametrize(("limit", "value"), [("MAX_BYTES", 20), ("MAX_LINES", 3)])
def test_a_list_that_is_too_large_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: str, value: int
) -> None:
    monkeypatch.setattr(checking, limit, value)

    answer = check({"text": "", name: LIST})

    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (413, "problem-too-large")
    assert list(answer.json()["errors"]) == [name]


@pytest.mark.parametrize(
    ("data", "status"), [({}, 422), ({"text": 1}, 422), ({"text": "", "more": ""}, 422), (b"[", 400), ([], 400)]
)
def test_a_body_that_is_not_right_is_refused(data: Any, status: int) -> None:
    assert check(data).status_code == status


def test_it_takes_a_token_or_a_session_as_well_but_no_wrong_token() -> None:
    wrong = ApiClient(headers={"Authorization": "Bearer nonsense"})
    clients = [by_token(contributor(), "read"), by_session(contributor()), wrong]

    assert [check({"text": LIST}, client).status_code for client in clients] == [200, 200, 401]


def test_a_session_needs_its_csrf_token() -> None:
    client = by_session(contributor())
    client.handler.enforce_csrf_checks = True

    assert check({"text": LIST}, client).status_code == 403


@override_settings(LIMITS={"check": (2, 600)})
def test_it_is_limited_per_ip_address_and_per_account() -> None:
    cache.clear()

    statuses = [check({"text": ""}).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert check({"text": ""}, by_token(contributor())).status_code == 200
