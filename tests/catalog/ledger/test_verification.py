"""verify_ledger finds each way in which ledger, live rows and proposals can come to disagree."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions.models import Event, Proposal
from submissions.states import Status
from submissions.workflow import approve, request_changes, withdraw
from tests.factories import make_component, make_paper, make_revision
from tests.older_code import as_written_then, declare_changes
from tests.people import moderator, propose, propose_edit

pytestmark = pytest.mark.django_db


def by_hand(sql: str, *values: Any) -> None:
    """A change that no code of ours makes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE catalog_revision DISABLE TRIGGER catalog_revision_no_change")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS catalog_revision_no_update")
        cursor.execute(sql, values)


def reported() -> list[str]:
    """What the command says, line by line; it fails if and only if it says something."""
    err, out, failed = StringIO(), StringIO(), ""
    try:
        call_command("verify_ledger", stdout=out, stderr=err)
    except CommandError as error:
        failed = str(error)
    lines = err.getvalue().strip().splitlines()
    number = f"{len(lines)} thing{'s do' if len(lines) > 1 else ' does'} not agree."
    well = f"All {Revision.objects.count():,} revisions agree with what is live.\n"
    assert (failed, out.getvalue()) == ((number, "") if lines else ("", well))
    return lines


@pytest.fixture
def paper() -> Paper:
    """A model with three revisions, one of them a move."""
    entry = make_paper(name="Vim")
    make_revision("paper", entry=entry, year=2024)
    make_revision("paper", entry=Paper.objects.with_references().get(), slug="vim-1")
    entry.refresh_from_db()
    return entry


def test_all_is_well_after_edits_moves_and_references_to_what_moved(paper: Paper) -> None:
    part = make_component(name="ViT")
    make_paper(name="Other", vision_encoders=[{"component": "vit", "variants": [], "note": ""}])
    make_revision("component", entry=part, slug="vision-transformer")

    assert reported() == []


CORRUPTIONS = {
    "UPDATE catalog_paper SET year = 1999": ["paper vim-1: the live entry differs from revision 3 in year."],
    "UPDATE catalog_paper SET slug = 'vim-2'": ["paper vim-2: it is at revision 3, the ledger at 3 (vim-1)."],
    "UPDATE catalog_paper SET revision = 2": ["paper vim-1: it is at revision 2, the ledger at 3 (vim-1)."],
    "DELETE FROM catalog_paper": ["paper vim-1: the ledger says it is live, and there is no such entry."],
    "DELETE FROM catalog_revision": ["paper vim-1: it is live, and the ledger does not know it."],
    "DELETE FROM catalog_revision WHERE number = 3": ["paper vim-1: it is at revision 3, the ledger at 2 (vim)."],
    "DELETE FROM catalog_revision WHERE number = 2": ["paper vim-1: revisions are not numbered 1 to 2."],
    "DELETE FROM catalog_revision WHERE number = 1": ["paper vim-1: revisions are not numbered 1 to 2."],
    "UPDATE catalog_revision SET action = 'retire' WHERE number = 3": [
        "paper vim-1: the ledger says that it was retired, and it is live."
    ],
    "UPDATE catalog_revision SET action = 'merge' WHERE number = 3": [
        "paper vim-1: the ledger says that it was merged, and it is live."
    ],
    "UPDATE catalog_revision SET changed = '[]' WHERE number = 2": [
        "paper vim: revision 2 says that nothing changed, and its snapshot says year."
    ],
}


@pytest.mark.parametrize("sql", CORRUPTIONS)
def test_what_was_changed_by_hand_is_reported(paper: Paper, sql: str) -> None:
    by_hand(sql)

    assert reported() == CORRUPTIONS[sql]


def store(paper: Paper, number: int, **columns: Any) -> None:
    """Other JSON values in columns of a revision."""
    for column, value in columns.items():
        by_hand(
            f"UPDATE catalog_revision SET {column} = %s WHERE number = %s AND entry_id = %s",  # noqa: S608 -- ours
            value if column == "shape" else json.dumps(value),
            number,
            paper.pk,
        )


def snapshot(paper: Paper, number: int, without: str = "", **changes: Any) -> dict[str, Any]:
    """The snapshot of a revision, without a key or with other values."""
    values = {**Revision.objects.of("paper", paper.pk).get(number=number).snapshot, **changes}
    return {key: value for key, value in values.items() if key != without}


