"""A merge or a restoration in a web request changes so many entries at most; a rollback in the worker, any number."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper
from catalog.ledger.merges import MAX_REFERENCES
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision
from submissions.models import Proposal
from submissions.review import ProposalReview
from submissions.workflow import Conflict, NewProposal, Target, approve, roll_back, submit, undo
from tests.factories import make_many, make_paper, make_revision, trace
from tests.people import confirmed, moderator, take_back

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]
MOST_QUERIES = 32
"""For each entry that is given back a reference, and for each edit, on PostgreSQL; two fewer on SQLite."""


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch) -> int:
    """The bound, in all places that ask for it."""
    for place in ("submissions.workflow.deciding", "submissions.workflow.undoing", "submissions.effects"):
        monkeypatch.setattr(f"{place}.MAX_REFERENCES", 2)
    return 2


def papers(references: int) -> tuple[Paper, Paper]:
    """A duplicate that so many components refer to, and the paper to merge it into."""
    duplicate, target = make_paper(name="Duplicate"), make_paper(name="Target")
    make_many("component", [{"name": f"Part {n}", "paper": "duplicate"} for n in range(references)])
    return duplicate, target


def joined(references: int) -> Revision:
    duplicate, target = papers(references)
    return merge(entry=duplicate, into=target, trace=trace("The same."))


def proposed(action: str, target: Target, into: Any = None) -> Proposal:
    asked = NewProposal(PAPER, action, target=target, into=into, comment="Because.")
    return submit(author=moderator("tim"), proposed=asked)


def referring_to(slug: str) -> int:
    return Component.objects.filter(paper__slug=slug).count()


@pytest.mark.parametrize("more", [0, 1])
def test_a_merge(most: int, more: int) -> None:
    duplicate, target = papers(most + more)
    proposal = proposed("merge", Target.live(duplicate), target)
    effects = ProposalReview(proposal).effects
    assert effects is not None

    if not more:
        assert (effects.blocker, approve(proposal=proposal, actor=moderator()).status) == ("", "approved")
        assert referring_to("target") == most
        return
    message = (
        "3 entries refer to Duplicate, and one merge changes 2 at most: let some of them refer to the entry that stays "
        "first, by edits."
    )
    assert effects.blocker == message
    with pytest.raises(Conflict, match=message):
        approve(proposal=proposal, actor=moderator())
    assert (referring_to("duplicate"), Proposal.objects.get().status) == (3, "pending")


@pytest.mark.parametrize("way", ["undo", "restore"])
@pytest.mark.parametrize("more", [0, 1])
def test_undoing_a_merge(most: int, way: str, more: int) -> None:
    revision = joined(most + more)

    def act() -> None:
        if way == "undo":
            take_back(revision)
        else:
            approve(proposal=proposed("restore", Target.retired(revision)), actor=moderator())

    if not more:
        act()
        assert referring_to("duplicate") == most
        return
    with pytest.raises(Conflict, match="changes 3 entries that referred to Duplicate, .* A rollback, which"):
        act()
    assert (referring_to("target"), Paper.objects.count()) == (3, 1)


def test_undoing_the_restoration_of_a_merge(most: int) -> None:
    merged = joined(most + 1)
    restored = restore(kind=PAPER, entry_id=merged.entry_id, trace=trace("They differ."))

    with pytest.raises(Conflict, match="one merge changes 2 at most"):
        undo(revision=restored, actor=moderator(), reason="The same after all.")
    assert referring_to("duplicate") == 3


def test_a_retired_entry_has_nothing_to_give_back(most: int) -> None:
    retired = retire(entry=make_paper(name="Spam"), trace=trace("Spam."))

    assert take_back(retired).action == "restore"


def test_a_rollback_undoes_any_merge(most: int) -> None:
    revision = joined(most + 1)
    rollback: Any = roll_back(
        account_id=revision.contributor_id or 0, since=revision.at, actor=moderator(), reason="They differ."
    )

    assert [outcome.error_message for outcome in confirmed(rollback, moderator("mary"))] == [""]
    assert referring_to("duplicate") == 3


def test_giving_back_a_reference_costs_no_more_than_two_edits() -> None:
    """So many edits as MAX_REFERENCES are far from the end of a request. Restoring takes longer than merging; processor
    time of one run is compared, which neither waiting for others nor a slow machine changes. That an edit itself stays
    cheap, the number of queries tells."""
    references = MAX_REFERENCES // 3
    merged = joined(references)

    with CaptureQueriesContext(connection) as for_restoring:
        restoring = seconds(lambda: restore(kind=PAPER, entry_id=merged.entry_id, trace=trace("They differ.")))
    parts = list(Component.objects.with_references().filter(paper__slug="duplicate"))
    with CaptureQueriesContext(connection) as for_editing:
        editing = seconds(lambda: [make_revision("component", part, summary="Edited.") for part in parts])

    assert referring_to("duplicate") == references
    assert restoring < 2 * editing
    assert max(len(for_restoring), len(for_editing)) <= MOST_QUERIES * references


def seconds(call: Callable[[], Any]) -> float:
    """The processor time that a call takes."""
    start = time.process_time()
    call()
    return time.process_time() - start
