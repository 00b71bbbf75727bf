"""My submissions: status, comments and available actions; nobody else sees them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions.models import Proposal
from submissions.web.queue_positions import last_messages, queue_positions
from submissions.workflow import approve, claim, comment, reject, request_changes
from tests.factories import make_paper, make_revision
from tests.people import contributor, moderator, propose, propose_edit, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def html(response: Any) -> str:
    return str(response.content.decode())


class TestStatus:
    def test_places_follow_the_queue(self) -> None:
        first, second, third = (propose(name=f"Model {number}") for number in range(3))
        Proposal.objects.filter(pk=third.pk).update(priority=2)
        withdrawn = propose(name="Gone")
        reject(proposal=withdrawn, actor=moderator(), reason="No.")

        positions = queue_positions(Proposal.objects.all())

        assert positions == {third.pk: 2, first.pk: 1, second.pk: 3}
        assert list(positions)
        assert positions == {p.pk: n for n, p in enumerate(Proposal.objects.queued(), 1)}

    def test_the_last_comment_is_that_of_the_other_side(self) -> None:
        proposal, silent = propose(name="Model"), propose(name="Other")
        request_changes(proposal=proposal, actor=moderator(), reason="Which table?")
        comment(proposal=proposal, actor=contributor(), comment="Table 3.")
        comment(proposal=silent, actor=contributor(), comment="Hello?")

        assert {pk: event.comment for pk, event in last_messages([proposal, silent]).items()} == {
            proposal.pk: "Which table?"
        }


class TestMySubmissions:
    def test_each_shows_the_next_step_and_the_last_comment(self, ada: Client) -> None:
        waiting, sent_back, refused, done = (propose(name=name) for name in ("Waiting", "Sent back", "Refused", "Done"))
        request_changes(proposal=sent_back, actor=moderator(), reason="Which table?")
        reject(proposal=refused, actor=moderator(), reason="It is a blog post.")
        approve(proposal=done, actor=moderator(), comment="Good.")

        page = html(ada.get("/submissions/"))

        assert "A moderator looks at it: it is the next in the queue." in page
        assert "The reviewer asks for something. Revise it and it goes back into the queue." in page
        assert f'href="/submissions/{sent_back.pk}/revise/"' in page
        assert "hedy rejected it. You can answer, or propose it again with what was missing." in page
        assert "It is done, approved by hedy." in page
        for message in ("Which table?", "It is a blog post.", "Good."):
            assert f"<b>hedy:</b> {message}" in page
        assert waiting.name in page

    def test_by_status(self, ada: Client) -> None:
        propose(name="Waiting")
        reject(proposal=propose(name="Refused"), actor=moderator(), reason="No.")

        page = html(ada.get("/submissions/?status=rejected"))

        assert ">Refused</a>" in page
        assert ">Waiting</a>" not in page

    def test_nothing_yet_says_how_to_begin(self, ada: Client) -> None:
        assert "Nothing yet" in html(ada.get("/submissions/"))

    def test_others_are_not_listed(self) -> None:
        propose(name="Of ada")

        assert "Of ada" not in html(signed_in(contributor("grace")).get("/submissions/"))

    def test_many_cost_no_more_queries_than_one(self, ada: Client) -> None:
        counts = []
        for many in (1, 24):
            for number in range(many):
                request_changes(proposal=propose(name=f"M {many} {number}"), actor=moderator(), reason="Why?")
                propose(name=f"W {many} {number}")
            with CaptureQueriesContext(connection) as queries:
                ada.get("/submissions/")
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestDetail:
    def test_its_author_and_moderators_see_it_and_nobody_else_learns_of_it(self, ada: Client, client: Client) -> None:
        proposal = propose(name="Model")
        address = proposal.get_absolute_url()

        statuses = [
            ada.get(address).status_code,
            signed_in(moderator()).get(address).status_code,
            signed_in(contributor("grace")).get(address).status_code,
            ada.get("/submissions/999999/").status_code,
            client.get(address).status_code,
        ]

        assert statuses == [200, 200, 404, 404, 302]
        assert "no-store" in ada.get(address).headers["Cache-Control"]

    def test_the_author_hears_who_looks_at_it(self, ada: Client) -> None:
        proposal = propose(name="Model")
        claim(proposal=proposal, actor=moderator())

        assert "hedy is looking at it now." in html(ada.get(proposal.get_absolute_url()))

    def test_an_edit_of_an_entry_that_moved_on_says_so(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        proposal = propose_edit(entry, summary="New text.")
        make_revision("paper", entry=entry, year=2022)

        assert "(revision 1, now 2)" in html(ada.get(proposal.get_absolute_url()))


class TestRevise:
    def form(self, ada: Client, proposal: Proposal, **changes: str) -> dict[str, str]:
        given = {"name": proposal.name, "version": str(proposal.version), "source": "The report", "submit": "1"}
        return {**given, **changes}

    def test_it_goes_back_into_the_queue(self, ada: Client) -> None:
        proposal = request_changes(proposal=propose(name="Model"), actor=moderator(), reason="Which year?")
        address = f"/submissions/{proposal.pk}/revise/"
        assert 'name="name" value="Model"' in html(ada.get(address))

        response = ada.post(address, self.form(ada, proposal, year="2024"))

        fresh = Proposal.objects.get()
        assert response.headers["Location"] == proposal.get_absolute_url()
        assert (fresh.status, fresh.payload["year"]) == ("pending", 2024)

    def test_an_invalid_value_is_reported_and_stays(self, ada: Client) -> None:
        proposal = propose(name="Model")

        response = ada.post(
            f"/submissions/{proposal.pk}/revise/", self.form(ada, proposal, year="3000", summary="Typed.")
        )

        assert response.status_code == 400
        assert "Ensure this value is less than or equal to 2100." in html(response)
        assert ">Typed.</textarea>" in html(response)

    def test_a_moderator_who_begins_to_look_at_it_costs_the_author_no_word(self, ada: Client) -> None:
        proposal = propose(name="Model")
        data = self.form(ada, proposal, summary="Typed long.")
        fresh = claim(proposal=proposal, actor=moderator())

        response = ada.post(f"/submissions/{proposal.pk}/revise/", data)

        assert response.status_code == 409
        assert ">Typed long.</textarea>" in html(response)
        assert f'name="version" value="{fresh.version}"' in html(response)

    def test_what_was_decided_cannot_be_revised(self, ada: Client) -> None:
        proposal = reject(proposal=propose(name="Model"), actor=moderator(), reason="No.")

        response = ada.post(f"/submissions/{proposal.pk}/revise/", self.form(ada, proposal))

        assert response.status_code == 409
        assert "This proposal cannot be revised any more." in html(response)


class TestWithdraw:
    def test_it_is_taken_back(self, ada: Client) -> None:
        proposal = propose(name="Model")

        ada.post(f"/submissions/{proposal.pk}/withdraw/", {"version": str(proposal.version)})

        assert Proposal.objects.get().status == "withdrawn"

    @pytest.mark.parametrize("version", ["", "x", "9" * 12])
    def test_a_version_that_cannot_be_read_is_outdated(self, version: str, ada: Client) -> None:
        proposal = propose(name="Model")

        withdrawn = ada.post(f"/submissions/{proposal.pk}/withdraw/", {"version": version})
        form = {"name": "Model", "year": "2024", "source": "The report", "version": version, "submit": "1"}
        revised = ada.post(f"/submissions/{proposal.pk}/revise/", form)

        assert (withdrawn.status_code, revised.status_code) == (409, 409)
        assert Proposal.objects.values_list("status", "version").get() == ("pending", 1)

    def test_the_address_alone_takes_nothing_back(self, ada: Client) -> None:
        proposal = propose(name="Model")

        response = ada.get(f"/submissions/{proposal.pk}/withdraw/")

        assert response.headers["Location"] == proposal.get_absolute_url()
        assert Proposal.objects.get().status == "pending"

    def test_what_was_decided_stays_decided(self, ada: Client) -> None:
        proposal = propose(name="Model")
        approve(proposal=proposal, actor=moderator())

        response = ada.post(f"/submissions/{proposal.pk}/withdraw/", {"version": "1"})

        assert response.status_code == 409
        assert "hedy has approved this proposal already." in html(response)


class TestComment:
    def test_both_sides_talk(self, ada: Client) -> None:
        proposal = propose(name="Model")

        ada.post(f"/submissions/{proposal.pk}/comment/", {"text": "Hello?"})
        signed_in(moderator()).post(f"/submissions/{proposal.pk}/comment/", {"text": "A moment."})

        page = html(ada.get(proposal.get_absolute_url()))
        assert "<blockquote>Hello?</blockquote>" in page
        assert "<blockquote>A moment.</blockquote>" in page

    def test_too_long_a_text_is_reported_and_stays(self, ada: Client) -> None:
        proposal = propose(name="Model")

        response = ada.post(f"/submissions/{proposal.pk}/comment/", {"text": "x" * 4001})

        assert response.status_code == 400
        assert "At most 4000 characters." in html(response)
        assert "x" * 4001 in html(response)

    def test_what_was_written_before_signing_in_is_there_after_it(self, client: Client) -> None:
        proposal = propose(name="Model")
        client.post(f"/submissions/{proposal.pk}/comment/", {"text": "Typed long."})
        client.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")

        assert ">Typed long.</textarea>" in html(client.get(f"/submissions/{proposal.pk}/comment/"))


class TestApprovedInPart:
    SOURCES = [
        {"field": key, "url": "https://arxiv.org/abs/1", "note": "", "confidence": "confirmed"}
        for key in ("year", "venue")
    ]

    def parts(self, page: str) -> list[list[str]]:
        """The labels of the fields under each heading of the page that says what became of it."""
        names = ("What was published", "What was not published", "What it changes")
        sections = [section for name in names for section in page.split(f"<h2>{name}</h2>")[1:]]
        return [
            re.findall(r"<h3>\s*(.*?)\s*</h3>", section.partition("</article>")[0].partition("<h2>")[0], re.DOTALL)
            for section in sections
        ]

    def test_what_was_published_and_what_was_not_are_shown_apart(self, ada: Client) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024, venue="Wrong", sources=self.SOURCES)

        approve(proposal=proposal, actor=moderator(), fields={"year"})
        page = html(ada.get(proposal.get_absolute_url()))

        assert self.parts(page) == [["Year", "Sources"], ["Venue"]]
        assert "Not published: Venue." in page
        assert "Published with another value" not in page

    def test_what_the_moderator_changed_is_shown_with_both_values(self, ada: Client) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024, venue="Wrong")

        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "venue": "Right", "title": "T"})
        page = html(ada.get(proposal.get_absolute_url()))

        assert self.parts(page) == [["Year", "Title", "Venue"], ["Venue"]]
        assert "Published with another value: Title, Venue." in page

    def test_what_was_approved_as_it_is_has_one_list(self, ada: Client) -> None:
        proposal = propose_edit(make_paper(name="Vim"), year=2024, sources=self.SOURCES[:1])

        approve(proposal=proposal, actor=moderator())
        page = html(ada.get(proposal.get_absolute_url()))

        assert self.parts(page) == [["Year", "Sources"]]
        assert "published:" not in page.lower()

    def test_what_others_changed_meanwhile_is_no_difference(self, ada: Client) -> None:
        paper = make_paper(name="Vim")
        proposal = propose_edit(paper, year=2024)
        live = make_revision("paper", paper, venue="ICCV")

        payload = {**live.snapshot, "year": 2024}
        approve(proposal=proposal, actor=moderator(), payload=payload, base=2)

        assert proposal.events.get(verb="approve").comment == ""