UNKNOWN = "no field of the form, and not listed as renamed or dropped"
WRONG_TYPES: list[tuple[dict[str, Any], str]] = [
    ({"sources": None}, "sources: Must be a list, not null."),
    ({"links": "x"}, "links: Must be a list, not text."),
    ({"section": []}, "section: Must be text or null, not a list."),
    ({"topics": [{}]}, "topics: Item 1 must be text."),
    ({"links": [5]}, "links: row 1: The fields must be an object."),
    (
        {"links": [{"kind": "code", "url": "https://example.org/", "label": "", "rel": "x"}]},
        "links: row 1, rel: Unknown field; known are: kind, url, label.",
    ),
]


class TestDamage:
    """Each is reported in a sentence, and what comes after it is still checked."""

    @pytest.fixture(autouse=True)
    def another(self, paper: Paper) -> None:
        """An entry that is checked after the damaged one."""
        make_revision("paper", entry=make_paper(name="Last"), year=2024)
        by_hand("UPDATE catalog_paper SET year = 1999 WHERE slug = 'last'")

    @pytest.fixture
    def place(self, paper: Paper) -> str:
        return "paper vim: revision 2"

    def reported_damage(self) -> list[str]:
        """What the command says of the first entry; it goes on to the last one."""
        *lines, last = reported()
        assert last == "paper last: the live entry differs from revision 2 in year."
        return lines

    def test_a_key_that_is_missing(self, paper: Paper, place: str) -> None:
        store(paper, 2, snapshot=snapshot(paper, 2, without="notes"))

        assert self.reported_damage() == [f"{place} lacks notes, although its shape is today's."]

    def test_a_key_that_is_missing_in_the_newest_revision(self, paper: Paper) -> None:
        store(paper, 3, snapshot=snapshot(paper, 3, without="notes"))

        assert self.reported_damage() == ["paper vim-1: revision 3 lacks notes, although its shape is today's."]

    def test_a_key_that_no_form_knows(self, paper: Paper, place: str) -> None:
        for number in (2, 3):
            store(paper, number, snapshot=snapshot(paper, number, film=1))

        names = {2: "vim", 3: "vim-1"}
        assert self.reported_damage() == [f"paper {names[n]}: revision {n} has film: {UNKNOWN}." for n in names]

    def test_a_key_that_was_dropped_before_it_was_written(
        self, paper: Paper, place: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(KINDS["paper"].form, "dropped", {"colour": "Nobody filled it in."})
        store(paper, 2, snapshot=snapshot(paper, 2, colour="red"))

        assert self.reported_damage() == [f"{place} has colour, although its shape is today's."]

    @pytest.mark.parametrize("shape", [KINDS["paper"].form.shape(), None])
    @pytest.mark.parametrize(("wrong", "message"), WRONG_TYPES, ids=[message for _, message in WRONG_TYPES])
    def test_a_value_of_a_wrong_type(
        self, paper: Paper, place: str, wrong: dict[str, Any], message: str, shape: int | None
    ) -> None:
        for number in (1, 2):
            store(paper, number, snapshot=snapshot(paper, number, **wrong), shape=shape)

        lines = self.reported_damage()

        assert lines[:2] == [f"paper vim: revision {number}, {message}" for number in (1, 2)]

    @pytest.mark.parametrize(
        ("value", "message"), [([], "a list"), (None, "null"), (5, "a whole number"), ("x", "text"), (1.5, "float")]
    )
    def test_a_snapshot_that_is_no_object(self, paper: Paper, place: str, value: Any, message: str) -> None:
        store(paper, 2, snapshot=value)

        assert self.reported_damage() == [f"{place}: the payload must be an object, not {message}."]

    def test_a_newest_snapshot_that_is_no_object(self, paper: Paper) -> None:
        store(paper, 3, snapshot=[])

        assert self.reported_damage() == ["paper vim-1: revision 3: the payload must be an object, not a list."]

    @pytest.mark.parametrize("value", [None, 5, {"a": 1}, "abc", [["year"]], [None]], ids=str)
    def test_changes_that_are_no_list_of_names(self, paper: Paper, place: str, value: Any) -> None:
        store(paper, 2, changed=value)

        assert self.reported_damage() == [
            f"{place}: what it says changed must be a list of fields, not {json.dumps(value)}."
        ]

    @pytest.mark.parametrize(("value", "message"), [(["zzz"], "zzz"), (["year", "zzz"], "year, zzz")])
    def test_changes_of_fields_that_no_form_knows(
        self, paper: Paper, place: str, value: list[str], message: str
    ) -> None:
        store(paper, 2, changed=value)

        assert self.reported_damage() == [f"{place} says that {message} changed, and its snapshot says year."]

    def test_a_creation_of_fields_that_no_form_knows(self, paper: Paper) -> None:
        store(paper, 1, changed=["zzz"])

        assert self.reported_damage() == [f"paper vim: revision 1 says that zzz changed: {UNKNOWN}."]

    def test_fields_that_were_dropped_since_may_have_changed(
        self, paper: Paper, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(KINDS["paper"].form, "dropped", {"colour": "Nobody filled it in."})
        store(paper, 2, changed=["year", "colour"])

        assert self.reported_damage() == []

    def test_a_revision_of_an_unknown_kind(self, paper: Paper) -> None:
        by_hand("UPDATE catalog_revision SET kind = 'film' WHERE number = 2 AND entry_id = %s", paper.pk)

        assert self.reported_damage() == [
            "film vim: revisions are not numbered 1 to 1.",
            "paper vim-1: revisions are not numbered 1 to 2.",
            "film vim: revision 2 is of an unknown kind.",
        ]


class TestProposals:
    def test_approved_ones_and_their_revisions_agree(self, paper: Paper) -> None:
        approve(proposal=propose_edit(paper, title="The title"), actor=moderator())
        assert reported() == []

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"revision_id": 999}, "is approved, and its revision is not in the ledger."),
            ({"decided_by": "mary"}, "names a revision that is not its own."),
            ({"kind": "dataset"}, "names a revision that is not its own."),
            ({"target_id": 999}, "names a revision that is not its own."),
        ],
    )
    def test_one_that_names_another_revision(self, paper: Paper, changes: dict[str, Any], message: str) -> None:
        done = approve(proposal=propose_edit(paper, title="The title"), actor=moderator())
        by = {"decided_by": moderator("mary")} if "decided_by" in changes else {}

        Proposal.objects.filter(pk=done.pk).update(**{**changes, **by})

        assert reported() == [f"Proposal {done.pk} {message}"]

    def test_a_state_that_no_event_led_to(self) -> None:
        proposal = propose(name="Vim")
        Proposal.objects.filter(pk=proposal.pk).update(status=Status.WITHDRAWN)

        assert reported() == [f"Proposal {proposal.pk} is withdrawn, and what happened to it says that it is pending."]

    @pytest.mark.parametrize("status", [Status.PENDING, Status.CHANGES_REQUESTED])
    @pytest.mark.parametrize(
        ("damage", "message"),
        [
            *[({key: value}, f", {message}") for wrong, message in WRONG_TYPES for key, value in wrong.items()],
            ({"film": 1, "colour": "red"}, f" has film, colour: {UNKNOWN}."),
            ([], ": the payload must be an object, not a list."),
            (5, ": the payload must be an object, not a whole number."),
        ],
    )
    def test_a_payload_of_an_open_one_that_cannot_be_read(self, damage: Any, message: str, status: Status) -> None:
        proposal = propose(name="Vim")
        if status == Status.CHANGES_REQUESTED:
            request_changes(proposal=proposal, actor=moderator(), reason="Say more.")
        payload = {**proposal.payload, **damage} if isinstance(damage, dict) else damage
        Proposal.objects.filter(pk=proposal.pk).update(payload=payload)

        assert reported() == [f"Proposal {proposal.pk}{message}"]

    def test_an_open_one_of_an_unknown_kind(self) -> None:
        proposal = propose(name="Vim")
        Proposal.objects.filter(pk=proposal.pk).update(kind="film")

        assert reported() == [f"Proposal {proposal.pk} is of an unknown kind."]

    def test_a_payload_of_a_closed_one_is_not_read_any_more(self) -> None:
        proposal = propose(name="Vim")
        withdraw(proposal=proposal, actor=proposal.author)
        Proposal.objects.filter(pk=proposal.pk).update(payload=[])

        assert reported() == []

    def test_an_open_one_that_older_code_wrote(self, monkeypatch: pytest.MonkeyPatch) -> None:
        proposal = propose(name="Vim")
        Proposal.objects.filter(pk=proposal.pk).update(payload=as_written_then(proposal.payload))
        declare_changes(monkeypatch)

        assert reported() == []


def test_a_verb_that_left_the_register_explains_any_status() -> None:
    proposal = propose(name="Vim")
    Event.objects.create(proposal=proposal, verb="escalate", actor=moderator(), at=timezone.now())
    Proposal.objects.filter(pk=proposal.pk).update(status=Status.CHANGES_REQUESTED)

    assert reported() == []


def test_a_revision_that_is_a_part_of_nothing_is_reported(paper: Paper) -> None:
    by_hand("UPDATE catalog_revision SET part_of_id = 0 WHERE number = 2")

    assert reported() == ["paper vim: revision 2 says that it is a part of revision 0, which it is not."]
