"""A site that unchanged code filled goes on after its fields were changed by following CONTRIBUTING.md.

Benchmarks gain `maintainers`, `evaluation_server` becomes `submission_server`, `official_leaderboard` goes, and of the
rows of `metrics` the `note` becomes a `remark` and a `formula` is new. tests/catalog/ledger/test_payload_changes.py and
tests/submissions/test_payload_changes.py test the same for every kind within one process.
"""

import json
from typing import Any

import pytest

from tests.days import TODAY
from tests.growth.conftest import Project
from tests.growth.guide import steps_of

STEPS = steps_of("How to add, rename or drop a field")
API = "/api/v1/proposals/"
SOURCE = "https://example.org/paper"
ADDED, FORMER, RENAMED, DROPPED = "maintainers", "evaluation_server", "submission_server", "official_leaderboard"
OLD_BOARD = "https://example.org/old-board"

Request = dict[str, Any]


def metric(**cells: str) -> dict[str, Any]:
    """A row of metrics as the unchanged code has it, or with other cells in place of the note."""
    row = {"name": "accuracy", "unit": "%", "direction": "higher", "minimum": None, "maximum": None, "primary": True}
    return {**row, "aliases": [], "proportion": False, **(cells or {"note": "Exact match."})}


def source_of(field: str) -> dict[str, str]:
    return {"field": field, "url": SOURCE, "note": "", "confidence": "confirmed", "source_class": ""}


def server(number: int) -> str:
    return f"https://example.org/server/{number}"


def proposal(user: str, action: str, slug: str = "", **body: Any) -> Request:
    """A proposal by the API; the fields of a new entry or an edit are `fields`."""
    if action in ("create", "edit"):
        body["source"] = SOURCE
    body |= {"slug": slug} if slug else {}
    return {"path": API, "method": "POST", "user": user, "json": {"kind": "benchmark", "action": action, **body}}


def verb(number: int, name: str, user: str = "hedy", **body: Any) -> Request:
    """What somebody does about a proposal, by the API."""
    return {"path": f"{API}{number}/{name}/", "method": "POST", "user": user, "json": body}


def old_fields(name: str) -> dict[str, Any]:
    """The fields of a benchmark as the unchanged code takes them."""
    sources = [source_of(FORMER), source_of(DROPPED)]
    return {"name": name, "metrics": [metric()], FORMER: server(1), DROPPED: OLD_BOARD, "sources": sources}


FILLING: list[Request] = [
    {"call": "people"},
    *(
        request
        for number, name in enumerate(("Alpha", "Beta", "Gamma", "Spare", "Extra"), 1)
        for request in (proposal("ada", "create", fields=old_fields(name)), verb(number, "approve"))
    ),
    proposal("ada", "edit", "alpha", fields={FORMER: server(2)}),
    verb(6, "approve"),
    proposal("bob", "edit", "alpha", fields={DROPPED: "https://example.org/new-board"}),
    verb(7, "approve"),
    proposal("ada", "edit", "spare", fields={FORMER: server(2)}),
    verb(8, "approve"),
    proposal("ada", "retire", "beta", comment="Nobody uses it."),
    verb(9, "approve"),
    verb(9, "approve", "mary"),
]
"""Entries with their history: revisions 1 to 5 create them, 6 to 8 change them, 9 retires Beta."""

PENDING: list[Request] = [
    proposal("ada", "create", fields=old_fields("Delta")),
    proposal("bob", "edit", "gamma", fields={FORMER: server(3), DROPPED: "", "metrics": [metric(note="Top 1.")]}),
    proposal("ada", "edit", "spare", fields={DROPPED: "https://example.org/other-board"}),
    proposal("bob", "edit", "alpha", fields={"year": 2024}),
    proposal("ada", "edit", "alpha", fields={FORMER: server(4)}),
    proposal("ada", "restore", "beta", comment="Somebody does."),
    proposal("ada", "edit", "alpha", fields={"summary": "Counts."}),
    proposal("bob", "edit", "spare", fields={FORMER: server(5), "year": 2020}),
    proposal("ada", "merge", "extra", into="gamma", comment="The same."),
    proposal("bob", "flag", "alpha", comment="Look."),
    proposal("bob", "edit", "gamma", fields={"summary": "Adds."}),
    verb(16, "request-changes", reason="Name the page."),
    proposal("ada", "create", fields=old_fields("Heron")),
    verb(21, "approve"),
]
"""Proposals 10 to 20, made before the change and decided after it; and Heron, which nobody touches again."""

