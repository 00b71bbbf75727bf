"""A site that an earlier commit filled is the same after `manage.py migrate`, and people go on working in it.

The expected values are what that commit itself answered about the same database (tests/data/upgrade/README.md). These
tests know addresses, commands and tables only, so that modules may move.
"""

import json
import re
from typing import Any

import pytest

from tests.upgrade.conftest import DATA, FILLED_BY, Answer, Request, Site

EXPECTED: dict[str, Any] = json.loads((DATA / f"{FILLED_BY}.json").read_text())
EXPECTED_LIST = (DATA / f"{FILLED_BY}.list.md").read_text()
PROPOSALS = [
    re.sub("^(.*: (?:retire|merge|restore|flag) .*, )changes-requested$", r"\1pending", line)
    for line in EXPECTED["proposals"]
]
"""The proposals: those without anything to revise wait for a moderator again."""
TOKEN = "vlmp_upgrade-fixture-483324"
"""An API token of ada's that lives for a hundred years, in this database alone."""

MOVED = {
    "/papers/heron/": "/papers/heron-1/",
    "/papers/heron-ii/": "/papers/heron-2/",
    "/papers/heron-ii/history/": "/papers/heron-two/history/",
    "/papers/gull-again/": "/papers/gull/",
    "/datasets/sand/": "/datasets/sand-grains/",
    "/datasets/harbour-images/": "/datasets/harbour/",
    "/benchmarks/tideqa/": "/benchmarks/tideqa-2024/",
    "/benchmarks/tide-qa/": "/benchmarks/tideqa-2024/",
    "/results/score-1/": "/results/heron-on-reeds/",
    "/topics/video/": "/topics/moving-pictures/",
    "/topics/seeing/": "/topics/alignment/",
    "/components/lens-h/": "/components/lens-huge/",
    "/components/quill-7b-chat/": "/components/quill-7b/",
}
RETIRED = {
    "/papers/mirage/": "It does not exist.",
    "/papers/hoax/": "Withdrawn by its authors.",
    "/papers/grebe/": "It is a bird.",
    "/datasets/leaked-set/": "It was never free.",
    "/datasets/foam/": "Undoes revision 1: There is no foam.",
    "/benchmarks/guess-bench/": "It does not exist.",
    "/results/heron-ii-on-tideqa-accuracy/": "Not in the paper.",
    "/topics/hype/": "It does not exist.",
    "/components/screw-2/": "It does not exist.",
}
MENDED = {
    "papers/spare-model": [],
    "papers/heron-2": [("year", "Table 2"), ("summary", "Read on the model card")],
    "benchmarks/tideqa-2024": [("name", "")],
    "components/lens-huge": [("name", "")],
}
"""Entries that `migrate` mends by a revision: with sources of former values, which it takes out, the fields and notes
of these; the first one with a reference that the undoing of a merge had left."""
PRESENT_SLUGS = {"components/lens-huge": {"topics": ["alignment", "moving-pictures"], "paper": "heron-1"}}
"""What a mended entry refers to, as the new revision names it."""
FILTERED = {
    "papers/?vision=lens": {"heron-1", "heron-2", "sandpiper-approved"},
    "papers/?topic=alignment": {"heron-1", "heron-2", "puffin", "sandpiper-approved", "spare-model"},
    "papers/?architecture=dual-encoder": {"heron-2"},
    "papers/?weights=weights&year=2024": {"sandpiper-approved"},
    "datasets/?availability=withdrawn": {"harbour"},
    "datasets/?section=training-datasets": {"harbour", "harbour-night", "shoreline"},
    "benchmarks/?standing=doubtful": {"reedbench"},
    "results/?paper=heron-1&state=live": {"heron-on-reeds", "score-3"},
    "topics/?status=maturing": {"alignment"},
    "components/?family=lens": {"lens-huge", "spare-lens"},
}
"""Lists, by what narrows them on the pages and in the API."""

FILTERED_BY_THE_API = {
    "papers/?component=quill-7b": {"heron-1", "heron-2", "puffin", "spare-model"},
    "papers/?dataset=harbour": {"puffin", "spare-model"},
    "papers/?as_of=2026-03-31": {
        *("chick", "egret", "heron", "heron-2", "heron-ii", "hoax", "mirage", "plover", "puffin", "spare-model"),
    },
    "search/?q=glue": {"old-glue"},
}
REVIEWS = [f"/admin/submissions/proposal/{pk}/change/" for pk in range(25, 36)]
"""A pending proposal of each action, two to which one moderator agreed, and edits that are ready, stale, colliding."""

