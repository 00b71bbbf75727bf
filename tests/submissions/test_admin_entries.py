"""The entry admin page, undoing, rolling back, and the tables that moderators look at."""

from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.urls import reverse
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions.admin.entries import entry_admin_url
from submissions.models import EntryLock, Proposal, Watch
from submissions.workflow import approve
from tests.background_work import run_tasks
from tests.factories import make, make_paper, make_revision, make_topic
from tests.people import admin, contributor, moderator, propose, propose_edit, signed_in

pytestmark = pytest.mark.django_db


def post(path: str, user: Any = None, **form: Any) -> Any:
    return signed_in(user or moderator()).post(path, form)


class TestEntryAdminPage:
    @pytest.mark.parametrize("kind", list(KINDS))
    def test_every_kind_has_one(self, kind: str) -> None:
        if kind == "result":
            entry = make(
                "result", name="", paper=make_paper().slug, benchmark=make("benchmark").slug, metric="acc", value="1"
            )
        else:
            entry = make(kind)

        for user in (moderator(), admin()):
            reply = signed_in(user).get(entry_admin_url(entry))
            assert (reply.status_code, reply.context["entry"]) == (200, entry)

    def test_an_admin_edits_through_publish_and_leaves_the_trace(self) -> None:
        paper = make_paper(name="Vim")

        reply = post(entry_admin_url(paper), admin(), submit="1", base=1, name="Vim", year="2024", source="the report")

        last = Revision.objects.get(number=2)
        assert (reply.status_code, Paper.objects.get().year) == (302, 2024)
        assert (last.contributor, last.approver, last.source) == ("root", "", "the report")

    @pytest.mark.parametrize(
        ("form", "status", "field"),
        [
            ({"base": 1, "name": "", "source": "Table 1"}, 400, "name"),
            ({"base": 1, "name": "Vim", "year": "2024"}, 400, "source"),
            ({"base": 1, "name": "Vim", "source": "Table 1"}, 409, "__all__"),
            ({"base": 1, "name": "Vim", "year": "2024", "source": "Table 1", "moved": "1"}, 409, "__all__"),
        ],
        ids=["the form judges", "a source is needed", "nothing changed", "the entry moved on"],
    )
    def test_an_admins_edit_is_refused_as_everybodys(self, form: dict[str, Any], status: int, field: str) -> None:
        paper = make_paper(name="Vim")
        if form.pop("moved", None):
            make_revision("paper", entry=paper, title="Theirs")

        reply = post(entry_admin_url(paper), admin(), submit="1", **form)

        assert (reply.status_code, list(reply.context["errors"])) == (status, [field])

    def test_a_moderator_does_not_edit_directly(self) -> None:
        paper = make_paper(name="Vim")

        reply = post(entry_admin_url(paper), submit="1", base=1, name="Vim", year="2024", source="Table 1")

        assert (reply.status_code, Paper.objects.get().year) == (403, None)

    def test_it_is_locked_with_a_reason_that_readers_see(self) -> None:
        paper = make_paper(name="Vim")
        address = entry_admin_url(paper).replace("/change/", "/lock/")

        post(address, reason=" ")
        assert not EntryLock.objects.exists()
        post(address, reason="An edit war.")
        page = signed_in(contributor()).get(reverse("submissions:edit", args=["papers", "vim"]))
        assert b"An edit war." in page.content

        assert signed_in(moderator()).get(address).status_code == 405
        assert post(address, contributor("bob"), unlock="1").status_code == 302
        assert EntryLock.objects.get().reason == "An edit war."
        post(address, unlock="1")
        assert not EntryLock.objects.in_force().exists()


class TestUndo:
    def undo_page(self, revision_id: int | None) -> str:
        return reverse("admin:submissions_undo", args=[revision_id])

    def test_it_shows_the_change_asks_for_the_reason_and_takes_it_back(self) -> None:
        done = approve(proposal=propose_edit(make_paper(name="Vim", year=2023), year=2024), actor=moderator())
        page = self.undo_page(done.revision_id)

        preview = signed_in(moderator()).get(page)
        refused = post(page, reason=" ")
        retired = post(page, reason="It was right.")

        titles = [(change.label, [column.title for column in change.columns]) for change in preview.context["changes"]]
        assert titles == [("Year", ["Before", "After"])]
        assert (refused.status_code, str(refused.context["error"])) == (400, "Say why it is undone.")
        assert retired["Location"] == f"/admin/submissions/proposal/{done.pk}/change/"
        assert Paper.objects.get().year == 2023

    def test_what_was_changed_again_is_refused_and_the_reason_stays(self) -> None:
        paper = make_paper(name="Vim", year=2023)
        second = make_revision("paper", entry=paper, year=2024)
        make_revision("paper", entry=Paper.objects.with_references().get(), year=2025)

        reply = post(self.undo_page(second.pk), reason="No.")

        assert (reply.status_code, reply.context["reason"]) == (409, "No.")

    def test_undoing_a_creation_is_a_proposal_that_another_moderator_approves(self) -> None:
        created = Revision.objects.get(entry_id=make_paper(name="Vim").pk)

        preview = signed_in(moderator()).get(self.undo_page(created.pk))
        reply = post(self.undo_page(created.pk), reason="Spam.")

        proposal = Proposal.objects.get()
        assert (preview.context["takes_two"], reply["Location"]) == (True, "/papers/vim/history/")
        assert (proposal.action, proposal.undoes_id, proposal.comment) == (
            "retire",
            created.pk,
            "Undoes revision 1: Spam.",
        )
        post(f"/admin/submissions/proposal/{proposal.pk}/approve/", moderator("mary"), version=proposal.version)
        assert not Paper.objects.exists()

    @pytest.mark.parametrize("path", ["/papers/vim/history/", "/papers/vim/history/1/"])
    def test_moderators_find_it_beside_the_change(self, path: str) -> None:
        make_paper(name="Vim")
        link = f'href="{self.undo_page(Revision.objects.get().pk)}"'.encode()

        pages = [signed_in(user).get(path).content for user in (moderator(), contributor())]

        assert [link in page for page in pages] == [True, False]

    def test_contributors_do_not(self) -> None:
        make_paper(name="Vim")

        assert post(self.undo_page(Revision.objects.get().pk), contributor("bob"), reason="No.").status_code == 302
        assert signed_in(moderator()).get(self.undo_page(10**9)).status_code == 404
        assert Paper.objects.exists()