WORK: list[tuple[str, Request, int]] = [
    ("approve a new entry", verb(10, "approve"), 200),
    ("agree to an edit that replaces the entry", verb(11, "approve"), 200),
    ("approve that edit", verb(11, "approve", "mary"), 200),
    ("approve an edit of the dropped field alone", verb(12, "approve"), 409),
    ("reject it", verb(12, "reject", reason="The field is gone."), 200),
    ("approve an edit of the renamed field", verb(14, "approve"), 200),
    ("approve a stale edit", verb(13, "approve"), 409),
    ("rebase it", verb(13, "rebase"), 200),
    ("approve it then", verb(13, "approve"), 200),
    ("agree to a restoration", verb(15, "approve"), 200),
    ("approve a restoration", verb(15, "approve", "mary"), 200),
    (
        "revise",
        {"path": f"{API}16/", "method": "PATCH", "user": "ada", "json": {"fields": {ADDED: "A. Author"}}},
        200,
    ),
    ("comment", verb(16, "comment", "ada", comment="Page 3."), 200),
    ("rebase the revised one", verb(16, "rebase"), 200),
    ("approve the revised one", verb(16, "approve"), 200),
    ("approve in part", verb(17, "approve", fields=["year"]), 200),
    ("agree to a merge", verb(18, "approve"), 200),
    ("approve a merge", verb(18, "approve", "mary"), 200),
    ("claim", verb(19, "claim"), 200),
    ("release", verb(19, "release"), 200),
    ("reject", verb(19, "reject", reason="It is fine."), 200),
    ("withdraw", verb(20, "withdraw", "bob"), 200),
    ("propose under the former name", proposal("bob", "edit", "gamma", fields={FORMER: server(7)}), 422),
    ("propose", proposal("bob", "edit", "gamma", fields={ADDED: "The authors", RENAMED: server(7)}), 201),
    ("approve by the page", {**verb(22, "approve"), "path": "/admin/submissions/proposal/22/approve/"}, 302),
    ("undo an old change of the renamed field", {"path": "/admin/submissions/proposal/undo/8/"}, 302),
    ("undo an old creation", {"path": "/admin/submissions/proposal/undo/2/"}, 302),
    ("approve that", verb(23, "approve"), 200),
    ("propose nothing new", proposal("bob", "edit", "gamma", fields={ADDED: "The authors"}), 422),
]

PAGES = [
    "/",
    "/benchmarks/",
    *(f"/benchmarks/{slug}/{page}" for slug in ("alpha", "gamma") for page in ("", "history/", "history/1/", "blame/")),
    "/benchmarks/alpha/history/3/",
    "/benchmarks/alpha/history/compare/?from=1&to=3",
    "/changes/",
    "/feeds/benchmarks/changes.atom",
    "/export/benchmarks.csv",
    "/export/benchmarks/alpha.json",
    "/api/v1/benchmarks/?include=provenance",
    f"/api/v1/benchmarks/?as_of={TODAY}",
    "/api/v1/benchmarks/alpha/revisions/1/",
    "/api/v1/benchmarks/alpha/revisions/3/",
]
STAFF = [
    "/benchmarks/alpha/edit/",
    *(f"/admin/submissions/proposal/{number}/change/" for number in range(10, 21)),
    "/submissions/16/",
]
CHANGES = "/api/v1/changes/?page_size=500"


@pytest.fixture(scope="module")
def filled(unchanged: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[Any]]:
    """The project after unchanged code filled it, and what came of FILLING, PENDING and the first look at changes."""
    project = unchanged.copy(tmp_path_factory.mktemp("changed"))
    return project, project.drive([*FILLING, *PENDING, {"path": CHANGES}])


@pytest.fixture(scope="module")
def changed(filled: tuple[Project, list[Any]]) -> Project:
    """The project with the fields changed and the database brought up to date, by the steps of the guide."""
    project, _ = filled
    for step in STEPS:
        project.follow(step)
    return project