CHANGES = "/api/v1/changes/?page_size=500"
QUEUE = "/api/v1/proposals/?whose=all&page_size=200"
OWN_PROPOSALS = "/api/v1/proposals/"
WEBHOOKS = "/accounts/settings/webhooks/"
PUBLIC = [
    *(f"{before}{place}/" for place in EXPECTED["live"] for before in ("/api/v1/", "/")),
    *(f"/{place}/history/" for place in EXPECTED["live"]),
    *(f"{before}{place}" for place in RETIRED for before in ("/api/v1", "")),
    *(f"{before}{query}" for query in FILTERED for before in ("/api/v1/", "/")),
    *(f"/api/v1/{query}" for query in FILTERED_BY_THE_API),
    *(CHANGES, "/export/README.md", "/people/mary/", "/people/former-contributor-7/"),
]


@pytest.fixture(scope="module")
def answers(upgraded: Site) -> dict[str, Answer]:
    """What the upgraded site answers, by address; all are requested at once, since a process takes long to start."""
    requests: list[Request] = [
        *({"path": path} for path in PUBLIC),
        *({"path": path, "follow": True} for path in MOVED),
        *({"path": path, "user": "grace"} for path in (*REVIEWS, QUEUE)),
        {"path": WEBHOOKS, "user": "ada"},
        {"path": OWN_PROPOSALS, "token": TOKEN},
    ]
    return dict(zip((request["path"] for request in requests), upgraded.answers(requests), strict=True))


def test_ledger_agrees_with_the_live_entries(upgraded: Site) -> None:
    done = upgraded.verify_ledger()

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        f"All {124 + len(MENDED)} revisions agree with what is live.\n",
        "",
    )


def test_verify_ledger_finds_an_entry_that_was_changed_without_a_revision(own_copy: Site) -> None:
    own_copy.sql("UPDATE catalog_dataset SET licence = 'CC0' WHERE slug = 'harbour'")

    done = own_copy.verify_ledger()

    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        [
            "dataset harbour: the live entry differs from revision 2 in licence.",
            "CommandError: 1 thing does not agree.",
        ],
    )


def test_revisions_of_todays_shape_are_marked_so_that_lists_copy_them(upgraded: Site) -> None:
    """All but those of kinds that have other fields since, and those with sources, whose rows have one more."""
    unmarked = upgraded.sql("SELECT DISTINCT kind FROM catalog_revision WHERE shape IS NULL")
    without_sources = upgraded.sql(
        "SELECT DISTINCT kind FROM catalog_revision"
        """ WHERE shape IS NULL AND CAST(snapshot AS text) NOT LIKE '%"sources": [{%'"""
    )

    kinds = ("benchmark", "component", "dataset", "paper", "result", "topic")
    assert sorted(unmarked) == [(kind,) for kind in kinds]
    assert without_sources == [("benchmark",), ("component",), ("paper",), ("result",)]


def test_tables_have_as_many_rows_as_before(upgraded: Site) -> None:
    actual = {table: upgraded.sql(f"SELECT count(*) FROM {table}") for table in EXPECTED["rows"]}  # noqa: S608 -- ours

    put_back = len(EXPECTED["proposals"]) - len(set(EXPECTED["proposals"]) & set(PROPOSALS))
    expected = {
        **EXPECTED["rows"],
        "submissions_event": EXPECTED["rows"]["submissions_event"] + put_back,
        "catalog_revision": EXPECTED["rows"]["catalog_revision"] + len(MENDED),
    }
    assert put_back == 4
    assert actual == {table: [(number,)] for table, number in expected.items()}


def test_changes_are_the_same_in_the_same_order(answers: dict[str, Answer]) -> None:
    actual = [change_line(row) for row in answers[CHANGES].json["results"]]

    mended = [f"{kind_and_name(place)}, revision {EXPECTED['live'][place] + 1}: edit by curation" for place in MENDED]
    assert actual == EXPECTED["ledger"] + mended


def test_entries_are_at_the_same_revisions(answers: dict[str, Answer]) -> None:
    actual = {place: answers[f"/api/v1/{place}/"].json["revision"] for place in EXPECTED["live"]}

    assert actual == {place: number + (place in MENDED) for place, number in EXPECTED["live"].items()}


def test_fields_of_an_entry_of_each_kind_are_the_same(answers: dict[str, Answer]) -> None:
    actual = {place: answers[f"/api/v1/{place}/"].json["fields"] for place in EXPECTED["fields"]}

    assert actual == {place: mended_fields(place, fields) for place, fields in EXPECTED["fields"].items()}


@pytest.mark.parametrize("page", ["/{}/", "/{}/history/"])
def test_pages_of_every_entry_open(answers: dict[str, Answer], page: str) -> None:
    actual = {place: answers[page.format(place)].status for place in EXPECTED["live"]}

    assert actual == dict.fromkeys(EXPECTED["live"], 200)


