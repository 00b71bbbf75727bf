"""Taking back what was published, where others or the same person acted since."""

from typing import Any

import pytest
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import restore, retire
from catalog.models import Revision
from submissions.models import Proposal
from submissions.workflow import Conflict, NotAllowed, approve, undo
from tests.catalog.ledger.test_damaged_payloads import damage
from tests.factories import make_component, make_paper, make_revision, trace
from tests.people import (
    admin,
    contributor,
    moderator,
    propose,
    propose_edit,
    signed_in,
    take_back,
    take_back_all,
)
from tests.submissions.http import QUEUE, ask

pytestmark = pytest.mark.django_db


def live(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def revision_of(proposal: Proposal) -> Revision:
    return Revision.objects.get(pk=proposal.revision_id or 0)


@pytest.mark.parametrize("make", [moderator, admin])
def test_nobody_brings_their_own_change_back_by_undoing_its_undoing(make: Any) -> None:
    author = make("mary")
    done = approve(proposal=propose_edit(make_paper(name="Vim"), author=author, year=1999), actor=moderator())
    undone = take_back(revision_of(done), moderator("tim"))

    with pytest.raises(NotAllowed, match="This took back a change of your own"):
        undo(revision=undone, actor=author, reason="It was right.")
    assert take_back(undone, moderator("eve")).snapshot["year"] == 1999


def test_ones_own_change_can_be_taken_back() -> None:
    paper = make_paper(name="Vim")
    done = approve(proposal=propose_edit(paper, author=moderator("mary"), year=1999), actor=moderator())

    assert take_back(revision_of(done), moderator("mary")).snapshot["year"] is None


def test_undoing_a_creation_twice_reports_that_the_entry_is_retired() -> None:
    created = revision_of(approve(proposal=propose(name="Vim"), actor=moderator()))
    path, client = f"{QUEUE}undo/{created.pk}/", signed_in(moderator())

    take_back(created)
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

    outcomes = take_back_all(bob, start)

    assert [outcome.error_message for outcome in outcomes] == ["", ""]
    assert not Paper.objects.exists()


def test_what_a_roll_back_may_not_undo_is_reported_and_does_not_stop_the_rest() -> None:
    start = timezone.now()
    mary, paper = moderator("mary"), make_paper(name="Vim")
    done = approve(proposal=propose_edit(paper, author=mary, year=1999), actor=moderator())
    undo(revision=revision_of(done), actor=moderator("tim"), reason="Wrong.")
    approve(proposal=propose(author=moderator("tim"), name="Other"), actor=moderator())

    outcomes = take_back_all(moderator("tim"), start, actor=mary)

    assert [outcome.error_message for outcome in outcomes] == [
        "",
        "This took back a change of your own: let another moderator decide.",
    ]


@pytest.mark.parametrize("damaged", [1, 2])
def test_a_revision_that_is_no_object_is_not_undone_and_its_page_opens(damaged: int) -> None:
    paper = make_paper(name="Vim")
    revision = make_revision("paper", entry=paper, year=2024)
    damage(Revision.objects.of("paper", paper.pk).get(number=damaged), snapshot=[1])
    path, client = f"{QUEUE}undo/{revision.pk}/", signed_in(moderator())

    assert client.get(f"/admin/submissions/proposal/undo/{revision.pk}/").status_code == 200
    status, text = ask(client, path, {"reason": "Wrong."})
    assert (status, f"What revision {damaged} says cannot be read" in text) == (409, True)


def test_what_undoing_brings_back_says_where_it_comes_from() -> None:
    paper = make_paper(name="Vim", year=2022)
    changed = make_revision("paper", entry=paper, year=2023)

    assert take_back(changed).source == "Revision 1 of this entry"


def test_undoing_does_not_bring_back_a_source_without_its_value() -> None:
    source = {"field": "year", "url": "https://example.org/", "note": "", "confidence": "confirmed"}
    paper = make_paper(name="Vim", year=2022, sources=[source])
    without = make_revision("paper", entry=paper, title="Vi", sources=[])
    make_revision("paper", entry=live(paper), year=2023)

    assert take_back(without).snapshot["sources"] == []