@pytest.fixture(scope="module")
def answers(filled: tuple[Project, list[Any]], changed: Project) -> dict[str, Any]:
    """What came of looking, then of WORK, then of looking again."""
    looks = [*({"path": path} for path in PAGES), *({"path": path, "user": "root"} for path in STAFF)]
    names = [
        *PAGES,
        *STAFF,
        "ledger before",
        *(name for name, *_ in WORK),
        "ledger after",
        "changes",
        "rest",
        "entries",
    ]
    steps = [
        *looks,
        {"call": "ledger"},
        *({"user": "mary", "form": {"reason": "Wrong."}, **request} for _, request, _ in WORK),
        {"call": "ledger"},
        {"path": CHANGES},
        {"path": f"{CHANGES}&since={json.loads(filled[1][-1]['text'])['cursor']}"},
        {"path": "/api/v1/benchmarks/"},
    ]
    return dict(zip(names, changed.drive(steps), strict=True))


def test_unchanged_code_filled_the_site(filled: tuple[Project, list[Any]]) -> None:
    _, answers = filled

    assert {answer["status"] for answer in answers if answer} == {200, 201}


def test_ledger_agrees_before_and_after_work(answers: dict[str, Any]) -> None:
    assert (answers["ledger before"], answers["ledger after"]) == ([], [])


def test_every_page_of_old_entries_and_proposals_opens(answers: dict[str, Any]) -> None:
    assert {path: answers[path]["status"] for path in [*PAGES, *STAFF]} == dict.fromkeys([*PAGES, *STAFF], 200)


def test_history_shows_what_was_dropped(answers: dict[str, Any]) -> None:
    page = answers["/benchmarks/alpha/history/3/"]["text"]

    assert [text for text in ("Official leaderboard", OLD_BOARD, "new-board") if text not in page] == []


def test_every_verb_works_on_what_was_there(answers: dict[str, Any]) -> None:
    assert {name: answers[name]["status"] for name, *_ in WORK} == {name: status for name, _, status in WORK}


def test_entries_have_todays_shape(answers: dict[str, Any]) -> None:
    entries = {row["slug"]: row["fields"] for row in json.loads(answers["entries"]["text"])["results"]}

    assert {slug: (fields[RENAMED], fields[ADDED], fields["year"]) for slug, fields in entries.items()} == {
        "alpha": (server(4), "A. Author", 2024),
        "delta": (server(1), "", None),
        "gamma": (server(7), "The authors", None),
        "heron": (server(1), "", None),
        "spare": (server(1), "", 2020),
    }
    assert {slug: fields["metrics"] for slug, fields in entries.items()} == {
        "alpha": [metric(remark="Exact match.", formula="")],
        "delta": [metric(remark="Exact match.", formula="")],
        "gamma": [metric(remark="Top 1.", formula="")],
        "heron": [metric(remark="Exact match.", formula="")],
        "spare": [metric(remark="Exact match.", formula="")],
    }
    kept = {slug for slug, fields in entries.items() if fields["sources"] == [source_of(RENAMED)]}
    assert kept == {"delta", "heron", "spare"}  # the others have another value now
    assert [entries[slug]["sources"] for slug in ("alpha", "gamma")] == [[], []]
    assert {key for fields in entries.values() for key in fields} & {FORMER, DROPPED} == set()


def mirrored(copy: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """A copy brought up to date as a mirror does (clients/python/README.md), from an answer of changes."""
    for change in json.loads(answer["text"])["results"]:
        copy.pop(change["moved_from"] or change["slug"], None)
        if change["fields"] is not None:
            copy[change["slug"]] = change["fields"]
    return copy


def test_mirror_has_former_names_until_it_starts_again(
    filled: tuple[Project, list[Any]], answers: dict[str, Any]
) -> None:
    before = mirrored({}, filled[1][-1])
    after = mirrored(dict(before), answers["rest"])

    live = {row["slug"]: row["fields"] for row in json.loads(answers["entries"]["text"])["results"]}

    assert mirrored({}, answers["changes"]) == live
    assert {slug: FORMER in fields for slug, fields in after.items()} == {**dict.fromkeys(live, False), "heron": True}
    assert after == {**live, "heron": before["heron"]}
