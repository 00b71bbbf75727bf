"""The public page of somebody, and leaving."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from submissions.models import Proposal
from submissions.workflow import approve
from tests.people import contributor, moderator, propose, signed_in

pytestmark = pytest.mark.django_db


def html(response: Any) -> str:
    return str(response.content.decode())


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
