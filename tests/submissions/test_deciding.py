"""Decisions on a catalogue that moves: agreements that lapse, entries that go, references that move."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.ledger.blame import blame
from catalog.ledger.publishing import merge, restore, retire
from catalog.models import Revision
from submissions.models import Event, Proposal, ProposalAction
from submissions.workflow import (
    Conflict,
    Invalid,
    NewProposal,
    NotAllowed,
    StaleProposal,
    Target,
    approve,
    claim,
    rebase,
    release,
    request_changes,
    submit,
)
from tests.factories import (
    make_component,
    make_dataset,
    make_paper,
    make_revision,
    make_topic,
    trace,
)
from tests.people import contributor, moderator, propose, propose_edit

pytestmark = pytest.mark.django_db


def live(entry: Any) -> Any:
    return type(entry).objects.with_references().get(pk=entry.pk)


def ask(action: ProposalAction, entry: Any, author: Any = None, **more: Any) -> Proposal:
    return submit(
        author=author or contributor(),
        proposed=NewProposal(
            kind=KINDS[entry.kind], action=action, target=Target.live(entry), comment="Because.", **more
        ),
    )


class TestTheSecondModerator:
    @pytest.mark.parametrize("fate", ["suspended", "no moderator any more"])
    def test_the_agreement_of_one_who_may_not_moderate_any_more_does_not_count(self, fate: str) -> None:
        agreed = approve(proposal=ask(ProposalAction.RETIRE, make_paper(name="Vim")), actor=moderator())
        first = moderator()
        if fate == "suspended":
            first.suspend(because="Taken over.")
        else:
            type(first).objects.filter(pk=first.pk).update(is_staff=False)

        again = approve(proposal=agreed, actor=moderator("mary"))
        assert (again.status, again.seconded_by) == ("pending", moderator("mary"))
        assert approve(proposal=again, actor=moderator("tim")).status == "approved"

    def test_the_entry_that_moved_on_needs_both_again(self) -> None:
        paper = make_paper(name="Vim")
        agreed = approve(proposal=ask(ProposalAction.RETIRE, paper), actor=moderator())
        make_revision("paper", entry=live(paper), year=2024)

        with pytest.raises(StaleProposal, match="Bring it up to date"):
            approve(proposal=agreed, actor=moderator("mary"))
        fresh = rebase(proposal=agreed, actor=moderator("mary"))

        assert (fresh.base, fresh.seconded_by, fresh.status) == (2, None, "pending")
        assert approve(proposal=fresh, actor=moderator("mary")).status == "pending"
        assert approve(proposal=Proposal.objects.get(), actor=moderator()).status == "approved"

    def test_a_flag_is_never_out_of_date(self) -> None:
        paper = make_paper(name="Vim")
        flag = ask(ProposalAction.FLAG, paper)
        make_revision("paper", entry=live(paper), year=2024)

        with pytest.raises(Conflict, match="cannot be brought up to date"):
            rebase(proposal=flag, actor=moderator())
        assert approve(proposal=flag, actor=moderator()).status == "approved"


class TestClaims:
    def test_claiming_again_and_releasing_what_nobody_claimed_change_nothing(self) -> None:
        proposal = release(proposal=propose(name="Vim"), actor=moderator())
        assert (proposal.version, proposal.events.count()) == (1, 1)

        taken = claim(proposal=proposal, actor=moderator())
        again = claim(proposal=taken, actor=moderator(), version=2)

        assert (again.version, again.claimed_by, again.updated_at) == (2, moderator(), taken.updated_at)
        assert [event.verb for event in again.events.all()] == ["submit", "claim"]

    def test_another_takes_it_over_and_gives_it_back(self) -> None:
        taken = claim(proposal=propose(name="Vim"), actor=moderator())
        over = claim(proposal=taken, actor=moderator("mary"))
        back = release(proposal=over, actor=moderator())

        assert (over.claimed_by, back.claimed_by, back.version) == (moderator("mary"), None, 4)

    def test_an_old_version_is_refused_there_too(self) -> None:
        proposal = propose(name="Vim")
        taken = claim(proposal=proposal, actor=moderator())

        with pytest.raises(Conflict, match="a moment ago"):
            claim(proposal=taken, actor=moderator(), version=1)
        with pytest.raises(Conflict, match="a moment ago"):
            release(proposal=proposal, actor=moderator())

    def test_what_is_decided_is_neither_claimed_nor_released(self) -> None:
        done = approve(proposal=propose(name="Vim"), actor=moderator("mary"))

        for verb in (claim, release):
            with pytest.raises(Conflict, match="mary has approved"):
                verb(proposal=done, actor=moderator())


class TestWhatHasNothingToRevise:
    @pytest.mark.parametrize("action", [ProposalAction.RETIRE, ProposalAction.FLAG])
    def test_no_changes_are_requested(self, action: ProposalAction) -> None:
        proposal = ask(action, make_paper(name="Vim"))

        with pytest.raises(Conflict, match="comment, or reject it"):
            request_changes(proposal=proposal, actor=moderator(), reason="Why?")
        assert (Proposal.objects.get().status, Proposal.objects.get().version) == ("pending", 1)

    def test_once_it_is_decided_the_decision_is_reported(self) -> None:
        flag = ask(ProposalAction.FLAG, make_paper(name="Vim"))
        decided = approve(proposal=flag, actor=moderator("mary"))

        with pytest.raises(Conflict, match="mary has approved"):
            request_changes(proposal=decided, actor=moderator(), reason="Why?")

    def test_a_moderator_who_cannot_rebase_sees_the_reason(self) -> None:
        edit = propose_edit(make_paper(name="Vim"), year=2024)
        sent_back = request_changes(proposal=edit, actor=moderator(), reason="Why?")
        retiring = ask(ProposalAction.RETIRE, make_paper(name="Emacs"))

        with pytest.raises(NotAllowed, match="waits for its author"):
            rebase(proposal=sent_back, actor=moderator())
        with pytest.raises(NotAllowed, match="cannot be brought up to date"):
            rebase(proposal=retiring, actor=contributor())


class TestWhatIsPublishedOtherwise:
    def test_the_ledger_names_who_edited_which_field(self) -> None:
        proposal = propose(name="vim", year=2024)

        done = approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "name": "Vim"})

        revision = Revision.objects.get(pk=done.revision_id or 0)
        assert (revision.contributor, revision.approver) == ("ada", "hedy")
        assert revision.comment == "Edited in review: name."

    def test_what_was_left_out_is_not_called_edited(self) -> None:
        proposal = propose_edit(make_paper(name="Vim"), year=2024, title="Wrong")

        done = approve(proposal=proposal, actor=moderator(), fields={"year"})

        assert Revision.objects.get(pk=done.revision_id or 0).comment == ""


class TestFieldsThatAreNotPicked:
    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            (set(), "Pick at least one field that the proposal changes."),
            ({"year", "colour", "bogus"}, "There is no field bogus, colour."),
            ({"year", "summary"}, "The proposal does not change summary."),
            ({"bogus", "summary"}, "There is no field bogus. The proposal does not change summary."),
        ],
        ids=["none", "unknown", "unchanged", "both"],
    )
    def test_what_does_not_apply_is_named(self, fields: set[str], message: str) -> None:
        proposal = propose_edit(make_paper(name="Vim"), year=2024)

        with pytest.raises(Invalid) as refused:
            approve(proposal=proposal, actor=moderator(), fields=fields)
        assert " ".join(refused.value.errors["fields"]) == message

    @pytest.mark.parametrize("action", [ProposalAction.RETIRE, ProposalAction.FLAG])
    def test_what_has_no_fields_is_not_agreed_to_in_part(self, action: ProposalAction) -> None:
        proposal = ask(action, make_paper(name="Vim"))

        with pytest.raises(Invalid, match="Only an edit can be approved in part"):
            approve(proposal=proposal, actor=moderator(), fields={"year"})
        assert Proposal.objects.get().seconded_by is None

    def test_a_stale_base_is_reported_first(self) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024)
        make_revision("paper", entry=live(paper), summary="More.")

        with pytest.raises(StaleProposal):
            approve(proposal=proposal, actor=moderator(), fields={"year"})


class TestSourcesOfPickedFields:
    def source(self, field: str, url: str) -> dict[str, Any]:
        return {"field": field, "url": url, "note": "", "confidence": "confirmed", "source_class": "primary"}

    @pytest.mark.parametrize(
        ("fields", "kept", "new"),
        [
            ({"summary"}, ["year", "venue", "title"], ["summary"]),
            ({"summary", "sources"}, ["year", "venue", "title"], ["summary", "year"]),
            ({"venue"}, ["year", "title"], ["venue"]),
            ({"venue", "summary", "sources"}, ["year", "title"], ["venue", "summary", "year"]),
        ],
    )
    def test_rows_that_stay_stay_where_they_were(self, fields: set[str], kept: list[str], new: list[str]) -> None:
        rows = [self.source(field, "https://a.example/") for field in ("year", "venue", "title")]
        paper = make_paper(name="CLIP", venue="ICML", year=2021, title="T", sources=rows)
        added = [self.source(field, "https://b.example/") for field in ("venue", "summary", "year")]
        proposal = propose_edit(paper, venue="NeurIPS", summary="New", sources=[*rows, *added])

        approve(proposal=proposal, actor=moderator(), fields=fields)

        after = KINDS["paper"].dump(live(paper))["sources"]
        assert [row["field"] for row in after] == [*kept, *new]
        assert [row for row in after if row in rows] == [row for row in rows if row["field"] in kept]

    def test_a_new_order_that_is_picked_is_published(self) -> None:
        rows = [self.source("year", f"https://{name}.example/") for name in "ab"]
        paper = make_paper(name="CLIP", year=2021, sources=rows)
        proposal = propose_edit(paper, summary="New", sources=rows[::-1])

        approve(proposal=proposal, actor=moderator(), fields={"sources"})

        assert KINDS["paper"].dump(live(paper))["sources"] == rows[::-1]


class TestBroughtUpToDate:
    def test_the_queue_shows_the_name_and_the_topics_of_the_live_entry(self) -> None:
        topic, paper = make_topic(name="Agents"), make_paper(name="Vim")
        edit, retiring = propose_edit(paper, year=2024), ask(ProposalAction.RETIRE, paper)
        make_revision("paper", entry=live(paper), name="Vim 2", topics=[topic.slug])

        fresh = [rebase(proposal=proposal, actor=moderator()) for proposal in (edit, retiring)]

        assert [(one.name, one.topics) for one in fresh] == [("Vim 2", ["agents"]), ("Vim 2", [])]


class TestReferences:
    def test_to_what_was_retired_since_is_named(self) -> None:
        dataset = make_dataset(name="COCO")
        row = {"name": "COCO", "dataset": dataset.slug, "benchmark": None}
        proposal = propose(name="Vim", training_datasets=[row])
        retire(entry=dataset, trace=trace("Spam."))

        with pytest.raises(Invalid, match="there is no dataset “coco”"):
            approve(proposal=proposal, actor=moderator())
        assert Proposal.objects.get().status == "pending"

    def test_references_to_a_merged_entry_lead_to_its_merge_target(self) -> None:
        duplicate, merge_target = make_dataset(name="COCO"), make_dataset(name="MS COCO")
        row = {"name": "COCO", "dataset": duplicate.slug, "benchmark": None}
        proposal = propose(name="Vim", training_datasets=[row])
        merge(entry=duplicate, into=merge_target, trace=trace("The same."))

        approve(proposal=proposal, actor=moderator())

        assert [row.dataset for row in Paper.objects.get().training_rows.all()] == [Dataset.objects.get()]

    def test_that_moved_do_not_collide_with_what_is_proposed(self) -> None:
        part = make_component(name="ViT")
        rows = [{"component": part.slug, "variants": [], "note": ""}]
        paper = make_paper(name="Vim", vision_encoders=rows)
        other = make_component(name="Other")
        more = [*rows, {"component": other.slug, "variants": [], "note": ""}]
        proposal = propose_edit(paper, vision_encoders=more)
        make_revision("component", entry=part, slug="vision-transformer", name="ViT")
        make_revision("paper", entry=live(paper), year=2024)

        approve(proposal=rebase(proposal=proposal, actor=moderator()), actor=moderator())

        edited = live(paper)
        assert [part.component.slug for part in edited.parts.all()] == ["vision-transformer", "other"]
        assert edited.year == 2024


class TestMergeAndRestore:
    def test_the_ledger_keeps_the_source_of_each_action(self) -> None:
        paper, merge_target = make_paper(name="Vim"), make_paper(name="Emacs")
        actions: list[tuple[ProposalAction, dict[str, Any]]] = [
            (ProposalAction.RETIRE, {}),
            (ProposalAction.RESTORE, {}),
            (ProposalAction.MERGE, {"into": merge_target}),
        ]
        for action, about in actions:
            last = Revision.objects.of("paper", paper.pk).latest("number")
            target = Target.retired(last) if action == ProposalAction.RESTORE else Target.live(live(paper))
            proposed = NewProposal(KINDS["paper"], action, target=target, source="the paper", comment="So.", **about)
            approve(proposal=submit(author=moderator("mary"), proposed=proposed), actor=moderator())

        rows = Revision.objects.of("paper", paper.pk).order_by("number").values_list("action", "source", "comment")
        assert list(rows)[1:] == [(action.value, "the paper", "So.") for action, _ in actions]

    def test_a_missing_merge_target_is_reported(self) -> None:
        duplicate, merge_target = make_paper(name="Vim"), make_paper(name="VIM")
        proposal = ask(ProposalAction.MERGE, duplicate, author=moderator("mary"), into=merge_target)
        retire(entry=merge_target, trace=trace("Spam."))

        with pytest.raises(Conflict, match="The entry that was to stay is not in the catalogue any more"):
            approve(proposal=proposal, actor=moderator())

    def test_an_older_retirement_is_not_what_is_restored(self) -> None:
        paper = make_paper(name="Vim")
        retire(entry=paper, trace=trace("First."))
        kind, last = KINDS["paper"], Revision.objects.of("paper", paper.pk).latest("number")
        proposal = submit(
            author=contributor(),
            proposed=NewProposal(
                kind=kind, action=ProposalAction.RESTORE, target=Target.retired(last), comment="It is real."
            ),
        )
        approve(proposal=proposal, actor=moderator("mary"))
        restore(kind=kind, entry_id=paper.pk, trace=trace())
        retire(entry=live(paper), trace=trace("Second, and for good."))

        with pytest.raises(StaleProposal, match="from revision 2, the entry is at revision 4"):
            approve(proposal=Proposal.objects.get(), actor=moderator())


class TestSourcesOfEditedValues:
    """What a moderator changes in review is not in the source that the author gave for something else."""

    def edited(self, **changes: Any) -> dict[str, Any]:
        given = [
            {"field": "year", "url": "https://example.org/", "note": "", "confidence": "confirmed", "source_class": ""}
        ]
        proposal = propose(name="Vim", year=2023, sources=given)
        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, **changes})
        snapshot: dict[str, Any] = Revision.objects.get().snapshot
        return snapshot

    def test_an_edited_value_has_no_source_until_the_moderator_names_one(self) -> None:
        assert self.edited(year=2024)["sources"] == []
        [value] = [value for value in blame(KINDS["paper"], list(Revision.objects.all())) if value.field == "year"]
        assert (value.in_review, value.contributor, value.sourced) == (True, "hedy", "none")

    def test_a_source_that_the_moderator_names_stands_alone(self) -> None:
        mine = {
            "field": "year",
            "url": "https://example.com/",
            "note": "",
            "confidence": "confirmed",
            "source_class": "",
        }
        assert self.edited(year=2024, sources=[mine])["sources"] == [mine]

    def test_what_is_not_edited_keeps_its_source(self) -> None:
        assert [row["field"] for row in self.edited(title="Vi")["sources"]] == ["year"]

    def test_one_edited_item_of_a_list_leaves_the_others_their_source(self) -> None:
        given = {"field": "authors", "url": "https://example.org/", "note": "", "confidence": "confirmed"}
        proposal = propose(name="Vim", authors=["Ann A", "Bob B", "Dan Dd"], sources=[given])

        authors = ["Ann A", "Bob B", "Dan D"]
        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "authors": authors})

        values = [value for value in blame(KINDS["paper"], list(Revision.objects.all())) if value.field == "authors"]
        assert [(value.item, value.contributor, len(value.sources), value.sourced) for value in values] == [
            ("Ann A", "ada", 1, "own"),
            ("Bob B", "ada", 1, "own"),
            ("Dan D", "hedy", 0, "none"),
        ]


class TestSourcesOfRebasedValues:
    """What others changed since is not in the source that the author gave for what they saw."""

    def rebased(self, before: list[str], since: list[str], proposed: list[str]) -> list[str]:
        """The notes of the sources of a list after an edit of others and a rebase."""
        entry = make_paper(name="Vim", aliases=before)
        given = {"field": "aliases", "url": "", "note": "given", "confidence": "confirmed"}
        edit = propose_edit(entry, aliases=proposed, sources=[given])
        make_revision("paper", entry=live(entry), aliases=since)
        fresh = rebase(proposal=edit, actor=moderator())
        return [row["note"] for row in fresh.payload["sources"]]

    def test_a_source_of_what_the_author_saw_is_left_out_and_named(self) -> None:
        assert self.rebased(["A"], ["A", "B"], ["A"]) == []
        assert Event.objects.latest("pk").comment == (
            "From revision 1 to 2. Left out, because others changed the value since: the source of Also known as."
        )

    def test_a_source_of_what_the_author_leaves_is_left_out(self) -> None:
        assert self.rebased(["A", "B"], ["A", "B", "C"], ["A"]) == []

    def test_a_source_of_what_the_author_adds_stays(self) -> None:
        assert self.rebased(["A"], ["A", "B"], ["A", "C"]) == ["given"]
        assert Event.objects.latest("pk").comment == "From revision 1 to 2."