def test_former_addresses_redirect_to_the_present_ones(answers: dict[str, Answer]) -> None:
    actual = {path: (answers[path].status, answers[path].location) for path in MOVED}

    assert actual == {path: (200, present) for path, present in MOVED.items()}


def test_retired_addresses_give_the_reason(answers: dict[str, Answer]) -> None:
    pages = {path: answers[path].status for path in RETIRED}
    reads = {path: answers[f"/api/v1{path}"] for path in RETIRED}

    assert pages == dict.fromkeys(RETIRED, 410)
    assert {path: (read.status, read.json["reason"]) for path, read in reads.items()} == {
        path: (410, reason) for path, reason in RETIRED.items()
    }


def test_filters_of_the_api_give_the_same_entries(answers: dict[str, Answer]) -> None:
    expected = {**FILTERED, **FILTERED_BY_THE_API}

    actual = {query: {row["slug"] for row in answers[f"/api/v1/{query}"].json["results"]} for query in expected}

    assert actual == expected


def test_filters_of_the_pages_give_the_same_entries(answers: dict[str, Answer]) -> None:
    actual = {}
    for query in FILTERED:
        plural = query.partition("/")[0]
        actual[query] = set(re.findall(rf'href="/{plural}/([\w-]+)/"', answers[f"/{query}"].text))

    assert actual == FILTERED


def test_export_of_the_imported_list_is_the_same(answers: dict[str, Answer]) -> None:
    """To the byte for what was imported; what the portal adds has the same headings and names, in today's form."""
    (imported, added), (expected, expected_added) = (
        text.split("\n## Papers and models\n") for text in (answers["/export/README.md"].text, EXPECTED_LIST)
    )
    headings_and_names = re.compile(r"^#+ .+|^(?:- |\| )\*\*[^*]+\*\*", re.MULTILINE)

    assert imported == expected
    assert headings_and_names.findall(added) == headings_and_names.findall(expected_added)
    assert len(headings_and_names.findall(added)) == 16


def test_person_who_left_has_a_page_under_the_pseudonym_only(answers: dict[str, Answer]) -> None:
    assert answers["/people/mary/"].status == 404
    assert answers["/people/former-contributor-7/"].status == 200


def test_proposals_are_in_the_same_states(answers: dict[str, Answer]) -> None:
    rows = sorted(answers[QUEUE].json["results"], key=lambda row: int(row["id"]))

    assert [proposal_line(row) for row in rows] == PROPOSALS


def test_review_pages_open_for_a_moderator(answers: dict[str, Answer]) -> None:
    assert {path: answers[path].status for path in REVIEWS} == dict.fromkeys(REVIEWS, 200)


def test_api_token_lists_the_proposals_of_its_owner(answers: dict[str, Answer]) -> None:
    rows = sorted(answers[OWN_PROPOSALS].json["results"], key=lambda row: int(row["id"]))

    assert [proposal_line(row) for row in rows] == [line for line in PROPOSALS if " by ada, " in line]


def test_webhooks_are_listed_for_their_owner(answers: dict[str, Answer]) -> None:
    actual = set(re.findall(r"https://hooks\.example\.org/\w+", answers[WEBHOOKS].text))

    assert actual == {"https://hooks.example.org/all", "https://hooks.example.org/papers"}


def kind_and_name(place: str) -> str:
    """A place such as "papers/heron-2" as changes name it."""
    plural, _, slug = place.partition("/")
    return f"{plural.removesuffix('s')} {slug}"


