"""What takes two moderators takes two by every way in: proposal, undo, rollback, direct edit, corrections."""

from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import merge, publish, retire
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from submissions import rules
from submissions.models import Event, Proposal
from submissions.rollbacks import Rollback
from submissions.workflow import (
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    Target,
    approve,
    confirm_rollback,
    decline_rollback,
    edit_directly,
    revise,
    roll_back,
    submit,
    undo,
)
from tests.factories import make_paper, make_result, make_revision, trace
from tests.people import admin, confirmed, contributor, moderator, propose, propose_edit

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {"name": "CLIP", "year": 2021, "title": "Learning transferable models", "organisation": "OpenAI"}
REPLACED: dict[str, Any] = {"name": "Bear", "year": 1999, "title": "Buy bears", "organisation": "Bears & Co"}


def live(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def revision_of(proposal: Proposal) -> Revision:
    return Revision.objects.get(pk=proposal.revision_id or 0)


def about(entry: Entry, action: str, author: User, into: Entry | None = None) -> Proposal:
    target = Target.live(entry) if action != "restore" else Target.retired(Revision.objects.latest("pk"))
    return submit(
        author=author, proposed=NewProposal(KINDS[entry.kind], action, target=target, into=into, comment="Because.")
    )


class TestReplacing:
    @pytest.mark.parametrize(
        ("after", "replaces"),
        [
            (REPLACED, True),
            ({**REPLACED, "year": 2021}, True),
            ({**REPLACED, "year": 2021, "name": "CLIP"}, False),
            ({**SAID, "summary": "New."}, False),
            ({"name": "CLIP"}, True),
        ],
    )
    def test_an_edit_that_leaves_a_quarter_or_less_replaces_the_entry(
        self, after: dict[str, Any], replaces: bool
    ) -> None:
        assert rules.replaces_entry({**SAID, "sources": [{"field": "year"}], "links": []}, after) is replaces

    def test_an_entry_that_says_little_has_nothing_to_lose(self) -> None:
        assert not rules.replaces_entry({"name": "A", "year": 2021}, {"name": "B", "year": 2022})

    def test_it_takes_two_by_proposal(self) -> None:
        proposal = propose_edit(make_paper(**SAID), **REPLACED)

        agreed = approve(proposal=proposal, actor=moderator())

        assert (agreed.status, agreed.seconded_by) == ("pending", moderator())
        assert Paper.objects.get().name == "CLIP"
        assert approve(proposal=agreed, actor=moderator("mary")).status == "approved"
        assert Paper.objects.get().name == "Bear"

    def test_the_ledger_names_both_and_pages_and_api_say_so(self) -> None:
        proposal = propose_edit(make_paper(**SAID), **REPLACED)
        approve(proposal=proposal, actor=moderator())
        approve(proposal=Proposal.objects.get(), actor=moderator("mary"))

        revision = Revision.objects.latest("pk")
        assert (revision.contributor, revision.seconder, revision.approver) == ("ada", "hedy", "mary")
        history = unescape(strip_tags(Client().get("/papers/clip/history/").content.decode()))
        assert "proposed by ada, approved by hedy and mary" in " ".join(history.split())
        assert "Proposed by ada, approved by hedy and mary." in Client().get("/feeds/changes.atom").content.decode()
        assert Client().get("/api/v1/papers/clip/revisions/2/").json()["seconder"] == "hedy"
        assert "Approved 1 change by others" in Client().get("/people/hedy/").content.decode()
        Revision.objects.rename_person(moderator().pk, "former-moderator-1")
        assert Revision.objects.latest("pk").seconder == "former-moderator-1"

    def test_who_agreed_to_something_else_did_not_second_what_was_published(self) -> None:
        proposal = propose_edit(make_paper(**SAID), **REPLACED)
        approve(proposal=proposal, actor=moderator())
        approve(proposal=Proposal.objects.get(), actor=moderator("mary"), fields={"year"})

        assert Revision.objects.latest("pk").seconder is None

    def test_it_takes_two_whatever_the_row_says(self) -> None:
        """The row may be of a release that did not ask."""
        proposal = propose_edit(make_paper(**SAID), **REPLACED)
        Proposal.objects.filter(pk=proposal.pk).update(replaces_entry=False)

        agreed = approve(proposal=Proposal.objects.get(pk=proposal.pk), actor=moderator())

        assert (agreed.status, agreed.seconded_by, agreed.replaces_entry) == ("pending", moderator(), True)
        assert Paper.objects.get().name == "CLIP"
        assert approve(proposal=agreed, actor=moderator("mary")).status == "approved"

    def test_a_moderator_who_is_the_author_is_the_first_whatever_the_row_says(self) -> None:
        proposal = propose_edit(make_paper(**SAID), author=moderator("tim"), **REPLACED)
        Proposal.objects.filter(pk=proposal.pk).update(replaces_entry=False)

        approved = approve(proposal=Proposal.objects.get(pk=proposal.pk), actor=moderator())

        assert (approved.status, Paper.objects.get().name) == ("approved", "Bear")

    def test_a_revision_of_the_proposal_drops_the_agreement(self) -> None:
        agreed = approve(proposal=propose_edit(make_paper(**SAID), **REPLACED), actor=moderator())

        revised = revise(
            proposal=agreed, actor=contributor(), payload={**REPLACED, "title": "Buy more"}, source="p. 3", comment=""
        )

        assert (revised.seconded_by, revised.replaces_entry) == (None, True)

    def test_one_moderator_does_not_replace_by_corrections(self) -> None:
        proposal = propose_edit(make_paper(**SAID), year=2022)

        with pytest.raises(Conflict, match="leaves next to nothing of the entry"):
            approve(proposal=proposal, actor=moderator(), payload=REPLACED)
        assert Paper.objects.get().name == "CLIP"

    def test_of_a_replacing_proposal_one_moderator_may_approve_some_fields(self) -> None:
        proposal = propose_edit(make_paper(**SAID), **REPLACED)

        assert approve(proposal=proposal, actor=moderator(), fields={"year"}).status == "approved"

    def test_an_admin_does_not_replace_directly(self) -> None:
        paper = make_paper(**SAID)

        with pytest.raises(Conflict, match="takes two moderators"):
            edit_directly(entry=paper, actor=admin(), payload=REPLACED, base=1, source="Table 1", comment="")
        assert Paper.objects.get().name == "CLIP"

    def test_undoing_what_fills_an_entry_is_a_proposal(self) -> None:
        paper = make_paper(name="A", year=2020, title="A model")
        proposal = propose_edit(paper, author=moderator("tim"), **SAID)
        revision = revision_of(approve(proposal=proposal, actor=moderator("mary")))

        undoing = undo(revision=revision, actor=moderator(), reason="All wrong.")

        assert isinstance(undoing, Proposal)
        assert (undoing.action, undoing.replaces_entry, undoing.source) == ("edit", True, "Revision 1 of this entry")
        approve(proposal=undoing, actor=moderator("tim"))
        assert (Paper.objects.get().name, Paper.objects.get().organisation) == ("A", "")


class TestTakingOutAndBringingBack:
    def test_a_restoration_takes_two(self) -> None:
        paper = make_paper(name="CLIP")
        retire(entry=paper, trace=trace("A test."))
        proposal = about(paper, "restore", contributor())

        agreed = approve(proposal=proposal, actor=moderator())

        assert (agreed.status, Paper.objects.exists()) == ("pending", False)
        assert approve(proposal=agreed, actor=moderator("mary")).status == "approved"
        assert Paper.objects.exists()

    @pytest.mark.parametrize("action", ["retire", "merge", "restore"])
    def test_a_payload_does_not_make_one_moderator_enough(self, action: str) -> None:
        paper, other = make_paper(name="CLIP"), make_paper(name="Other")
        payload = KINDS["paper"].dump(live(paper))
        if action == "restore":
            retire(entry=paper, trace=trace("A test."))
        proposal = about(paper, action, contributor(), other if action == "merge" else None)
        count = Revision.objects.count()

        with pytest.raises(Invalid, match="has no fields to edit"):
            approve(proposal=proposal, actor=moderator(), payload=payload)
        assert (Proposal.objects.get().status, Revision.objects.count()) == ("pending", count)

    @pytest.mark.parametrize("action", ["create", "retire", "merge", "restore"])
    def test_undoing_is_a_proposal_of_the_opposite(self, action: str) -> None:
        paper, other = make_paper(name="CLIP"), make_paper(name="Other")
        revision = Revision.objects.of("paper", paper.pk).get()
        if action in ("retire", "restore"):
            revision = retire(entry=paper, trace=trace("A test."))
        elif action == "merge":
            revision = merge(entry=paper, into=other, trace=trace("The same."))
        if action == "restore":
            back = about(paper, "restore", moderator("mary"))
            revision = revision_of(approve(proposal=back, actor=moderator("tim")))
        count = Revision.objects.count()

        undoing = undo(revision=revision, actor=moderator(), reason="Wrong.")

        assert isinstance(undoing, Proposal)
        opposite = {"create": "retire", "retire": "restore", "merge": "restore", "restore": "retire"}[action]
        assert (undoing.action, undoing.undoes_id, undoing.author) == (opposite, revision.pk, moderator())
        assert Revision.objects.count() == count
        with pytest.raises(NotAllowed):
            approve(proposal=undoing, actor=moderator())
        assert revision_of(approve(proposal=undoing, actor=moderator("eve"))).action == opposite

    def test_the_approval_is_logged_at_what_was_undone(self) -> None:
        made = approve(proposal=propose(name="Spam"), actor=moderator())
        undoing = undo(revision=revision_of(made), actor=moderator(), reason="Spam.")
        assert isinstance(undoing, Proposal)
        assert not Event.objects.filter(proposal=made, verb="undo").exists()

        done = approve(proposal=undoing, actor=moderator("mary"))

        event = Event.objects.get(proposal=made, verb="undo")
        assert (event.actor, event.payload) == (moderator(), {"revision": done.revision_id})

    def test_a_retirement_that_cannot_happen_is_refused_at_once(self) -> None:
        created = Revision.objects.get(entry_id=make_result().paper_id, kind="paper")

        with pytest.raises(Conflict, match="cannot be retired while these refer to it"):
            undo(revision=created, actor=moderator(), reason="Wrong.")
        assert not Proposal.objects.exists()

    def test_undoing_a_merge_says_what_cannot_go_back(self) -> None:
        goes, stays, other = (make_paper(name=name) for name in ("Goes", "Stays", "Other"))
        result = make_result(paper="goes")
        revision = merge(entry=goes, into=stays, trace=trace("The same."))
        make_revision("result", entry=live(result), paper=other.slug)

        undoing = undo(revision=revision, actor=moderator(), reason="They differ.")

        assert isinstance(undoing, Proposal)
        said = Event.objects.get(proposal=undoing, verb="comment").comment
        assert said.startswith("These references were changed since and stay as they are: ")
        done = approve(proposal=undoing, actor=moderator("mary"))
        assert said in Event.objects.get(proposal=done, verb="approve").comment


class TestRollBack:
    @pytest.fixture
    def start(self) -> datetime:
        return timezone.now()

    def edits(self, account: User, count: int) -> list[Revision]:
        return [
            publish(
                kind=KINDS["paper"],
                payload={"name": f"Model {number}", "year": 1999},
                trace=Trace(account, moderator("approver")),
                entry=make_paper(name=f"Model {number}"),
            )
            for number in range(count)
        ]

    def roll(self, account: User, start: datetime) -> Any:
        return roll_back(account_id=account.pk, since=start, actor=moderator(), reason="A vandal.")

    @pytest.mark.parametrize(("count", "takes_two"), [(25, False), (26, True)])
    def test_more_than_25_changes_take_two(self, start: datetime, count: int, takes_two: bool) -> None:
        revisions = self.edits(contributor("bob"), count)

        done = self.roll(contributor("bob"), start)

        assert isinstance(done, Rollback) is takes_two
        assert Paper.objects.filter(year=1999).count() == (count if takes_two else 0)
        if takes_two:
            assert done.revisions == [revision.pk for revision in reversed(revisions)]
            outcomes = confirmed(done, moderator("mary"))
            assert [outcome.error_message for outcome in outcomes] == [""] * count
            last = Revision.objects.latest("pk")
            assert (last.contributor, last.approver) == ("hedy", "mary")
            assert Paper.objects.filter(year=1999).count() == 0

    def test_what_one_moderator_began_is_sent_again_if_it_was_cut_off(
        self, start: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.edits(contributor("bob"), 3)
        paper = Paper.objects.with_references().first()
        assert paper is not None
        for year in (1998, 1999):
            payload = {"name": paper.name, "year": year}
            publish(kind=KINDS["paper"], payload=payload, trace=Trace(contributor("bob")), entry=live(paper))
        calls = iter(range(2))

        def undo_or_die(**rest: Any) -> Any:
            if next(calls, None) is None:
                raise KeyboardInterrupt
            return undo(**rest)

        with monkeypatch.context() as patch:
            patch.setattr("submissions.workflow.rolling_back.undo", undo_or_die)
            with pytest.raises(KeyboardInterrupt):
                self.roll(contributor("bob"), start)
        assert Paper.objects.filter(year=1999).count() == 3
        self.roll(contributor("bob"), start)

        assert set(Paper.objects.values_list("year", flat=True)) == {None}

    def test_an_account_of_the_house_takes_two(self, start: datetime) -> None:
        self.edits(User.objects.service("curation"), 1)

        assert isinstance(self.roll(User.objects.service("curation"), start), Rollback)

    def test_what_takes_an_entry_out_takes_two(self, start: datetime) -> None:
        approve(proposal=propose(author=contributor("bob"), name="Spam"), actor=moderator())

        assert isinstance(self.roll(contributor("bob"), start), Rollback)
        assert Paper.objects.exists()

    def test_it_goes_back_over_merges_and_edits(self, start: datetime) -> None:
        goes, stays, bob = make_paper(name="Goes"), make_paper(name="Stays"), contributor("bob")
        result = make_result(paper="goes", value="1")
        start = timezone.now()
        approve(proposal=propose_edit(goes, author=bob, year=1999), actor=moderator())
        proposal = about(live(goes), "merge", bob, stays)
        approve(proposal=approve(proposal=proposal, actor=moderator()), actor=moderator("mary"))
        approve(proposal=propose_edit(live(result), author=bob, value="2"), actor=moderator())

        waiting = self.roll(bob, start)
        outcomes = confirmed(waiting, moderator("mary"))

        assert [outcome.error_message for outcome in outcomes] == ["", "", ""]
        assert (live(goes).year, live(result).paper, str(live(result).value)) == (None, live(goes), "1")

    def test_nobody_confirms_alone_or_twice(self, start: datetime) -> None:
        approve(proposal=propose(author=contributor("bob"), name="Spam"), actor=moderator())
        waiting = self.roll(contributor("bob"), start)

        with pytest.raises(NotAllowed, match="Nobody confirms what they proposed themselves"):
            confirm_rollback(rollback=waiting, actor=moderator())
        with pytest.raises(NotAllowed, match="Only moderators"):
            confirm_rollback(rollback=waiting, actor=contributor())
        decline_rollback(rollback=waiting, actor=moderator())
        with pytest.raises(Conflict, match="decided already"):
            confirm_rollback(rollback=waiting, actor=moderator("mary"))
        assert Paper.objects.exists()

    def test_who_lost_the_role_does_not_count(self, start: datetime) -> None:
        approve(proposal=propose(author=contributor("bob"), name="Spam"), actor=moderator())
        waiting = self.roll(contributor("bob"), start)
        User.objects.filter(username="hedy").update(is_staff=False)

        with pytest.raises(NotAllowed, match="hedy is not a moderator any more"):
            confirm_rollback(rollback=Rollback.objects.get(pk=waiting.pk), actor=moderator("mary"))

    @pytest.mark.parametrize(
        "broken",
        [
            {"status": "confirmed"},
            {"reason": ""},
            {"decided_at": datetime(2026, 1, 1).astimezone()},
            {"finished_at": datetime(2026, 1, 1).astimezone()},
        ],
    )
    def test_the_database_holds_what_is_true_together(self, broken: dict[str, Any]) -> None:
        rows = {"account": contributor(), "proposed_by": moderator(), "reason": "So.", "revisions": []}
        row = Rollback.objects.create(**rows, since=timezone.now(), proposed_at=timezone.now())

        with pytest.raises(IntegrityError), transaction.atomic():
            Rollback.objects.filter(pk=row.pk).update(**broken)
        with pytest.raises(IntegrityError), transaction.atomic():
            Rollback.objects.filter(pk=row.pk).update(
                status="confirmed", decided_by=moderator(), decided_at=timezone.now()
            )
