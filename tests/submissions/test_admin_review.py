"""The review page: what it lays side by side, what each button does, what it refuses, and what comes next."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.merges import kept_references
from catalog.ledger.publishing import merge
from catalog.ledger.publishing import retire as remove
from catalog.models import Entry, Revision
from submissions.models import Proposal, ProposalAction
from submissions.review import FieldComparison, ProposalReview
from submissions.verbs import REJECT
from submissions.workflow import NewProposal, Target, approve, claim, comment, reject, submit, undo, withdraw
from tests.factories import make_paper, make_result, make_revision, trace
from tests.people import admin, contributor, moderator, propose, propose_edit, signed_in

pytestmark = pytest.mark.django_db
QUEUE = "/admin/submissions/proposal/"
JSON = {"Accept": "application/json"}


def at(proposal: Proposal, verb: str = "change") -> str:
    return f"{QUEUE}{proposal.pk}/{verb}/"


def decide(proposal: Proposal, verb: str, user: Any = None, query: str = "", **form: Any) -> Any:
    form.setdefault("version", proposal.version)
    return signed_in(user or moderator()).post(at(proposal, verb) + query, form)


def retire(paper: Paper, author: Any = None) -> Proposal:
    who = author or contributor()
    return submit(
        author=who,
        proposed=NewProposal(
            kind=KINDS["paper"], action=ProposalAction.RETIRE, target=Target.live(paper), comment="It is no model."
        ),
    )


def fresh(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def change(proposal: Proposal, field: str) -> FieldComparison:
    return next(change for change in ProposalReview(proposal).changes if change.field == field)


def texts(change: FieldComparison) -> list[tuple[str, list[str]]]:
    """The columns: title and contents, marked as removed (-) or new (+)."""
    marks = {"gone": "-", "new": "+", "kept": ""}
    return [
        (
            column.title,
            [marks[span.state] + span.text for span in column.spans]
            + [marks[compared.state] + compared.item.text for compared in column.items]
            + [item.text for item in column.shared],
        )
        for column in change.columns
    ]


class TestSideBySide:
    def test_texts_word_by_word(self) -> None:
        proposal = propose_edit(make_paper(name="Vim", venue="ICML in 2021"), venue="ICML in 2022")

        assert texts(change(proposal, "venue")) == [
            ("Base", ["ICML in ", "-2021"]),
            ("Proposed", ["ICML in ", "+2022"]),
        ]

    def test_lists_row_by_row_with_what_stays_folded(self) -> None:
        proposal = propose_edit(make_paper(name="Vim", authors=["A", "B", "C"]), authors=["A", "C", "D"])

        assert texts(change(proposal, "authors")) == [("Base", ["-B", "A", "C"]), ("Proposed", ["+D", "A", "C"])]

    def test_a_new_order_is_shown_in_full(self) -> None:
        proposal = propose_edit(make_paper(name="Vim", authors=["A", "B"]), authors=["B", "A"])

        assert texts(change(proposal, "authors")) == [("Base", ["A", "B"]), ("Proposed", ["B", "A"])]

    def test_the_live_value_as_a_third_column_where_it_moved_on(self) -> None:
        paper = make_paper(name="Vim", venue="Old")
        proposal = propose_edit(paper, venue="Mine", year=2024)
        make_revision("paper", entry=paper, venue="Theirs")

        assert texts(change(proposal, "venue")) == [
            ("Base", ["-Old"]),
            ("Proposed", ["+Mine"]),
            ("Live now", ["+Theirs"]),
        ]
        assert texts(change(proposal, "year")) == [("Base", []), ("Proposed", ["+2024"])]

    def test_a_merge_shows_in_what_the_two_differ(self) -> None:
        goes, stays = make_paper(name="CLIP", year=2021), make_paper(name="CLIP 2", year=2022)
        target = Target.live(goes)
        proposal = submit(
            author=contributor(),
            proposed=NewProposal(
                kind=KINDS["paper"], action=ProposalAction.MERGE, target=target, into=stays, comment="One."
            ),
        )

        columns_of = [
            (field.label, [column.title for column in field.columns])
            for field in ProposalReview(proposal).merge_differences
        ]

        titles = ["Goes: CLIP", "Stays: CLIP 2"]
        assert columns_of == [("Name", titles), ("Year", titles)]


class TestChangesOfTheAuthorsPage:
    def test_what_changed_comes_before_what_did_not_and_sources_last(self) -> None:
        rows = [
            {
                "field": "authors",
                "url": f"https://{n}.example/",
                "note": "",
                "confidence": "confirmed",
                "source_class": "",
            }
            for n in range(5)
        ]
        paper = make_paper(name="Vim", authors=["A", "B"], sources=rows)
        proposal = propose_edit(paper, year=2021, authors=["A", "C"], sources=[*rows[:4], {**rows[4], "field": "year"}])

        changes = ProposalReview(proposal).changes
        text = signed_in(contributor()).get(proposal.get_absolute_url()).content.decode()

        assert [change.field for change in changes] == ["year", "authors", "sources"]
        authors = change(proposal, "authors")
        assert [row.state for row in authors.changed_rows] == ["new", "gone"]
        assert [row.state for row in authors.same_rows] == ["kept"]
        assert "<summary>1 the same</summary>" in text

    def test_a_new_order_is_shown_in_full(self) -> None:
        authors = change(propose_edit(make_paper(name="Vim", authors=["A", "B"]), authors=["B", "A"]), "authors")

        assert [row.after.text for row in authors.changed_rows if row.after] == ["B", "A"]
        assert authors.same_rows == []


class TestPage:
    def test_shows_record_others_duplicates_and_discussion(self) -> None:
        paper = make_paper(name="CLIP", arxiv_id="2103.00020")
        reject(proposal=propose(name="Before"), actor=moderator(), reason="No.")
        edit = propose_edit(paper, year=2021)
        propose_edit(paper, author=contributor("bob"), year=2020)
        link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2103.00020", "label": ""}
        duplicate = propose(name="CLIP", links=[link])
        comment(proposal=edit, actor=moderator(), comment="Which year?")

        page = signed_in(moderator()).get(at(edit)).context

        assert page["track_record"] == {"Waiting for review": 2, "Rejected": 1}
        assert [other.author.username for other in page["review"].other_proposals] == ["bob"]
        assert [entry.action for entry in page["review"].events] == ["submitted it", "wrote"]
        assert b"same arXiv id 2103.00020" in signed_in(moderator()).get(at(duplicate)).content

    def test_shows_a_duplicate_that_was_published_since(self) -> None:
        proposal = propose(name="CLIP")
        make_paper(name="Contrastive pre-training", aliases=["CLIP"])

        page = signed_in(moderator()).get(at(proposal))

        assert [duplicate.reason for duplicate in page.context["review"].certain_duplicates] == ["same name"]
        assert b"Approving this makes a second entry." in page.content

    @pytest.mark.parametrize("is_edit", [False, True])
    def test_says_that_another_entry_took_the_identifier_since_and_refuses_to_approve(self, is_edit: bool) -> None:
        if is_edit:
            proposal = propose_edit(make_paper(name="CLIP"), arxiv_id="2103.00020")
        else:
            proposal = propose(name="CLIP", arxiv_id="2103.00020")
        make_paper(name="Contrastive pre-training", arxiv_id="2103.00020")

        page = signed_in(moderator()).get(at(proposal))
        refused = decide(proposal, "approve")

        html = " ".join(page.content.decode().split())
        assert "This cannot be approved as it is: another entry has by now what belongs to one entry alone." in html
        assert 'href="/papers/contrastive-pre-training/" data-open >Contrastive pre-training</a>: “Contrastive' in html
        assert "Approving this makes a second entry." not in html
        assert page.context["buttons"].decision[0].is_disabled
        assert (refused.status_code, Proposal.objects.get().status) == (400, "pending")

    def test_an_identifier_that_the_entry_shares_already_is_no_reason(self) -> None:
        make_paper(name="ALIGN", arxiv_id="2102.05918")
        copy = make_paper(name="Copy")
        Paper.objects.filter(pk=copy.pk).update(arxiv_id="2102.05918")

        page = signed_in(moderator()).get(at(propose_edit(copy, notes="A remark.")))

        assert page.context["review"].taken_identifiers == []
        assert not page.context["buttons"].decision[0].is_disabled

    def test_the_number_of_queries_does_not_depend_on_what_is_shown(self) -> None:
        def queries(proposal: Proposal) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(at(proposal)).status_code == 200
            return len(captured)

        client = signed_in(moderator())
        small, paper = make_paper(name="Small"), make_paper(name="Big")
        one = propose_edit(small, year=2024)
        propose_edit(small, author=contributor("bob"), year=2020)
        queries(one)
        few = queries(one)
        links = [{"kind": "code", "url": f"https://example.org/{n}", "label": ""} for n in range(30)]
        many = propose_edit(paper, links=links, authors=[f"Author {n}" for n in range(60)], year=2024, title="T")
        for n in range(6):
            propose_edit(paper, author=contributor(f"c{n}"), year=2000 + n)
            comment(proposal=many, actor=moderator(f"m{n}"), comment="Hm.")

        assert queries(many) == few

    def test_what_is_not_there_is_a_404_and_others_do_not_see_it(self) -> None:
        proposal = propose(name="Vim")

        assert signed_in(moderator()).get(f"{QUEUE}999/change/").status_code == 404
        assert decide(proposal, "nonsense").status_code == 404
        assert signed_in(moderator()).get(at(proposal, "approve")).status_code == 405
        assert signed_in(contributor("bob")).get(at(proposal)).status_code == 302

    def test_changes_can_be_requested_where_there_is_something_to_revise(self) -> None:
        proposals = propose(name="Vim"), retire(make_paper(name="Emacs"))

        pages = [signed_in(moderator()).get(at(proposal)).content for proposal in proposals]

        assert [b"Request changes" in page for page in pages] == [True, False]

    def test_ones_own_is_shown_and_not_decided(self) -> None:
        proposal = propose(author=admin(), name="Own")

        page = signed_in(admin()).get(at(proposal)).content
        reply = decide(proposal, "approve", user=admin())

        assert b"This is your own: somebody else decides." in page
        assert (reply.status_code, str(reply.context["error"])) == (403, "Nobody decides on their own proposal.")


class TestDecisions:
    def test_approving_leads_to_the_next(self) -> None:
        first, second = propose(name="First"), propose(name="Second")

        reply = decide(first, "approve")

        assert reply["Location"] == at(second)
        assert Proposal.objects.get(pk=first.pk).status == "approved"

    @pytest.mark.parametrize(
        ("verb", "form", "status", "message"),
        [
            ("reject", {"canned": "The source does not say this."}, "rejected", "The source does not say this."),
            ("reject", {"reason": "My own.", "canned": "Not this."}, "rejected", "My own."),
            ("request-changes", {"reason": "Which table?"}, "changes-requested", "Which table?"),
            ("comment", {"reason": "Thank you."}, "pending", "Thank you."),
        ],
    )
    def test_comments_reach_the_author(self, verb: str, form: dict[str, str], status: str, message: str) -> None:
        proposal = propose(name="Vim")

        assert decide(proposal, verb, **form).status_code == 302
        last = Proposal.objects.get().events.order_by("-pk").first()
        assert (Proposal.objects.get().status, last and last.comment) == (status, message)

    @pytest.mark.parametrize("verb", ["reject", "request-changes", "comment"])
    def test_without_a_comment_it_is_refused(self, verb: str) -> None:
        proposal = propose(name="Vim")

        assert decide(proposal, verb, reason=" ").status_code == 400
        assert Proposal.objects.get().status == "pending"

    def test_changes_of_what_cannot_be_revised_are_refused_with_a_way_on(self) -> None:
        proposal = retire(make_paper(name="Vim"))

        reply = decide(proposal, "request-changes", reason="Why?")

        assert (reply.status_code, Proposal.objects.get().status) == (409, "pending")
        assert str(reply.context["error"]) == "There is nothing to revise in this proposal: comment, or reject it."

    def test_what_was_typed_is_still_there_when_it_is_refused(self) -> None:
        proposal = propose(name="Vim")
        withdraw(proposal=proposal, actor=contributor())
        other = propose(name="Emacs")

        late = decide(proposal, "reject", reason="It took me long to write this.")
        stale = decide(other, "reject", version=7, reason="And this.")

        assert (late.status_code, str(late.context["error"])) == (409, "The author has withdrawn this proposal.")
        assert b"And this.</textarea>" in stale.content

    @pytest.mark.parametrize("version", ["", "x", "9" * 12])
    def test_an_unreadable_version_is_outdated_and_a_missing_one_is_not_required(self, version: str) -> None:
        proposal = propose(name="Vim")
        form = {"version": version, "name": "Vim", "submit": "1"}

        refused = decide(proposal, "approve", version=version)
        edited = decide(proposal, "edit", **form)
        done = signed_in(moderator()).post(at(proposal, "approve"))

        assert [reply.status_code for reply in (refused, edited, done)] == [409, 409, 302]
        assert "Somebody changed this proposal" in str(refused.context["error"])
        assert edited.context["errors"] == {"__all__": [str(refused.context["error"])]}
        assert edited.context["version"] == 0

    def test_some_fields_only(self) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024, title="Wrong")

        decide(proposal, "approve", partly="1", fields=["year"])

        published = Paper.objects.get()
        assert (published.year, published.title) == (2024, "")

    def test_none_ticked_is_refused(self) -> None:
        proposal = propose_edit(make_paper(name="Vim"), year=2024)

        reply = decide(proposal, "approve", partly="1")

        assert (reply.status_code, Proposal.objects.get().status) == (400, "pending")

    def test_taking_and_giving_back_stay_on_the_page(self) -> None:
        proposal = propose(name="Vim")

        taken = decide(proposal, "claim")
        fresh = Proposal.objects.get()
        given = decide(fresh, "release")

        assert (taken["Location"], fresh.claimed_by, given["Location"]) == (at(proposal), moderator(), at(proposal))

    def test_taking_twice_and_giving_back_what_nobody_has_answer_as_ever(self) -> None:
        proposal = propose(name="Vim")

        given = decide(proposal, "release")
        decide(proposal, "claim")
        taken = decide(Proposal.objects.get(), "claim")

        assert (given["Location"], taken["Location"]) == (at(proposal), at(proposal))
        assert (Proposal.objects.get().version, proposal.events.count()) == (2, 2)

    def test_retiring_waits_for_a_second_and_says_who_agreed(self) -> None:
        proposal = retire(make_paper(name="Vim"))

        decide(proposal, "approve")
        again = decide(Proposal.objects.get(), "approve")
        page = signed_in(moderator("mary")).get(at(proposal)).content
        done = decide(Proposal.objects.get(), "approve", user=moderator("mary"))

        assert (again.status_code, Proposal.objects.get().status, done.status_code) == (403, "approved", 302)
        assert b"hedy agrees, one more moderator is needed" in page


class TestStale:
    def test_a_stale_edit_is_refused_with_the_three_values_and_a_way_on(self) -> None:
        paper = make_paper(name="Vim", title="Old")
        proposal = propose_edit(paper, year=2024)
        make_revision("paper", entry=paper, title="New")

        refused = decide(proposal, "approve")
        rebased = decide(proposal, "rebase")
        decide(Proposal.objects.get(), "approve")

        assert refused.status_code == 409
        assert b"Bring it up to date" in refused.content
        assert rebased["Location"] == at(proposal)
        assert (Paper.objects.get().title, Paper.objects.get().year) == ("New", 2024)

    def test_where_it_collides_a_moderator_decides_by_hand(self) -> None:
        paper = make_paper(name="Vim", title="Old")
        proposal = propose_edit(paper, title="Mine")
        make_revision("paper", entry=paper, title="Theirs")
        client = signed_in(moderator())

        assert decide(proposal, "rebase").status_code == 409
        form = client.get(at(proposal, "edit"))
        reply = client.post(
            at(proposal, "edit"),
            {"submit": "1", "version": 1, "base": form.context["base"], "name": "Vim", "title": "Ours"},
        )

        assert (reply.status_code, Paper.objects.get().title) == (302, "Ours")

    def test_an_entry_that_moved_while_it_was_edited_by_hand_is_refused_and_keeps_what_was_typed(self) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024)
        make_revision("paper", entry=paper, title="Theirs")

        reply = signed_in(moderator()).post(
            at(proposal, "edit"), {"submit": "1", "version": 1, "base": 1, "name": "Vim", "title": "Typed"}
        )

        assert reply.status_code == 409
        assert "The entry has changed since" in reply.context["errors"]["__all__"][0]
        assert b"Typed" in reply.content


class TestEditAndApprove:
    def test_the_form_judges(self) -> None:
        proposal = propose(name="Vim")

        reply = signed_in(moderator()).post(at(proposal, "edit"), {"submit": "1", "version": 1, "name": ""})

        assert (reply.status_code, list(reply.context["errors"])) == (400, ["name"])

    def test_what_has_no_form_or_is_decided_is_not_edited(self) -> None:
        flagged = retire(make_paper(name="Vim"))
        done = approve(proposal=propose(name="Done"), actor=admin())

        replies = [signed_in(moderator()).get(at(proposal, "edit")) for proposal in (flagged, done)]

        assert [reply.status_code for reply in replies] == [409, 409]


class TestForScripts:
    def post(self, proposal: Proposal, verb: str, user: Any = None, **form: Any) -> tuple[int, dict[str, Any]]:
        form.setdefault("version", proposal.version)
        reply = signed_in(user or moderator()).post(at(proposal, verb), form, headers=JSON)
        return reply.status_code, reply.json()

    def test_the_outcome_alone(self) -> None:
        assert self.post(propose(name="Vim"), "approve") == (200, {"ok": True, "message": "Approved: Vim."})

    def test_the_later_of_two_moderators_sees_who_decided(self) -> None:
        proposal = propose(name="Vim")
        reject(proposal=proposal, actor=moderator("mary"), reason="No.")

        status, answer = self.post(proposal, "approve")

        assert (status, answer) == (409, {"ok": False, "message": "Vim: mary has rejected this proposal already."})

    def test_the_same_decision_sent_twice_is_one(self) -> None:
        proposal = propose(name="Vim")
        self.post(proposal, "approve")

        assert self.post(proposal, "approve") == (200, {"ok": True, "message": "Approved: Vim."})
        assert Paper.objects.count() == 1

    def test_whether_a_decision_arrived_is_told_without_making_it(self) -> None:
        proposal = propose(name="Vim")

        def arrived(verb: str, version: int, who: Any = None) -> Any:
            answer = signed_in(who or moderator()).get(at(proposal, verb), {"version": str(version)}, headers=JSON)
            return answer.json()["ok"]

        before = arrived("approve", 1)
        self.post(proposal, "approve")

        assert (before, arrived("approve", 1), arrived("approve", 2), arrived("reject", 1)) == (
            False,
            True,
            False,
            False,
        )
        assert arrived("approve", 1, moderator("mary")) is False
        assert signed_in(moderator()).get(at(proposal, "approve")).status_code == 405
        assert signed_in(contributor()).get(at(proposal, "approve"), headers=JSON).status_code == 302

    def test_another_decision_of_the_same_moderator_is_not(self) -> None:
        proposal = propose(name="Vim")
        self.post(proposal, "approve")

        status, answer = self.post(proposal, "reject", reason="No.")

        assert (status, answer["message"]) == (409, "Vim: hedy has approved this proposal already.")


class TestNext:
    def go(self, query: str = "", user: Any = None) -> str:
        return signed_in(user or moderator()).get(f"{QUEUE}next/{query}")["Location"]

    def test_the_oldest_that_one_may_decide_and_nobody_has_taken(self) -> None:
        propose(author=moderator(), name="Own")
        claim(proposal=propose(name="Taken"), actor=moderator("mary"))
        free = propose(name="Free")

        assert self.go() == at(free)

    def test_after_the_last_comes_the_first(self) -> None:
        first, second = propose(name="First"), propose(name="Second")

        assert (self.go(f"?after={first.pk}"), self.go(f"?after={second.pk}")) == (at(second), at(first))

    def test_what_is_held_or_waits_for_a_second_is_left_out(self) -> None:
        held, agreed = propose(name="Held"), retire(make_paper(name="Vim"))
        approve(proposal=agreed, actor=moderator())

        assert self.go(f"?held={held.pk}") == QUEUE
        assert self.go(f"?held={held.pk},x,{'9' * 40}", user=moderator("mary")) == at(agreed)

    def test_it_stays_within_what_the_queue_was_narrowed_to(self) -> None:
        propose(name="Paper")
        dataset = propose(kind="dataset", name="Dataset")
        filters = "?_changelist_filters=kind%3Ddataset"

        assert self.go(filters) == at(dataset) + filters
        assert decide(dataset, "approve", query=filters)["Location"] == f"{QUEUE}?kind=dataset"

    def test_filters_that_make_no_sense_are_as_none(self) -> None:
        proposal = propose(name="Vim")

        assert self.go("?_changelist_filters=nonsense%3D1").startswith(at(proposal))


class TestWhatARemovalMeets:
    def test_the_page_of_a_merge_says_what_would_move(self) -> None:
        paper = make_paper(name="Vim")
        into, result = make_paper(name="Vision Mamba"), make_result(paper="vim")
        proposed = NewProposal(KINDS["paper"], "merge", target=Target.live(paper), into=into, comment="The same.")
        proposal = submit(author=contributor(), proposed=proposed)

        reply = signed_in(moderator()).get(at(proposal))

        effects = reply.context["review"].effects
        assert (effects.referring.count, effects.referring.first, effects.blocker) == (1, [result], "")
        text = " ".join(reply.content.decode().split())
        assert "1 entry refers to it and would refer to the entry that stays" in text

    def test_the_page_of_a_retirement_says_why_it_cannot_happen(self) -> None:
        paper = make_paper(name="Vim")
        make_result(paper="vim")

        text = signed_in(moderator()).get(at(retire(paper))).content.decode()

        assert "Vim cannot be retired while other entries refer to it: edit or merge them first." in text


class TestUndoThatTakesTwo:
    def undone_merge(self) -> tuple[Proposal, list[Entry]]:
        """A proposal to undo a merge that moved two references, one of which was changed since; what goes back."""
        duplicate, target = make_paper(name="InstructBLIP"), make_paper(name="BLIP-2")
        goes_back, changed = (
            make_result(paper="instructblip", value="1"),
            make_result(paper="instructblip", value="2", name="Changed"),
        )
        merging = merge(entry=duplicate, into=target, trace=trace("The same."))
        make_revision("result", entry=fresh(changed), paper=make_paper(name="Third").slug)
        undoing = undo(revision=merging, actor=moderator(), reason="They differ.")
        assert isinstance(undoing, Proposal)
        return undoing, [goes_back]

    def test_undoing_a_merge_shows_the_merge_and_what_would_go_back(self) -> None:
        proposal, back = self.undone_merge()

        reply = signed_in(moderator("mary")).get(at(proposal))

        effects, text = reply.context["review"].effects, reply.content.decode()
        assert (effects.referring.count, effects.referring.first) == (1, back)
        assert list(effects.kept) == ["Changed (paper or model)"]
        for shown in (
            '<a href="/papers/blip-2/" data-open>BLIP-2</a>',
            "/papers/instructblip/history/2/",
            "1 entry would refer to it again",
            "1 reference changed since, and would stay as now",
        ):
            assert shown in text
        assert "No source given" not in text

    def test_the_reasons_to_reject_it_fit_an_undo(self) -> None:
        proposal, _ = self.undone_merge()
        client = signed_in(moderator("mary"))

        page = client.get(at(proposal)).content.decode()
        bulk = {"action": "reject_selected", "_selected_action": proposal.pk, f"version-{proposal.pk}": 1}
        bulk_page = client.post(QUEUE, bulk).content.decode()

        for shown in (page, bulk_page):
            assert re.findall(r'name="canned"\s+value="([^"]*)"', shown) == list(REJECT.undo_presets)
        assert f"<kbd>1</kbd>–<kbd>{len(REJECT.undo_presets)}</kbd>" in page

    def test_what_is_announced_is_what_is_done(self) -> None:
        proposal, _ = self.undone_merge()
        effects = ProposalReview(proposal).effects

        done = approve(proposal=proposal, actor=moderator("mary"))

        revision = Revision.objects.get(pk=done.revision_id or 0)
        assert effects is not None
        assert [(row.kind, row.entry_id) for row in Revision.objects.parts_of(revision)] == [
            (entry.kind, entry.pk) for entry in effects.referring.first
        ]
        assert kept_references(revision) == "; ".join(effects.kept)
        assert ProposalReview(done).effects is None

    def test_its_author_counts_as_the_first_of_two(self) -> None:
        proposal, _ = self.undone_merge()

        mary = signed_in(moderator("mary")).get(at(proposal))
        theirs = signed_in(moderator()).get(at(proposal))

        assert "This takes two moderators: hedy, who proposed it, is the first." in " ".join(
            mary.content.decode().split()
        )
        for reply in (mary, theirs):
            assert "hedy counts as the first of two, one more moderator is needed" in reply.content.decode()

    def test_a_contributors_restoration_shows_what_took_the_entry_out(self) -> None:
        paper = make_paper(name="CLIP")
        last = remove(entry=paper, trace=trace("It is no model."))
        proposal = submit(
            author=contributor(),
            proposed=NewProposal(
                KINDS["paper"], ProposalAction.RESTORE, target=Target.retired(last), comment="It is one."
            ),
        )

        text = signed_in(moderator()).get(at(proposal)).content.decode()

        assert "What took it out" in text
        assert "/papers/clip/history/2/" in text
        assert "Nothing would refer to it." in text
        assert "counts as the first" not in text

    def test_the_form_of_an_undo_says_what_it_moves(self) -> None:
        proposal, back = self.undone_merge()

        page = signed_in(moderator()).get(f"{QUEUE}undo/{proposal.undoes_id}/").context

        assert (page["effects"].referring.first, page["effects"].kept) == (back, ["Changed (paper or model)"])

    def test_undoing_a_restoration_after_a_merge_is_a_merge(self) -> None:
        proposal, _ = self.undone_merge()
        done = approve(proposal=proposal, actor=moderator("mary"))

        page = signed_in(moderator("tim")).get(f"{QUEUE}undo/{done.revision_id}/").context

        assert (page["effects"].action, page["effects"].referring.count) == ("merge", 1)

    def test_the_number_of_queries_does_not_grow_with_the_references(self) -> None:
        counts = []
        for name, references in (("One", 1), ("Many", 12)):
            duplicate, target = make_paper(name=name), make_paper(name=f"{name} kept")
            for n in range(references):
                make_result(paper=duplicate.slug, value=str(n))
            undoing = undo(
                revision=merge(entry=duplicate, into=target, trace=trace("The same.")),
                actor=moderator(),
                reason="They differ.",
            )
            assert isinstance(undoing, Proposal)
            client = signed_in(moderator("mary"))
            client.get(at(undoing))
            with CaptureQueriesContext(connection) as queries:
                client.get(at(undoing))
            counts.append(len(queries))
        assert counts[0] == counts[1]
