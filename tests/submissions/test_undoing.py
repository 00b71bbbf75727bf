"""Taking back what was published, where others or the same person acted since."""

from typing import Any

import pytest
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import restore, retire
from catalog.models import Revision
from submissions.models import Proposal
from submissions.workflow import Conflict, NotAllowed, approve, roll_back, undo
from tests.catalog.ledger.test_damaged_payloads import damage
from tests.factories import make_component, make_paper, make_revision, trace
from tests.people import admin, contributor, moderator, propose, propose_edit, signed_in
from tests.submissions.http import DONE, QUEUE, ask

pytestmark = pytest.mark.django_db


def live(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def revision_of(proposal: Proposal) -> Revision:
    return Revision.objects.get(pk=proposal.revision_id or 0)


@pytest.mark.parametrize("make", [moderator, admin])
def test_nobody_brings_their_own_change_back_by_undoing_its_undoing(make: Any) -> None:
    author = make("mary")
    done = approve(proposal=propose_edit(make_paper(name="Vim"), author=author, year=1999), actor=moderator())
    undone = undo(revision=revision_of(done), actor=moderator("tim"), reason="Wrong.")

    with pytest.raises(NotAllowed, match="This took back a change of your own"):
        undo(revision=undone, actor=author, reason="It was right.")
    assert undo(revision=undone, actor=moderator("eve"), reason="It was right.").snapshot["year"] == 1999


def test_ones_own_change_can_be_taken_back() -> None:
    paper = make_paper(name="Vim")
    done = approve(proposal=propose_edit(paper, author=moderator("mary"), year=1999), actor=moderator())

    assert undo(revision=revision_of(done), actor=moderator("mary"), reason="My mistake.").snapshot["year"] is None


def test_undoing_a_creation_twice_reports_that_the_entry_is_retired() -> None:
    created = revision_of(approve(proposal=propose(name="Vim"), actor=moderator()))
    path, client = f"{QUEUE}undo/{created.pk}/", signed_in(moderator())

    assert ask(client, path, {"reason": "Spam."})[0] == DONE
    status, text = ask(client, path, {"reason": "Spam."})
    assert (status, "The entry is not in the catalogue any more." in text) == (409, True)


def test_an_older_retirement_does_not_undo_a_newer_one() -> None:
    paper = make_paper(name="Vim")
    first = retire(entry=paper, trace=trace("First."))
    restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())
    retire(entry=live(paper), trace=trace("Second, and for good."))

    with pytest.raises(Conflict, match="the entry is at revision 4 now"):
        undo(revision=first, actor=moderator(), reason="It is real.")
    assert not Paper.objects.exists()


def test_a_reference_that_moved_since_is_no_change_of_others() -> None:
    part = make_component(name="ViT")
    paper = make_paper(name="Vim")
    rows = [{"component": part.slug, "variants": [], "note": ""}]
    done = approve(proposal=propose_edit(paper, vision_encoders=rows), actor=moderator())
    make_revision("component", entry=part, slug="vision-transformer", name="ViT")

    undo(revision=revision_of(done), actor=moderator(), reason="It has none.")

    assert not live(paper).parts.exists()


def test_rolling_back_takes_a_creation_that_its_author_edited_since() -> None:
    start = timezone.now()
    bob = contributor("bob")
    made = approve(proposal=propose(author=bob, name="Spam"), actor=moderator())
    paper = Paper.objects.with_references().get(pk=revision_of(made).entry_id)
    approve(proposal=propose_edit(paper, author=bob, year=2024), actor=moderator())

    outcomes = roll_back(account_id=bob.pk, since=start, actor=moderator(), reason="A vandal.")

    assert [outcome.error_message for outcome in outcomes] == ["", ""]
    assert not Paper.objects.exists()


def test_what_a_roll_back_may_not_undo_is_reported_and_does_not_stop_the_rest() -> None:
    start = timezone.now()
    mary, paper = moderator("mary"), make_paper(name="Vim")
    done = approve(proposal=propose_edit(paper, author=mary, year=1999), actor=moderator())
    undo(revision=revision_of(done), actor=moderator("tim"), reason="Wrong.")
    approve(proposal=propose(author=moderator("tim"), name="Other"), actor=moderator())

    outcomes = roll_back(account_id=moderator("tim").pk, since=start, actor=mary, reason="All wrong.")

    assert [outcome.error_message for outcome in outcomes] == [
        "",
        "This took back a change of your own: let another moderator decide.",
    ]


@pytest.mark.parametrize("stored", [[], None, 5, "x"], ids=str)
@pytest.mark.parametrize("number", [1, 2])
def test_a_damaged_revision_is_reported_and_does_not_stop_a_roll_back(stored: Any, number: int) -> None:
    start = timezone.now()
    paper = make_paper(name="Vim")
    edit = make_revision("paper", entry=paper, year=2021)
    other = make_revision("paper", entry=make_paper(name="Other"), year=2021)
    damage(Revision.objects.of("paper", paper.pk).get(number=number), snapshot=stored)

    outcomes = roll_back(account_id=edit.contributor_id or 0, since=start, actor=moderator(), reason="Spam.")

    errors = {outcome.subject.pk: outcome.error_message for outcome in outcomes}
    assert errors[edit.pk] == f"Revision {number} is damaged: propose an edit instead."
    assert (errors[other.pk], live(paper).year) == ("", 2021)
    assert signed_in(moderator()).get(f"{QUEUE}undo/{edit.pk}/").status_code == 200
