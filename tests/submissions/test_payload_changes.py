"""Proposals that were made with older code, and proposals about entries that were: every verb still works."""

from typing import Any

import pytest

from catalog.kinds import KINDS, Kind
from catalog.ledger.integrity import find_errors
from catalog.models import Entry, Revision
from submissions import workflow
from submissions.models import Proposal, ProposalAction
from submissions.workflow import AlreadyProposed, Invalid, NewProposal, Target, submit
from tests.examples import FULL
from tests.factories import make
from tests.older_code import ADDED, FORMER, as_written_then, declare_changes, older_code
from tests.people import contributor, moderator, propose, propose_edit, signed_in, take_back

pytestmark = pytest.mark.django_db

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


@pytest.fixture(autouse=True)
def changes(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_changes(monkeypatch)


def old_entry(kind: Kind) -> Entry:
    """An entry by older code."""
    with older_code():
        entry: Entry = make(kind.name, **{**FULL[kind.name], "notes": "First."})
    return entry


def live(entry: Entry) -> Entry:
    loaded: Entry = KINDS[entry.kind].model.objects.with_references().get(pk=entry.pk)
    return loaded


def revision_of(proposal: Proposal) -> Revision:
    assert proposal.revision_id is not None
    return Revision.objects.get(pk=proposal.revision_id)


def aged(proposal: Proposal) -> Proposal:
    """The proposal as older code stored it."""
    Proposal.objects.filter(pk=proposal.pk).update(payload=as_written_then(proposal.payload))
    return Proposal.objects.get(pk=proposal.pk)


@every_kind
def test_an_edit_of_an_old_entry_that_changes_nothing_is_refused(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)

    with pytest.raises(Invalid, match="Nothing is changed"):
        propose_edit(entry)


@every_kind
def test_an_old_edit_is_published_in_todays_shape(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    before = kind.dump(entry)
    proposal = aged(propose_edit(entry, notes="Second.", year=2020))

    approved = workflow.approve(proposal=proposal, actor=moderator())

    revision = revision_of(approved)
    assert revision.changed == ["notes", "year"]
    assert kind.dump(live(entry)) == {**before, "notes": "Second.", "year": 2020}
    assert list(find_errors()) == []


@every_kind
def test_an_old_new_entry_is_published_in_todays_shape(kind: Kind, surroundings: None) -> None:
    proposal = aged(propose(kind.name, **{"name": "New", **FULL[kind.name], "notes": "N."}))

    approved = workflow.approve(proposal=proposal, actor=moderator())

    entry = kind.model.objects.with_references().get(pk=revision_of(approved).entry_id)
    assert kind.dump(entry)["notes"] == "N."
    assert list(find_errors()) == []


@every_kind
def test_an_old_edit_is_brought_up_to_date_without_a_collision(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    old = aged(propose_edit(entry, notes="Second."))
    other = propose_edit(entry, contributor("grace"), aliases=["Also"])
    workflow.approve(proposal=other, actor=moderator())

    fresh = workflow.rebase(proposal=old, actor=old.author)

    assert (fresh.base, fresh.payload["notes"], fresh.payload["aliases"]) == (2, "Second.", ["Also"])
    assert FORMER not in fresh.payload


@every_kind
def test_an_old_edit_is_approved_in_part(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    old = aged(propose_edit(entry, notes="Second.", year=2020))

    workflow.approve(proposal=old, actor=moderator(), fields={"notes"})

    after = kind.dump(live(entry))
    assert (after["notes"], after["year"]) == ("Second.", kind.dump(entry)["year"])


@every_kind
def test_an_old_change_is_undone(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    before = kind.dump(entry)
    with older_code():
        approved = workflow.approve(proposal=propose_edit(entry, notes="Second."), actor=moderator())

    workflow.undo(revision=revision_of(approved), actor=moderator("mary"), reason="Wrong.")

    assert kind.dump(live(entry)) == before
    assert list(find_errors()) == []


@every_kind
def test_an_old_creation_is_undone_and_the_entry_restored(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    before = kind.dump(entry)
    take_back(Revision.objects.of(kind.name, entry.pk).get())
    last = Revision.objects.of(kind.name, entry.pk).last()
    assert last is not None

    back = submit(
        author=contributor(),
        proposed=NewProposal(kind, ProposalAction.RESTORE, target=Target.retired(last), comment="It is right."),
    )
    workflow.approve(proposal=workflow.approve(proposal=back, actor=moderator("mary")), actor=moderator("tim"))

    assert kind.dump(live(entry)) == before


@every_kind
def test_proposing_again_an_old_new_entry_is_recognised(kind: Kind, surroundings: None) -> None:
    fields = {"name": "New", **FULL[kind.name], "notes": "N.", ADDED: []}
    old = aged(propose(kind.name, **fields))

    with pytest.raises(AlreadyProposed) as refused:
        propose(kind.name, **fields)

    assert refused.value.proposal_id == old.pk


@every_kind
def test_proposing_again_an_old_edit_is_recognised(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    old = aged(propose_edit(entry, notes="Second.", aliases=[]))

    with pytest.raises(AlreadyProposed) as refused:
        propose_edit(entry, notes="Second.", aliases=[])

    assert refused.value.proposal_id == old.pk
    assert propose_edit(entry, notes="Third.", aliases=[]).pk != old.pk


@every_kind
class TestPages:
    def test_the_author_and_the_moderator_see_an_old_edit(self, kind: Kind, surroundings: None) -> None:
        entry = old_entry(kind)
        proposal = aged(propose_edit(entry, notes="Second."))
        author, reviewer = signed_in(proposal.author), signed_in(moderator())

        pages = [
            author.get(f"/submissions/{proposal.pk}/"),
            author.get(f"/submissions/{proposal.pk}/revise/"),
            reviewer.get("/admin/submissions/proposal/"),
            reviewer.get(f"/admin/submissions/proposal/{proposal.pk}/change/"),
            reviewer.get(f"/admin/submissions/proposal/{proposal.pk}/edit/"),
        ]

        assert [page.status_code for page in pages] == [200] * 5
        review = pages[3].content.decode()
        assert "Second." in review
        assert "Colour" not in review
        assert "changes remarks" in pages[2].content.decode()

    def test_the_api_gives_an_old_proposal_todays_keys(self, kind: Kind, surroundings: None) -> None:
        entry = old_entry(kind)
        proposal = aged(propose_edit(entry, notes="Second."))

        answer: Any = signed_in(proposal.author).get(f"/api/v1/proposals/{proposal.pk}/").json()

        assert list(answer["fields"]) == list(kind.form.payload_keys())
        assert answer["fields"]["notes"] == "Second."


@every_kind
def test_an_old_proposal_is_revised(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    proposal = aged(propose_edit(entry, notes="Second."))

    fresh = workflow.revise(
        proposal=proposal,
        actor=proposal.author,
        payload={**proposal.current_payload, "notes": "Third."},
        source=proposal.source,
        comment="",
    )

    assert fresh.payload == {**kind.dump(entry), "notes": "Third."}