def mended_fields(place: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry without the sources that MENDED says are taken out."""
    sources = [row for row in fields["sources"] if (row["field"], row["note"]) not in MENDED.get(place, ())]
    return {**fields, "sources": sources, **PRESENT_SLUGS.get(place, {})}


def change_line(row: dict[str, Any]) -> str:
    """A change of the API as the expected values have it."""
    approved = f", approved by {row['approver']}" if row["approver"] else ""
    place = f"{row['kind']} {row['slug']}, revision {row['revision']}"
    return f"{place}: {row['action']} by {row['contributor']}{approved}"


def proposal_line(row: dict[str, Any]) -> str:
    """A proposal of the API as the expected values have it."""
    what = f"{row['action']} {row['kind']} {row['slug'] or row['name']}"
    return f"{row['id']}: {what} by {row['author']}, {row['status']}"


def decision(pk: int, verb: str, user: str = "hedy", **arguments: str) -> Request:
    """A moderator's decision on a proposal."""
    return {"path": f"/api/v1/proposals/{pk}/{verb}/", "method": "POST", "user": user, "json": arguments}


def undo(position: int) -> Request:
    """A moderator's undo of the change at a position of the ledger."""
    path = f"/admin/submissions/proposal/undo/{position}/"
    return {"path": path, "user": "hedy", "form": {"reason": "It was right before."}}


def by_token(method: str, path: str, **body: Any) -> Request:
    """What a script of ada's sends."""
    return {"path": f"/api/v1/proposals/{path}", "method": method, "token": TOKEN, "json": body}


WORK: list[tuple[str, Request, int]] = [
    ("approve an edit of an entry with a value that is refused now", decision(33, "approve"), 200),
    ("undo an edit of an entry with a value that is refused now", undo(112), 302),
    ("undo a retirement", undo(79), 302),
    ("approve that as the second moderator", decision(60, "approve", user="grace"), 200),
    ("agree to a restoration", decision(29, "approve"), 200),
    ("approve a restoration", decision(29, "approve", user="grace"), 200),
    ("approve a retirement as the second moderator", decision(31, "approve"), 200),
    ("approve a merge as the second moderator", decision(32, "approve", user="grace"), 200),
    ("approve a stale edit", decision(34, "approve"), 409),
    ("rebase it", decision(34, "rebase"), 200),
    ("approve it then, with a value that is refused now", decision(34, "approve"), 200),
    ("rebase an edit that collides", decision(35, "rebase"), 409),
    ("approve a new entry with a value that is refused now", decision(25, "approve"), 422),
    ("reject a flag", decision(30, "reject", reason="The table says so."), 200),
    (
        "revise after changes were requested, with a value that is refused now",
        by_token("PATCH", "19/", fields={"year": 2023}, comment="Named."),
        422,
    ),
    (
        "revise it with that value corrected",
        by_token("PATCH", "19/", fields={"year": 2023, "links": []}, source="The report", comment="Named."),
        200,
    ),
    ("propose a new entry", by_token("POST", "", kind="paper", fields={"name": "Dunlin"}, source="The report"), 201),
]
AFTER_WORK: dict[str, tuple[int, dict[str, str]]] = {
    "datasets/harbour/": (200, {"availability_note": "Ask the harbour."}),
    "benchmarks/reedbench/": (200, {"standing_note": "The paper calls it a benchmark."}),
    "papers/mirage/": (200, {"summary": "It was never there."}),
    "components/screw-2/": (200, {"name": "Screw 2"}),
    "components/screw-1/": (410, {}),
    "datasets/spare-set/": (308, {}),
    "papers/heron-1/": (
        200,
        {"summary": "A heron that looks twice.", "venue": "CVPR 2024"},
    ),
    "papers/sandpiper-pending/": (404, {}),
}
"""The API's answers about the entries that WORK is about: the status, and some of the fields."""


def test_people_go_on_working(own_copy: Site) -> None:
    requests = [request for _, request, _ in WORK]
    reads: list[Request] = [{"path": f"/api/v1/{place}"} for place in AFTER_WORK]

    answers = own_copy.answers(requests + reads)

    done = zip(WORK, answers[: len(WORK)], strict=True)
    assert {name: answer.status for (name, _, _), answer in done} == {name: status for name, _, status in WORK}
    actual = dict(zip(AFTER_WORK, answers[len(WORK) :], strict=True))
    assert {
        place: (actual[place].status, {key: actual[place].json["fields"][key] for key in fields})
        for place, (_, fields) in AFTER_WORK.items()
    } == AFTER_WORK
    verified = own_copy.verify_ledger()
    assert (verified.returncode, verified.stderr) == (0, "")


def test_what_waited_is_taken_up_by_the_worker(own_copy: Site) -> None:
    """The older commit had no tasks: threads of its web processes sent what they found."""
    waiting_emails = "SELECT id FROM submissions_letter WHERE sent_at IS NULL AND NOT given_up"
    waiting_deliveries = (
        "SELECT id, attempts FROM webhooks_delivery WHERE delivered_at IS NULL AND webhook_id <> 4 AND id <= 11"
    )
    own_copy.sql("UPDATE webhooks_webhook SET url = 'https://127.0.0.1/'")  # refused without asking the network
    own_copy.sql("UPDATE accounts_user SET email = 'reader@example.org' WHERE id = 1")
    assert own_copy.sql(waiting_emails) == [(29,)]
    assert sorted(own_copy.sql(waiting_deliveries)) == [(6, 1), (10, 0), (11, 0)]

    done = own_copy.manage("worker", "--batch")

    assert done.returncode == 0, done.stderr
    assert "To: reader@example.org" in done.stdout  # the email: without a server it is printed
    assert own_copy.sql(waiting_emails) == []
    assert sorted(own_copy.sql(waiting_deliveries)) == [(6, 2), (10, 0), (11, 1)]  # 10 waits behind 6
    assert own_copy.sql("SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'") == [(0,)]
