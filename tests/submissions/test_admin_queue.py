"""The queue: who comes in, what it shows in which order, how it is narrowed, and what is decided in it at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from background.models import Worker
from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from submissions.bulk_decisions import BulkDecision
from submissions.models import Batch, Proposal, ProposalAction, Watch
from submissions.workflow import NewProposal, Target, claim, deciding_many, import_list, submit
from tests.background_work import run_tasks
from tests.factories import make_paper, make_topic
from tests.people import admin, contributor, moderator, propose, propose_edit, signed_in, submit_batch

pytestmark = pytest.mark.django_db
QUEUE = "/admin/submissions/proposal/"


def shown(query: str = "", user: Any = None) -> list[str]:
    """The names in the queue, in order."""
    reply = signed_in(user or moderator()).get(QUEUE + query)
    return [row.name for row, *_ in reply.context["rows"]]


def choices(title: str, query: str = "") -> list[tuple[str, int | None]]:
    """The lines of a filter and their counts."""
    reply = signed_in(moderator()).get(QUEUE + query)
    return [(link.label, link.count) for link in dict(reply.context["filter_links"])[title]]


def a_batch(*names: str) -> Batch:
    items = [(KINDS["paper"], {"name": name}, None) for name in names]
    return submit_batch(author=contributor(), name="A list", items=items, source="https://example.org/")[0]


def flag(entry: Any) -> Proposal:
    target = Target.live(entry)
    return submit(
        author=contributor(),
        proposed=NewProposal(kind=KINDS["paper"], action=ProposalAction.FLAG, target=target, comment="Wrong year."),
    )


class TestWhoComesIn:
    def test_the_admin_begins_with_the_queue(self) -> None:
        reply = signed_in(moderator()).get("/admin/")

        assert (reply.status_code, reply["Location"]) == (302, QUEUE)

    def test_a_contributor_and_a_visitor_see_nothing_of_it(self, client: Any) -> None:
        propose(name="Secret")

        replies = [signed_in(contributor()).get(QUEUE, follow=True), client.get(QUEUE, follow=True)]

        assert [reply.status_code for reply in replies] == [403, 200]
        assert [b"Secret" in reply.content for reply in replies] == [False, False]

    def test_the_tables_have_a_page(self) -> None:
        reply = signed_in(moderator()).get("/admin/tables/")

        assert (reply.status_code, reply.context["title"]) == (200, "Tables")


class TestOrder:
    def test_the_urgent_first_then_the_oldest_and_batches_last(self) -> None:
        contributor_has_been_here = propose(name="First")
        Proposal.objects.filter(pk=contributor_has_been_here.pk).update(priority=1, priority_reason="")
        a_batch("Listed")
        propose(name="Later")
        flag(make_paper(name="Flagged"))

        assert shown() == ["Flagged", "First", "Later", "Listed"]

    def test_each_row_says_why_it_stands_there_and_who_has_it(self) -> None:
        paper = make_paper(name="CLIP")
        propose(name="CLIP")
        claim(proposal=propose_edit(paper, year=2021), actor=moderator("mary"))
        text = signed_in(moderator()).get(QUEUE).content.decode()

        assert [
            word
            for word in ("First proposal of a newcomer", "1 suspected duplicate", "claimed by mary")
            if word in text
        ] == [
            "First proposal of a newcomer",
            "1 suspected duplicate",
            "claimed by mary",
        ]

    def test_a_row_says_what_it_is_about(self) -> None:
        propose_edit(make_paper(name="CLIP"), year=2021, venue="ICML")
        propose(name="Vim", title="The title", year=2024)
        reply = signed_in(moderator()).get(QUEUE)

        assert {row.name: summary for row, _, summary, _ in reply.context["rows"]} == {
            "CLIP": "Year, Venue",
            "Vim": "The title · 2024",
        }


class TestNarrowed:
    def test_by_kind_action_and_author_with_counts(self) -> None:
        propose(name="A paper")
        propose(kind="dataset", author=contributor("bob"), name="A dataset")
        propose_edit(make_paper(name="CLIP"), year=2021)

        assert shown("?kind=dataset") == ["A dataset"]
        assert shown("?action=edit") == ["CLIP"]
        assert shown("?author=bob") == ["A dataset"]
        assert choices("author") == [("All", None), ("ada", 2), ("bob", 1)]
        assert choices("action", "?author=bob")[:3] == [("All", None), ("New entry", 1), ("Edit", 0)]

    def test_by_age_and_by_state(self) -> None:
        old, new = propose(name="Old"), propose(name="New")
        Proposal.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=8))
        claim(proposal=new, actor=moderator())

        assert shown("?age=7") == ["Old"]
        assert shown("?state=mine") == ["New"]
        assert shown("?state=approved") == []
        assert choices("age") == [("All", None), ("Over a day", 1), ("Over a week", 1), ("Over a month", 0)]

    def test_by_batch_and_by_suspected_duplicates(self) -> None:
        make_paper(name="CLIP")
        propose(name="CLIP")
        batch = a_batch("Listed")

        assert (shown(f"?batch={batch.pk}"), shown("?batch=none")) == (["Listed"], ["CLIP"])
        assert (shown("?twins=yes"), shown("?twins=no")) == (["CLIP"], ["Listed"])
        assert choices("batch") == [("All", None), ("One by one", 1), ("In a batch", 1), ("A list", 1)]

    def test_by_the_topics_that_one_looks_after(self) -> None:
        topic = make_topic(name="Reasoning")
        propose(name="On it", topics=[topic.slug])
        propose(name="Not on it")
        assert "my topics" not in dict(signed_in(moderator()).get(QUEUE).context["filter_links"])

        Watch.objects.create(user=moderator(), topic=topic.slug)

        assert shown("?topics=mine") == ["On it"]
        assert choices("my topics") == [("All", None), ("Touches my topics", 1)]

    def test_by_text(self) -> None:
        propose(name="Vim")
        propose(name="Emacs", author=contributor("vimmy"))
        propose(name="Nano")

        assert shown("?q=vim") == ["Vim", "Emacs"]

    def test_what_is_decided_is_not_counted(self) -> None:
        propose(name="Vim")

        assert choices("kind", "?state=all")[:2] == [("All", None), ("Paper or model", None)]

    @pytest.mark.parametrize("query", ["?kind=x", "?age=x", "?batch=99999999999999999999", "?author=%00", "?p=x"])
    def test_nonsense_does_no_harm(self, query: str) -> None:
        propose(name="Vim")

        assert signed_in(moderator()).get(QUEUE + query, follow=True).status_code == 200


def test_an_empty_queue_says_so() -> None:
    client = signed_in(moderator())

    assert b"All caught up" in client.get(QUEUE).content
    assert b"Nothing fits" in client.get(f"{QUEUE}?kind=paper").content


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(QUEUE)
        return len(captured)

    client = signed_in(moderator())
    papers = [make_paper(name=f"Paper {n}") for n in range(12)]
    propose_edit(papers[0], author=contributor("a0"), year=2020)
    a_batch("Listed")
    queries()
    few = queries()
    for n, paper in enumerate(papers[1:]):
        claim(proposal=propose_edit(paper, author=contributor(f"a{n + 1}"), year=2020), actor=moderator("mary"))
    a_batch(*(f"Listed {n}" for n in range(8)))

    assert queries() == few


class TestSelected:
    def act(self, action: str, *proposals: Proposal, user: Any = None, **more: Any) -> Any:
        versions = {f"version-{one.pk}": one.version for one in proposals}
        form = {"action": action, "_selected_action": [one.pk for one in proposals], **versions, **more}
        return signed_in(user or moderator()).post(QUEUE, form)

    def test_each_is_checked_and_reported_one_by_one(self) -> None:
        fine, own = propose(name="Fine"), propose(author=moderator(), name="Own")

        reply = self.act("approve_selected", fine, own)

        assert [outcome.subject.name for outcome in reply.context["succeeded"]] == ["Fine"]
        assert [(one.subject.name, one.error_message) for one in reply.context["refused"]] == [
            ("Own", "Nobody decides on their own proposal.")
        ]
        assert list(Paper.objects.values_list("name", flat=True)) == ["Fine"]

    def test_what_changed_since_the_page_was_opened_is_refused(self) -> None:
        proposal = propose(name="Vim")
        Proposal.objects.filter(pk=proposal.pk).update(version=2)

        reply = self.act("approve_selected", proposal)

        message = "Somebody changed this proposal a moment ago. Look at it once more."
        assert [one.error_message for one in reply.context["refused"]] == [message]

    @pytest.mark.parametrize("version", ["", "x", "9" * 12])
    def test_a_version_that_cannot_be_read_is_outdated(self, version: str) -> None:
        proposal = propose(name="Vim")

        reply = self.act("approve_selected", proposal, **{f"version-{proposal.pk}": version})

        assert ([one.subject for one in reply.context["refused"]], Paper.objects.count()) == ([proposal], 0)

    def test_rejecting_asks_for_the_reason_first(self) -> None:
        proposal = propose(name="Vim")

        form_page = self.act("reject_selected", proposal)
        again = self.act("reject_selected", proposal, apply="1", reason=" ")
        done = self.act("reject_selected", proposal, apply="1", canned="The source does not say this.")

        assert [reply.status_code for reply in (form_page, again, done)] == [200, 400, 200]
        assert Proposal.objects.get().decision == "The source does not say this."

    def test_taking_them(self) -> None:
        self.act("claim_selected", propose(name="Vim"))

        assert Proposal.objects.get().claimed_by == moderator()

    def test_the_first_of_two_moderators_sees_a_message(self) -> None:
        target = Target.live(make_paper(name="Vim"))
        kind = KINDS["paper"]
        proposal = submit(
            author=contributor(),
            proposed=NewProposal(kind=kind, action=ProposalAction.RETIRE, target=target, comment="No model."),
        )

        reply = self.act("approve_selected", proposal)

        assert ([one.subject.name for one in reply.context["agreed"]], reply.context["succeeded"]) == (["Vim"], [])

    @pytest.mark.parametrize("ticked", ["999", "abc", "9" * 25, "\0", "-1", "٣", ""], ids=ascii)
    def test_what_is_no_row_is_as_an_unknown_one(self, ticked: str) -> None:
        proposal = propose(name="Vim")
        form = {"action": "approve_selected", "_selected_action": [ticked, str(proposal.pk)]}

        reply = signed_in(moderator()).post(QUEUE, form)

        assert (reply.status_code, [one.subject for one in reply.context["succeeded"]]) == (200, [proposal])

    def test_nor_does_it_do_harm_in_any_other_list(self) -> None:
        client, odd = signed_in(admin()), ["abc", "9" * 25, "\0", "", "{}"]
        actions = set()
        for model in site._registry:
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            listed: Any = client.get(path)
            form = listed.context and listed.context.get("action_form")
            for action in [name for name, _ in form.fields["action"].choices if name] if form else ():
                actions.add((model.__name__, action))
                assert client.post(path, {"action": action, "_selected_action": odd}).status_code in (200, 302)

        assert {("User", "lift"), ("DBTaskResult", "run_again"), ("Proposal", "claim_selected")} <= actions
        watches = {"action": "delete_selected", "_selected_action": odd}
        assert client.post("/admin/submissions/watch/", watches).status_code == 200

    def test_a_contributor_decides_nothing(self) -> None:
        reply = self.act("approve_selected", propose(name="Vim"), user=contributor("bob"))

        assert (reply.status_code, Proposal.objects.get().status) == (302, "pending")


class TestSelection:
    def decide(self, filters: str, verb: str, user: Any = None, **form: Any) -> Any:
        """Press the button that the page with these filters shows."""
        client = signed_in(user or moderator())
        shown = client.get(f"{QUEUE}?{filters}").context
        selection = {"count": 0, "seen": timezone.now()} if shown is None else vars(shown["selection"])
        posted = {"_changelist_filters": filters, "count": selection["count"], "seen": selection["seen"].isoformat()}
        return client.post(f"{QUEUE}selection/{verb}/", posted | form)

    def test_a_batch_is_decided_together(self) -> None:
        reply = self.decide(f"batch={a_batch('A', 'B').pk}", "approve")

        assert [one.subject.name for one in reply.context["succeeded"]] == ["A", "B"]
        assert Paper.objects.count() == 2
        assert {(one.decided_by, one.status) for one in Proposal.objects.all()} == {(moderator(), "approved")}

    def test_only_what_the_filters_show(self) -> None:
        batch = a_batch("A", "B")
        propose(name="Alone")

        reply = self.decide(f"batch={batch.pk}&q=B", "approve")

        assert [one.subject.name for one in reply.context["succeeded"]] == ["B"]
        assert reply.context["decision"].filters == f"batch={batch.pk}&q=B"

    def test_ones_own_are_neither_counted_nor_decided(self) -> None:
        propose(name="Own", author=moderator())
        propose(name="Other")

        page = signed_in(moderator()).get(f"{QUEUE}?kind=paper").content.decode()
        reply = self.decide("kind=paper", "approve")

        assert "Approve all 1 of this" in page
        assert [one.subject.name for one in reply.context["succeeded"]] == ["Other"]
        assert Proposal.objects.get(name="Own").status == "pending"

    def test_what_came_or_changed_since_the_page_was_shown_is_left(self) -> None:
        batch = a_batch("A", "B", "C")
        changed = Proposal.objects.get(name="B")
        client = signed_in(moderator())
        selection = client.get(f"{QUEUE}?kind=paper").context["selection"]
        propose(name="New")
        claim(proposal=changed, actor=moderator("mary"))

        form = {"_changelist_filters": "kind=paper", "count": selection.count, "seen": selection.seen.isoformat()}
        reply = client.post(f"{QUEUE}selection/approve/", form)

        assert [one.subject.name for one in reply.context["succeeded"]] == ["A", "C"]
        assert dict(batch.proposals.values_list("name", "status"))["B"] == "pending"
        assert Proposal.objects.get(name="New").status == "pending"

    @pytest.mark.parametrize("form", [{"count": "1"}, {"count": ""}, {"seen": "x"}, {"seen": "2026-13-45"}])
    def test_nothing_is_decided_if_more_is_there_than_was_counted(self, form: dict[str, str]) -> None:
        batch = a_batch("A", "B")

        reply = self.decide(f"batch={batch.pk}", "approve", **form)

        assert (reply.status_code, reply["Location"]) == (302, f"{QUEUE}?batch={batch.pk}")
        assert not Paper.objects.exists()

    @pytest.mark.parametrize("filters", ["", "p=1", "state=all"])
    def test_the_whole_queue_is_not_decided_at_once(self, filters: str) -> None:
        propose(name="A")
        form = {"_changelist_filters": filters, "count": 1, "seen": timezone.now().isoformat()}

        reply = signed_in(moderator()).post(f"{QUEUE}selection/approve/", form)

        assert (reply.status_code, Proposal.objects.get().status) == (302, "pending")
        assert signed_in(moderator()).get(QUEUE).context["selection"] is None

    def test_rejecting_asks_for_the_reason_and_keeps_the_selection(self) -> None:
        filters = f"batch={a_batch('A', 'B').pk}"

        asked = self.decide(filters, "reject")
        kept = {"count": str(asked.context["count"]), "seen": asked.context["seen"].isoformat()}
        reply = self.decide(filters, "reject", apply="1", reason="Not a model.", **kept)

        assert asked.context["title"] == "Reject 2 proposals"
        assert 'name="_selected_action"' not in asked.content.decode()
        assert [one.subject.name for one in reply.context["succeeded"]] == ["A", "B"]
        assert set(Proposal.objects.values_list("decision", flat=True)) == {"Not a model."}

    def test_its_page_counts_what_became_of_it(self) -> None:
        batch = a_batch("A", "B")
        signed_in(moderator()).post(f"{QUEUE}{Proposal.objects.earliest('pk').pk}/approve/")

        reply = signed_in(moderator()).get(f"{QUEUE}?batch={batch.pk}")

        assert reply.context["batch"]["counts"] == [("Waiting for review", 1), ("Approved", 1)]

    def test_only_by_post_and_only_by_known_verbs(self) -> None:
        filters = f"batch={a_batch('A').pk}"

        assert signed_in(moderator()).get(f"{QUEUE}selection/approve/").status_code == 405
        assert self.decide(filters, "withdraw").status_code == 404
        assert self.decide(filters, "approve", user=contributor("bob")).status_code == 302
        assert Proposal.objects.get().status == "pending"


class TestManyAtOnce:
    """What takes longer than a request goes on in the background."""

    def start(self, monkeypatch: pytest.MonkeyPatch, *names: str) -> Any:
        monkeypatch.setattr(deciding_many, "SECONDS_HERE", -1)
        return TestSelection().decide(f"batch={a_batch(*names).pk}", "approve")

    def test_its_page_says_how_far_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        reply = self.start(monkeypatch, "A", "B", "C")
        client, address = signed_in(moderator("mary")), reply["Location"]

        before = client.get(address)
        listed = client.get(QUEUE).content.decode()
        Worker.objects.create(name="one", started_at=timezone.now(), seen_at=timezone.now())
        during = client.get(address).content.decode()
        run_tasks()
        after = client.get(address)

        assert (reply.status_code, address) == (302, f"{QUEUE}decisions/{BulkDecision.objects.get().pk}/")
        assert "1 of 3, decided by" in " ".join(before.content.decode().split())
        assert "No worker is running" in before.content.decode()
        assert f'href="{address}"' in listed
        assert "You can leave this page" in during
        assert [one.subject.name for one in after.context["succeeded"]] == ["A", "B", "C"]
        assert (after.context["title"], "data-progress" in after.content.decode()) == ("3 approved", False)

    def test_without_a_worker_its_button_goes_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        address = self.start(monkeypatch, "A", "B", "C")["Location"]
        monkeypatch.setattr(deciding_many, "SECONDS_HERE", 5.0)

        signed_in(moderator("mary")).post(address)

        assert set(Proposal.objects.values_list("decided_by__username", "status")) == {("hedy", "approved")}
        assert signed_in(moderator("mary")).post(address, follow=True).status_code == 200

    def test_only_moderators_see_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        address = self.start(monkeypatch, "A", "B")["Location"]

        assert signed_in(contributor("bob")).get(address).status_code == 302
        assert signed_in(moderator()).get(f"{QUEUE}decisions/999/").status_code == 404


class TestFiltersOfAList:
    @pytest.fixture
    def batch(self) -> Batch:
        link = {"kind": "arxiv", "label": ""}
        make_paper(name="Known", year=2020, links=[{**link, "url": "https://arxiv.org/abs/2409.00001"}])
        make_paper(name="Other", links=[{**link, "url": "https://arxiv.org/abs/2409.00002"}])
        text = (
            "## Papers\n\n- **Known** (2024) - [Words](https://arxiv.org/abs/2409.00001)\n"
            "- **Renamed** (2024) - [Words](https://arxiv.org/abs/2409.00002)\n"
            "- **New** (2024) - [Words](https://arxiv.org/abs/2409.00003)\n"
            "- **Plain** (2024) - [Words](https://arxiv.org/abs/2409.00004)\n"
        )
        source = "https://example.org/list"
        work, _ = import_list(author=contributor(), name="A list", source=source, text=text, chosen=range(4))
        work.rows.filter(name="New").update(notes=["Its summary was cut."])
        propose(name="By hand")
        return work.batch

    def test_by_questions_and_notes(self, batch: Batch) -> None:
        assert choices("from a list") == [
            ("All", None),
            ("Taken for one under another name", 1),
            ("With notes of its reader", 1),
            ("Without either", 2),
        ]
        assert shown("?list=question") == ["Other"]  # an edit of the entry, which gets the name as an alias
        assert shown("?list=noted") == ["New"]
        assert shown("?list=plain") == ["Known", "Plain"]

    def test_by_the_fields_that_it_changes(self, batch: Batch) -> None:
        labels = [label for label, _ in choices("changed field", f"?batch={batch.pk}")]

        assert labels[0] == "All"
        assert {"Year", "Summary"} < set(labels)
        assert shown(f"?batch={batch.pk}&field=aliases") == ["Other"]
        assert shown(f"?batch={batch.pk}&field=year&q=Known") == ["Known"]


def test_a_flag_of_an_admin_needs_another_to_look() -> None:
    paper = make_paper(name="Vim")
    submit(
        author=admin(),
        proposed=NewProposal(
            kind=KINDS["paper"], action=ProposalAction.FLAG, target=Target.live(paper), comment="Wrong."
        ),
    )

    reply = signed_in(admin()).post(f"{QUEUE}{Proposal.objects.get().pk}/approve/")

    assert (reply.status_code, Proposal.objects.get().status) == (403, "pending")
