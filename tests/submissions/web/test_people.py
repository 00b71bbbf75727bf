"""The public page of somebody, and leaving."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.kinds import KINDS
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from catalog.models import Revision
from submissions.models import Proposal
from submissions.workflow import NewProposal, Target, approve, submit
from tests.factories import make_paper, make_result, make_revision
from tests.people import contributor, moderator, propose, signed_in, take_back

pytestmark = pytest.mark.django_db


def html(response: Any) -> str:
    return str(response.content.decode())


def lead(response: Any) -> str:
    """The text of the first paragraph, which says what somebody did."""
    found = re.search(r'<p class="lead">(.*?)</p>', html(response), re.DOTALL)
    return " ".join(unescape(found[1]).split()) if found else ""


class TestPerson:
    def test_what_is_published_stands_under_the_name_and_nothing_else(self, client: Client) -> None:
        ada = contributor()
        ada.email = "canary@example.org"
        ada.save()
        approve(proposal=propose(name="Published Model"), actor=moderator())
        propose(name="Pending Model")

        page = html(client.get("/people/ada/"))

        assert "1 published change: 1 of papers &amp; models." in page
        assert ">Published Model</a>" in page
        assert "approved by hedy" in page
        assert "Pending Model" not in page
        assert "canary@example.org" not in page

    def test_who_approved_and_never_proposed_has_a_page_that_says_so(self, client: Client) -> None:
        for name in ("One", "Two"):
            approve(proposal=propose(name=name), actor=moderator())
        approve(proposal=propose("dataset"), actor=moderator())

        page = client.get("/people/hedy/")

        assert lead(page) == "Approved 3 changes by others: 2 of papers & models, 1 of datasets."
        assert client.get("/people/nobody/").status_code == 404

    def test_who_did_both(self, client: Client) -> None:
        approve(proposal=propose(author=moderator()), actor=moderator("grace"))
        approve(proposal=propose(name="Another"), actor=moderator())

        assert lead(client.get("/people/hedy/")) == (
            "1 published change: 1 of papers & models. Approved 1 change by others: 1 of papers & models."
        )

    def test_what_a_merge_and_its_undoing_change_elsewhere_counts_for_nobody(self, client: Client) -> None:
        kept, gone = make_paper(name="BLIP-2"), make_paper(name="InstructBLIP")
        results = [make_result(paper=gone.slug, part=name) for name in ("one", "two")]
        merging = submit(
            author=contributor("mia"),
            proposed=NewProposal(KINDS["paper"], "merge", target=Target.live(gone), into=kept, comment="The same."),
        )
        for name in ("first", "last"):
            merging = approve(proposal=merging, actor=moderator(name))
        take_back(Revision.objects.get(pk=merging.revision_id or 0))

        assert Revision.objects.exclude(part_of_id=None).count() == 4
        assert [lead(client.get(f"/people/{name}/")) for name in ("mia", "last", "hedy", "second")] == [
            "1 published change: 1 of papers & models.",
            "Approved 1 change by others: 1 of papers & models.",
            "1 published change: 1 of papers & models.",
            "Approved 1 change by others: 1 of papers & models.",
        ]
        credit = html(client.get(f"/results/{results[0].slug}/")).partition("Contributors:")[2].partition("</p>")[0]
        assert re.findall(r">(\w+)</a>", credit) == ["ada"]

    def test_who_is_named_by_nothing_but_such_parts_has_a_page(self, client: Client) -> None:
        merged, paper = make_revision("paper"), make_paper(name="Other")
        publish(
            kind=KINDS["paper"],
            entry=paper,
            payload={**KINDS["paper"].dump(paper), "year": 2020},
            trace=Trace(contributor("curator"), moderator(), comment="Merged.", part_of=merged.pk),
        )

        assert [lead(client.get(f"/people/{name}/")) for name in ("curator", "hedy")] == [
            "Only references that were changed by merging or restoring other entries.",
            "Only references that were changed by merging or restoring other entries. This account moderates.",
        ]

    def test_of_a_moderator_who_decided_nothing_only_moderators_see_the_page(self, client: Client) -> None:
        moderator()

        assert client.get("/people/hedy/").status_code == 404
        assert lead(signed_in(moderator("grace")).get("/people/hedy/")) == (
            "No published changes yet. This account moderates."
        )

    def test_an_unknown_name_returns_404(self, client: Client) -> None:
        assert client.get("/people/nobody/").status_code == 404

    def test_a_person_without_publications_is_visible_to_themselves_and_moderators_only(self, client: Client) -> None:
        ada = contributor()
        others = [client, signed_in(contributor("grace"))]

        assert [one.get("/people/ada/").status_code for one in others] == [404, 404]
        assert [signed_in(one).get("/people/ada/").status_code for one in (ada, moderator())] == [200, 200]
        assert html(client.get("/people/ada/")).replace("ada", "nobody") == html(client.get("/people/nobody/"))

    def test_many_cost_no_more_queries_than_one(self, client: Client) -> None:
        counts = []
        for many in (1, 20):
            for number in range(many):
                approve(proposal=propose(name=f"Model {many} {number}"), actor=moderator())
            with CaptureQueriesContext(connection) as queries:
                client.get("/people/ada/")
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestForget:
    def test_the_person_goes_and_the_contributions_stay_under_a_pseudonym(self, client: Client) -> None:
        ada = contributor()
        approve(proposal=propose(name="Model"), actor=moderator())
        waiting = propose(name="Waiting")
        pseudonym = f"former-contributor-{ada.pk}"
        browser = signed_in(ada)

        response = browser.post("/accounts/forget/", {"confirm": "1"})

        assert response.headers["Location"] == "/"
        assert not User.objects.filter(username="ada").exists()
        assert client.get("/people/ada/").status_code == 404
        assert "1 published change: 1 of papers &amp; models." in html(client.get(f"/people/{pseudonym}/"))
        assert Proposal.objects.get(pk=waiting.pk).author.username == pseudonym
        assert browser.get("/accounts/settings/").status_code == 302

    def test_the_page_tells_the_browser_to_forget_unsent_work(self) -> None:
        response = signed_in(contributor()).post("/accounts/forget/", {"confirm": "1"}, follow=True)

        assert 'data-sent="*"' in html(response)

    def test_it_wants_to_be_meant(self) -> None:
        signed_in(contributor()).post("/accounts/forget/")

        assert User.objects.filter(username="ada").exists()

    def test_the_settings_say_what_becomes_of_proposals_that_wait(self) -> None:
        page = html(signed_in(contributor()).get("/accounts/settings/"))

        assert "so do proposals that wait for review" in page


def test_signing_out_tells_the_browser_to_forget_unsent_work() -> None:
    response = signed_in(contributor()).post("/accounts/logout/", follow=True)

    assert 'data-sent="*"' in html(response)