class TestRollBack:
    ADDRESS = "/admin/submissions/proposal/rollback/"

    def test_it_is_previewed_and_reported_one_by_one(self) -> None:
        approve(proposal=propose(author=contributor("bob"), name="Spam"), actor=moderator())
        paper = make_paper(name="Vim", year=2023)
        approve(proposal=propose_edit(paper, author=contributor("bob"), year=1999), actor=moderator())
        make_revision("paper", entry=Paper.objects.with_references().get(name="Vim"), year=2000)
        day = timezone.now().date().isoformat()

        seen = signed_in(moderator()).get(f"{self.ADDRESS}?account=bob&since={day}")
        asked = post(self.ADDRESS, account="bob", since=day, reason="A vandal.")
        listed = signed_in(moderator("mary")).get(asked["Location"])
        own = post(asked["Location"], confirm="1")
        confirming = post(asked["Location"], moderator("mary"), confirm="1")
        run_tasks()
        done = signed_in(moderator("mary")).get(confirming["Location"])
        again = post(asked["Location"], moderator("tim"), confirm="1")

        assert [row.name for row in listed.context["revisions"]] == ["Vim", "Spam"]
        assert (own.status_code, str(own.context["error"])) == (409, "Nobody confirms what they proposed themselves.")
        assert (again.status_code, str(again.context["error"])) == (409, "This rollback was decided already.")
        assert [row.name for row in seen.context["revisions"]] == ["Vim", "Spam"]
        assert [(outcome.subject.name, outcome.error_message) for outcome in done.context["outcomes"]] == [
            ("Vim", "These fields were changed again since: year."),
            ("Spam", ""),
        ]
        assert not Paper.objects.filter(name="Spam").exists()

    @pytest.mark.parametrize(
        ("form", "error"),
        [
            ({"account": "nobody", "since": "2026-01-31"}, "There is no account “nobody”."),
            ({"account": "no\x00body", "since": "2026-01-31"}, "There is no account “no\x00body”."),
            ({"account": "bob", "since": "31.1."}, "Write the day as 2026-01-31."),
            ({"account": "bob", "since": "2026-01-31", "reason": " "}, "Say why it is undone."),
        ],
    )
    def test_what_does_not_hold_is_named(self, form: dict[str, str], error: str) -> None:
        contributor("bob")

        reply = post(self.ADDRESS, **form)

        assert (reply.status_code, reply.context["errors"]) == (400, [error])


class TestTables:
    def test_every_table_opens_for_an_admin(self) -> None:
        make_topic()
        propose(name="Vim")
        client = signed_in(admin())
        tables = [model._meta for model in django_admin.site._registry]

        statuses = {
            meta.label: client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")).status_code
            for meta in tables
        }

        assert {label: status for label, status in statuses.items() if status != 200} == {}

    def test_a_moderator_keeps_a_list_of_topics(self) -> None:
        topic = make_topic(name="Reasoning")

        reply = post("/admin/submissions/watch/add/", topic=topic.slug)
        again = post("/admin/submissions/watch/add/", topic=topic.slug)

        assert (reply.status_code, again.status_code) == (302, 302)
        assert list(Watch.objects.values_list("user__username", "topic")) == [("hedy", "reasoning")]

    def test_of_others_only_their_own(self) -> None:
        Watch.objects.create(user=moderator("mary"), topic="reasoning")

        reply = signed_in(moderator()).get("/admin/submissions/watch/")

        assert list(reply.context["cl"].result_list) == []

    def test_letters_are_for_admins(self) -> None:
        assert signed_in(moderator()).get("/admin/submissions/letter/").status_code == 403
        assert Proposal.objects.count() == 0
