"""verify_ledger finds each way in which ledger, live rows and proposals can come to disagree."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions.models import Proposal
from submissions.states import Status
from submissions.workflow import approve
from tests.factories import make_component, make_paper, make_revision
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


def told() -> list[str]:
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
    found = make_paper(name="Vim")
    make_revision("paper", entry=found, year=2024)
    make_revision("paper", entry=Paper.objects.with_references().get(), slug="vim-1")
    found.refresh_from_db()
    return found


def test_all_is_well_after_edits_moves_and_references_to_what_moved(paper: Paper) -> None:
    part = make_component(name="ViT")
    make_paper(name="Other", vision_encoders=[{"component": "vit", "variants": [], "note": ""}])
    make_revision("component", entry=part, slug="vision-transformer")

    assert told() == []


CORRUPTIONS = {
    "UPDATE catalog_paper SET year = 1999": ["paper vim-1: the live entry differs from revision 3 in year."],
    "UPDATE catalog_paper SET slug = 'vim-2'": ["paper vim-2: it is at revision 3, the ledger at 3 (vim-1)."],
    "UPDATE catalog_paper SET revision = 2": ["paper vim-1: it is at revision 2, the ledger at 3 (vim-1)."],
    "DELETE FROM catalog_paper": ["paper vim-1: the ledger says it is live, and there is no such entry."],
    "DELETE FROM catalog_revision": ["paper vim-1: it is live, and the ledger does not know it."],
    "DELETE FROM catalog_revision WHERE number = 3": ["paper vim-1: it is at revision 3, the ledger at 2 (vim)."],
    "DELETE FROM catalog_revision WHERE number = 2": ["paper {pk}: revisions are not numbered 1 to 2."],
    "DELETE FROM catalog_revision WHERE number = 1": ["paper {pk}: revisions are not numbered 1 to 2."],
    "UPDATE catalog_revision SET action = 'retire' WHERE number = 3": [
        "paper vim-1: the ledger says that it was retired, and it is live."
    ],
    "UPDATE catalog_revision SET action = 'merge' WHERE number = 3": [
        "paper vim-1: the ledger says that it was merged, and it is live."
    ],
    "UPDATE catalog_revision SET changed = '[]' WHERE number = 2": [
        "paper {pk}: revision 2 says that nothing changed, and its snapshot says year."
    ],
}


@pytest.mark.parametrize("sql", CORRUPTIONS)
def test_what_was_changed_by_hand_is_found(paper: Paper, sql: str) -> None:
    by_hand(sql)

    assert told() == [line.format(pk=paper.pk) for line in CORRUPTIONS[sql]]


class TestProposals:
    def test_approved_ones_and_their_revisions_agree(self, paper: Paper) -> None:
        approve(proposal=propose_edit(paper, title="The title"), actor=moderator())
        assert told() == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"revision_id": 999}, "is approved, and its revision is not in the ledger."),
            ({"decided_by": "mary"}, "names a revision that is not its own."),
            ({"kind": "dataset"}, "names a revision that is not its own."),
            ({"target_id": 999}, "names a revision that is not its own."),
        ],
    )
    def test_one_that_names_another_revision(self, paper: Paper, changes: dict[str, Any], words: str) -> None:
        done = approve(proposal=propose_edit(paper, title="The title"), actor=moderator())
        by = {"decided_by": moderator("mary")} if "decided_by" in changes else {}

        Proposal.objects.filter(pk=done.pk).update(**{**changes, **by})

        assert told() == [f"Proposal {done.pk} {words}"]

    def test_a_state_that_no_event_led_to(self) -> None:
        proposal = propose(name="Vim")
        Proposal.objects.filter(pk=proposal.pk).update(status=Status.WITHDRAWN)

        assert told() == [f"Proposal {proposal.pk} is withdrawn, and what happened to it says that it is pending."]
