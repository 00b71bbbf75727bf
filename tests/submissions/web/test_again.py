"""What was rejected or withdrawn is proposed again by one button that opens its form, filled as it was."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.kinds import KINDS
from catalog.ledger.publishing import retire
from catalog.models import Entry, Revision
from submissions.models import Proposal, ProposalAction
from submissions.states import Status
from submissions.workflow import NewProposal, Target, reject, submit, withdraw
from tests.factories import make_paper, make_revision, trace
from tests.people import contributor, moderator, person, propose, propose_edit, signed_in
from tests.posting import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def refuse(proposal: Proposal) -> Proposal:
    return reject(proposal=proposal, actor=moderator(), reason="No.")


def ask(action: str, target: Target, into: Entry | None = None) -> Proposal:
    proposed = NewProposal(KINDS["paper"], action, target=target, into=into, source="A list", comment="Because.")
    return submit(author=contributor(), proposed=proposed)


def html(response: Any) -> str:
    return str(response.content.decode())


def button_of(client: Client, proposal: Proposal) -> str:
    """The address of the button on the proposal's page; "" if there is none."""
    found = re.search(r'<a class="button" href="([^"]*again=[^"]*)"', html(client.get(f"/submissions/{proposal.pk}/")))
    return found[1] if found else ""


@pytest.mark.parametrize("close", [refuse, lambda proposal: withdraw(proposal=proposal, actor=contributor())])
def test_a_new_entry_is_submitted_again_as_it_was(ada: Client, close: Any) -> None:
    proposal = propose(name="Vim", year=2024, aliases=["VIM"])
    close(proposal)

    address = button_of(ada, proposal)
    form = fields_of(html(ada.get(address)))
    response = ada.post("/contribute/papers/", {**form, "submit": "1"})

    again = Proposal.objects.exclude(pk=proposal.pk).get()
    assert (address, response.status_code) == (f"/contribute/papers/?again={proposal.pk}", 302)
    assert (again.payload, again.source, again.status) == (proposal.payload, proposal.source, Status.PENDING)


def test_an_edit_is_submitted_again_on_the_entry_as_it_is_now(ada: Client) -> None:
    paper = make_paper(name="Vim")
    proposal = refuse(propose_edit(paper, venue="ICCV"))
    make_revision("paper", paper, year=2023)

    address = button_of(ada, proposal)
    form = fields_of(html(ada.get(address)))
    ada.post(address, {**form, "submit": "1"})

    again = Proposal.objects.pending().get()
    assert address == f"/papers/vim/edit/?again={proposal.pk}"
    assert (again.base, again.payload["venue"], again.payload["year"]) == (2, "ICCV", 2023)
    assert again.source == proposal.source


def test_a_retirement_a_merge_and_a_flag_begin_with_the_same_words(ada: Client) -> None:
    paper, other = make_paper(name="Vim"), make_paper(name="Other")
    actions = {ProposalAction.RETIRE: None, ProposalAction.MERGE: other, ProposalAction.FLAG: None}
    asked = [refuse(ask(action, Target.live(paper), into)) for action, into in actions.items()]

    addresses = [button_of(ada, proposal) for proposal in asked]
    forms = [fields_of(html(ada.get(address))) for address in addresses]

    assert [address.partition("?")[0] for address in addresses] == [
        "/papers/vim/retire/",
        "/papers/vim/retire/",
        "/papers/vim/flag/",
    ]
    assert [form["comment"] for form in forms] == ["Because."] * 3
    assert [form.get("into") for form in forms] == ["", "other", None]


def test_a_restoration_begins_with_the_same_words(ada: Client) -> None:
    paper = make_paper(name="Vim")
    retire(entry=paper, trace=trace())
    proposal = refuse(ask(ProposalAction.RESTORE, Target.retired(Revision.objects.latest("pk"))))

    form = fields_of(html(ada.get(button_of(ada, proposal))))

    assert form["comment"] == "Because."


def test_what_is_open_or_somebody_elses_or_about_another_page_begins_no_form(ada: Client) -> None:
    make_paper(name="Vim")
    open_ = propose(name="Open")
    refused = refuse(propose(name="Refused"))
    bobs = refuse(propose(name="Bob's", author=person("bob")))

    assert button_of(ada, open_) == ""
    for address in (
        f"/contribute/papers/?again={open_.pk}",
        f"/contribute/papers/?again={bobs.pk}",
        f"/contribute/datasets/?again={refused.pk}",
        f"/papers/vim/edit/?again={refused.pk}",
        "/contribute/papers/?again=x",
    ):
        assert ada.get(address).status_code == 404


def test_a_damaged_one_and_one_whose_entry_is_gone_have_no_button(ada: Client) -> None:
    damaged, paper = refuse(propose(name="Vim")), make_paper(name="Gone")
    gone = refuse(propose_edit(paper, venue="ICCV"))
    Proposal.objects.filter(pk=damaged.pk).update(payload={"name": ["Vim"]})
    retire(entry=paper, trace=trace())

    assert (button_of(ada, damaged), button_of(ada, gone)) == ("", "")


def test_withdrawing_is_taken_back_in_two_steps(ada: Client) -> None:
    proposal = propose(name="Vim")
    page = ada.post(f"/submissions/{proposal.pk}/withdraw/", {"version": proposal.version}, follow=True)

    assert "it can be proposed again as it was" in html(page)
    assert "Propose it again" in html(page)
