"""The one way a change goes through: who may, from which state, and what it leaves behind."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import retire
from catalog.models import Revision
from submissions.models import Event, Proposal, ProposalAction
from submissions.verbs import APPROVE
from submissions.workflow import (
    AlreadyProposed,
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    StaleProposal,
    Target,
    approve,
    claim,
    comment,
    edit_directly,
    lock,
    rebase,
    reject,
    release,
    request_changes,
    revise,
    revisions_since,
    submit,
    undo,
    unlock,
    withdraw,
)
from tests.factories import make_paper, make_result, make_revision, trace
from tests.people import admin, contributor, decide_each, moderator, propose, propose_edit, take_back, take_back_all

pytestmark = pytest.mark.django_db


def verbs(proposal: Proposal) -> list[tuple[str, str]]:
    return list(Event.objects.filter(proposal=proposal).values_list("verb", "actor__username"))


def live(entry: Any) -> Paper:
    return Paper.objects.with_references().get(pk=entry.pk)  # type: ignore[no-any-return]


class TestSubmit:
    def test_a_proposal_waits_and_nothing_is_published(self) -> None:
        proposal = propose(name="Vim")

        assert (proposal.status, proposal.name, proposal.version) == ("pending", "Vim", 1)
        assert proposal.priority_reason == "First proposal of a newcomer"
        assert verbs(proposal) == [("submit", "ada")]
        assert not Paper.objects.exists()
        assert not Revision.objects.exists()

    def test_the_form_of_the_kind_judges_the_payload(self) -> None:
        with pytest.raises(Invalid) as refused:
            propose(name="", year="next", links=[{"kind": "code", "url": "javascript:alert(1)"}], colour="red")

        [unknown] = refused.value.errors.pop("colour")
        assert unknown.startswith("Unknown field; known are: name, summary, notes, year, ")
        assert refused.value.errors == {"year": ["Write a whole number in digits alone, at most twelve of them."]}

    def test_an_edit_needs_a_source_and_a_change(self) -> None:
        paper = make_paper(name="Vim", year=2024)
        kind, target = KINDS["paper"], Target.live(paper)

        with pytest.raises(Invalid, match="Give a source"):
            submit(
                author=contributor(),
                proposed=NewProposal(kind=kind, action=ProposalAction.EDIT, payload={"name": "Vim"}, target=target),
            )
        with pytest.raises(Invalid, match="Nothing is changed"):
            propose_edit(paper)

    def test_a_repeated_proposal_differs_from_a_new_one(self) -> None:
        first = propose(name="Vim")

        with pytest.raises(AlreadyProposed) as refused:
            propose(name="Vim")

        assert refused.value.proposal_id == first.pk

    def test_a_locked_entry_takes_edits_of_moderators_only(self) -> None:
        paper = make_paper(name="Vim")
        lock(entry=paper, actor=moderator(), reason="An edit war.")

        with pytest.raises(NotAllowed, match="This entry is locked: An edit war"):
            propose_edit(paper, year=2024)
        assert propose_edit(paper, author=moderator("mary"), year=2024).status == "pending"

        unlock(entry=paper, actor=moderator())
        assert propose_edit(paper, year=2023).status == "pending"

    def test_retiring_merging_and_flags_need_a_reason(self) -> None:
        paper, into_entry = make_paper(name="Vim"), make_paper(name="Vim 2")
        for action in (ProposalAction.RETIRE, ProposalAction.MERGE, ProposalAction.FLAG):
            with pytest.raises(Invalid, match="Say why"):
                submit(
                    author=contributor(),
                    proposed=NewProposal(
                        kind=KINDS["paper"],
                        action=action,
                        target=Target.live(paper),
                        into=into_entry if action == ProposalAction.MERGE else None,
                    ),
                )


class TestDecide:
    def test_an_approved_proposal_is_the_revision_it_became(self) -> None:
        proposal = approve(proposal=propose(name="Vim", year=2024), actor=moderator(), comment="Fine.")

        revision = Revision.objects.get(pk=proposal.revision_id or 0)
        assert (proposal.status, proposal.decided_by, proposal.decision) == ("approved", moderator(), "Fine.")
        assert (revision.name, revision.contributor, revision.approver) == ("Vim", "ada", "hedy")
        assert Paper.objects.get().year == 2024
        assert verbs(proposal) == [("submit", "ada"), ("approve", "hedy")]

    @pytest.mark.parametrize("verb", [approve, reject, request_changes])
    def test_nobody_decides_on_their_own_and_only_moderators_decide(self, verb: Any) -> None:
        arguments = {} if verb is approve else {"reason": "No."}
        own = propose(author=admin(), name="Own")
        other = propose(name="Other")

        with pytest.raises(NotAllowed, match="Nobody decides on their own"):
            verb(proposal=own, actor=admin(), **arguments)
        with pytest.raises(NotAllowed, match="Only moderators decide"):
            verb(proposal=other, actor=contributor("bob"), **arguments)

    def test_what_was_decided_is_decided(self) -> None:
        proposal = propose(name="Vim")
        approve(proposal=proposal, actor=moderator())

        with pytest.raises(Conflict, match="hedy has approved this proposal already"):
            reject(proposal=proposal, actor=moderator("mary"), reason="No.")
        with pytest.raises(Conflict, match="hedy has approved"):
            withdraw(proposal=Proposal.objects.get(), actor=contributor())

    def test_changes_are_requested_made_and_approved(self) -> None:
        proposal = propose(name="Vim")

        sent_back = request_changes(proposal=proposal, actor=moderator(), reason="The year?")
        with pytest.raises(Conflict, match="waits for its author"):
            approve(proposal=sent_back, actor=moderator())
        revised = revise(
            proposal=sent_back,
            actor=contributor(),
            payload={"name": "Vim", "year": 2024},
            source="The report",
            comment="",
        )
        done = approve(proposal=revised, actor=moderator())

        assert [sent_back.status, revised.status, done.status] == ["changes-requested", "pending", "approved"]
        assert Event.objects.values_list("payload__payload__year", flat=True).get(verb="revise") is None
        assert Paper.objects.get().year == 2024

    def test_some_fields_only_with_the_sources_that_belong_to_them(self) -> None:
        paper = make_paper(name="Vim")
        sources = [
            {"field": key, "url": "https://arxiv.org/abs/1", "note": "", "confidence": "confirmed", "source_class": ""}
            for key in ("year", "title")
        ]
        proposal = propose_edit(paper, year=2024, title="Wrong", sources=sources)

        approve(proposal=proposal, actor=moderator(), fields={"year"})

        edited = live(paper)
        assert (edited.year, edited.title, edited.sources) == (2024, "", [sources[0]])
        assert Event.objects.get(verb="approve").comment == "Not published: Title."

    def test_edited_by_the_moderator(self) -> None:
        proposal = propose(name="vim", year=2024)

        done = approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "name": "Vim"})

        assert (Paper.objects.get().name, done.payload["name"]) == ("Vim", "vim")
        assert Event.objects.get(verb="approve").comment == "Published with another value: Name."

    def test_a_stale_base_is_refused_and_brought_up_to_date_where_nothing_collides(self) -> None:
        paper = make_paper(name="Vim", links=[])
        link = {"kind": "code", "url": "https://github.com/x/vim", "label": ""}
        other = {"kind": "arxiv", "url": "https://arxiv.org/abs/2409.12191", "label": ""}
        proposal = propose_edit(paper, year=2024, links=[link])
        make_revision("paper", entry=live(paper), title="The title", links=[other])

        with pytest.raises(StaleProposal, match="from revision 1, the entry is at revision 2"):
            approve(proposal=proposal, actor=moderator())
        fresh = rebase(proposal=proposal, actor=moderator())
        approve(proposal=fresh, actor=moderator())

        edited = live(paper)
        assert (edited.year, edited.title, edited.links) == (2024, "The title", [other, link])

    def test_colliding_fields_are_named(self) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024)
        make_revision("paper", entry=live(paper), year=2023)

        with pytest.raises(Conflict, match="Both changed year"):
            rebase(proposal=proposal, actor=moderator())

    def test_claim_and_release_tell_the_others_and_hold_nobody_off(self) -> None:
        proposal = propose(name="Vim")

        claimed = claim(proposal=proposal, actor=moderator())
        released = release(proposal=claimed, actor=moderator())

        assert (claimed.claimed_by, released.claimed_by) == (moderator(), None)
        again = claim(proposal=released, actor=moderator())
        assert reject(proposal=again, actor=moderator("mary"), reason="No.").claimed_by is None

    def test_an_old_version_is_refused(self) -> None:
        proposal = propose(name="Vim")
        revise(proposal=proposal, actor=contributor(), payload={"name": "Vim 2"}, source="The report", comment="")

        with pytest.raises(Conflict, match="Somebody changed this proposal a moment ago"):
            approve(proposal=proposal, actor=moderator(), version=1)

    def test_several_are_decided_one_by_one(self) -> None:
        fine, own = propose(name="Fine"), propose(author=moderator(), name="Own")

        outcomes = decide_each(APPROVE, [fine, own], moderator())

        assert [outcome.error_message for outcome in outcomes] == ["", "Nobody decides on their own proposal."]
        assert list(Paper.objects.values_list("name", flat=True)) == ["Fine"]


class TestTwoModerators:
    def test_retiring_takes_two(self) -> None:
        paper = make_paper(name="Vim")
        proposal = submit(
            author=contributor(),
            proposed=NewProposal(
                kind=KINDS["paper"], action=ProposalAction.RETIRE, target=Target.live(paper), comment="It is no model."
            ),
        )

        agreed = approve(proposal=proposal, actor=moderator())
        assert (agreed.status, agreed.seconded_by) == ("pending", moderator())
        with pytest.raises(NotAllowed, match="second moderator"):
            approve(proposal=agreed, actor=moderator())
        done = approve(proposal=agreed, actor=moderator("mary"))

        assert done.status == "approved"
        assert not Paper.objects.exists()
        assert verbs(done) == [("submit", "ada"), ("second", "hedy"), ("approve", "mary")]

    def test_an_author_who_is_a_moderator_is_the_first(self) -> None:
        duplicate, target = make_paper(name="Vim"), make_paper(name="VIM")
        proposal = submit(
            author=moderator("mary"),
            proposed=NewProposal(
                kind=KINDS["paper"],
                action=ProposalAction.MERGE,
                target=Target.live(duplicate),
                into=target,
                comment="The same.",
            ),
        )

        assert approve(proposal=proposal, actor=moderator()).status == "approved"
        assert list(Paper.objects.all()) == [target]

    def test_what_is_referred_to_is_not_retired_and_the_proposal_waits_on(self) -> None:
        result = make_result()
        proposal = submit(
            author=moderator("mary"),
            proposed=NewProposal(
                kind=KINDS["paper"], action=ProposalAction.RETIRE, target=Target.live(result.paper), comment="No model."
            ),
        )

        with pytest.raises(Conflict, match="cannot be retired while these refer to it"):
            approve(proposal=proposal, actor=moderator())
        assert Proposal.objects.get(pk=proposal.pk).status == "pending"


def test_a_flag_lands_in_the_queue_and_becomes_no_revision() -> None:
    paper = make_paper(name="Vim")
    flag = submit(
        author=contributor(),
        proposed=NewProposal(
            kind=KINDS["paper"], action=ProposalAction.FLAG, target=Target.live(paper), comment="Wrong year."
        ),
    )

    done = approve(proposal=flag, actor=moderator(), comment="Corrected.")

    assert (flag.priority_reason, done.status, done.revision_id) == (
        "Somebody says that what readers see is wrong",
        "approved",
        None,
    )


class TestUndo:
    def test_an_edit_is_taken_back_and_what_others_did_since_stays(self) -> None:
        paper = make_paper(name="Vim", year=2023)
        done = approve(proposal=propose_edit(paper, year=2024), actor=moderator())
        make_revision("paper", entry=live(paper), title="The title")

        revision = take_back(Revision.objects.get(pk=done.revision_id or 0))

        edited = live(paper)
        assert (edited.year, edited.title, edited.revision) == (2023, "The title", 4)
        assert (revision.contributor, revision.approver) == ("hedy", "")
        assert verbs(done)[-1] == ("undo", "hedy")

    def test_a_field_that_was_changed_again_is_not(self) -> None:
        paper = make_paper(name="Vim", year=2023)
        second = make_revision("paper", entry=paper, year=2024)
        make_revision("paper", entry=live(paper), year=2025)

        with pytest.raises(Conflict, match="changed again since: year"):
            undo(revision=second, actor=moderator(), reason="No.")

    def test_a_creation_is_retired_and_a_retirement_restored(self) -> None:
        done = approve(proposal=propose(name="Vim"), actor=moderator())

        retired = take_back(Revision.objects.get(pk=done.revision_id or 0))
        assert (retired.action, Paper.objects.exists()) == ("retire", False)
        assert take_back(retired).action == "restore"
        assert Paper.objects.get().name == "Vim"

    def test_all_that_one_account_did_since(self) -> None:
        start = timezone.now()
        paper = make_paper(name="Vim")
        spam = approve(proposal=propose(author=contributor("bob"), name="Spam"), actor=moderator())
        approve(proposal=propose_edit(paper, author=contributor("bob"), year=1999), actor=moderator())

        bob = contributor("bob").pk
        preview = revisions_since(bob, start)
        outcomes = take_back_all(contributor("bob"), start)

        assert [row.name for row in preview] == ["Vim", "Spam"]
        assert [outcome.error_message for outcome in outcomes] == ["", ""]
        assert live(paper).year is None
        assert not Paper.objects.filter(name="Spam").exists()
        assert Revision.objects.filter(pk=spam.revision_id or 0).exists()
        assert revisions_since(bob, start + timedelta(hours=1)) == []


class TestDirectly:
    def test_an_admin_edits_through_the_same_publish(self) -> None:
        paper = make_paper(name="Vim")

        revision = edit_directly(
            entry=paper, actor=admin(), payload={"name": "Vim", "year": 2024}, base=1, source="the report", comment=""
        )

        assert (revision.number, revision.contributor, revision.approver) == (2, "root", "")

    def test_a_moderator_does_not(self) -> None:
        with pytest.raises(NotAllowed, match="Only admins"):
            edit_directly(
                entry=make_paper(name="Vim"),
                actor=moderator(),
                payload={"name": "V"},
                base=1,
                source="p. 3",
                comment="",
            )

    def test_an_entry_that_was_retired_meanwhile_is_a_conflict(self) -> None:
        paper = make_paper(name="Vim")
        retire(entry=live(paper), trace=trace())

        with pytest.raises(Conflict, match="not in the catalogue any more"):
            edit_directly(
                entry=paper, actor=admin(), payload={"name": "Vim", "year": 2024}, base=1, source="Table 1", comment=""
            )


def test_both_sides_talk_and_nobody_else() -> None:
    proposal = propose(name="Vim")

    comment(proposal=proposal, actor=moderator(), comment="Which year?")
    comment(proposal=proposal, actor=contributor(), comment="2024.")
    with pytest.raises(NotAllowed):
        comment(proposal=proposal, actor=contributor("bob"), comment="Hello.")
    with pytest.raises(Invalid):
        comment(proposal=proposal, actor=contributor(), comment="  ")

    assert verbs(proposal) == [("submit", "ada"), ("comment", "hedy"), ("comment", "ada")]
