"""Fields that moderators set: no change sets them besides, by any way in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from catalog.api.payloads import payload_schema
from catalog.kinds import KINDS
from catalog.kinds.result.model import Result
from submissions.admin.entries import entry_admin_url
from submissions.models import Proposal
from submissions.review import ProposalReview
from submissions.workflow import (
    Invalid,
    NewProposal,
    Target,
    approve,
    edit_directly,
    revise,
    submit,
    submit_proposals,
)
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import admin, contributor, moderator, propose_edit, signed_in
from tests.submissions.api.conftest import API, SOURCE, by_token

pytestmark = pytest.mark.django_db
KIND = KINDS["result"]
REFUSAL = (
    "Verification is set by moderators, by verifying the entry, and not by a change of it: leave it out, or at “{}”."
)
REFUSED = {"verification": [REFUSAL.format("reported")]}


def live() -> Result:
    result: Result = Result.objects.with_references().get()
    return result


def new(**fields: Any) -> NewProposal:
    about = {"paper": make_paper().slug, "benchmark": make_benchmark().slug, "metric": "acc", "value": "1"}
    return NewProposal(KIND, "create", {"name": "", **about, **fields}, source=SOURCE)


def edit(**fields: Any) -> NewProposal:
    return NewProposal(KIND, "edit", {**KIND.dump(live()), **fields}, Target.live(live()), source=SOURCE)


def a_new_entry() -> None:
    submit(author=contributor(), proposed=new(verification="checked"))


def an_edit() -> None:
    make_result()
    submit(author=contributor(), proposed=edit(notes="So.", verification="checked"))


def a_moderators_edit() -> None:
    make_result()
    submit(author=moderator(), proposed=edit(verification="reproduced"))


def a_revision() -> None:
    proposal = propose_edit(make_result(), notes="So.")
    about: dict[str, Any] = {"source": SOURCE, "comment": ""}
    revise(proposal=proposal, actor=contributor(), payload={**proposal.payload, "verification": "checked"}, **about)


def an_edit_and_approval() -> None:
    proposal = propose_edit(make_result(), notes="So.")
    approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "verification": "checked"})


def a_direct_edit() -> None:
    result = make_result()
    payload = {**KIND.dump(result), "notes": "So.", "verification": "checked"}
    edit_directly(entry=result, actor=admin(), payload=payload, base=1, source=SOURCE, comment="")


@pytest.mark.parametrize(
    "change", [a_new_entry, an_edit, a_moderators_edit, a_revision, an_edit_and_approval, a_direct_edit]
)
def test_a_change_that_sets_one_is_refused_and_names_it(change: Callable[[], None]) -> None:
    with pytest.raises(Invalid) as refused:
        change()

    assert refused.value.errors == REFUSED


def test_a_row_of_a_batch_that_sets_one_is_refused_alone() -> None:
    rows = [new(), new(value="2", verification="checked")]

    _, outcomes = submit_proposals(author=contributor(), name="A table", items=rows)

    assert [outcome.error_message for outcome in outcomes] == ["", REFUSED["verification"][0]]


def test_the_api_refuses_it_by_field() -> None:
    make_result()
    body = {"kind": "result", "action": "edit", "slug": live().slug, "fields": {"verification": "checked"}}

    answer = by_token(contributor()).send("POST", API, {**body, "source": SOURCE})

    assert (answer.status_code, answer.json()["errors"]) == (422, {"fields": REFUSED})


def test_the_apis_schema_says_who_sets_it() -> None:
    properties = payload_schema(KIND)["properties"]

    assert properties["verification"]["description"] == (
        "Verification. Set by moderators: a proposal leaves it out, or as it is."
    )
    assert properties["state"]["description"] == "State"


@pytest.mark.parametrize(
    ("page", "person"),
    [
        (lambda: reverse("submissions:edit", args=["results", live().slug]), contributor),
        (lambda: entry_admin_url(live()), admin),
    ],
    ids=["proposal", "direct edit"],
)
def test_forms_neither_offer_nor_take_it(page: Callable[[], str], person: Callable[[], Any]) -> None:
    result = make_result(verification="checked")
    client, form = (
        signed_in(person()),
        {**KIND.dump(result), "notes": "So.", "source": SOURCE, "submit": "1", "base": "1"},
    )
    form = {key: value for key, value in form.items() if isinstance(value, str)}

    shown = client.get(page()).content.decode()
    refused = client.post(page(), {**form, "verification": "reproduced"})
    del form["verification"]
    accepted = client.post(page(), form)

    assert 'name="notes"' in shown
    assert 'name="verification"' not in shown
    assert (refused.status_code, refused.context["errors"]) == (400, {"verification": [REFUSAL.format("checked")]})
    assert (accepted.status_code, live().verification) == (302, "checked")


class TestAccepted:
    def test_is_a_new_entry_that_says_the_empty_value(self) -> None:
        assert submit(author=contributor(), proposed=new(verification="reported")).payload["verification"] == "reported"

    def test_is_an_edit_with_the_value_that_the_entry_has(self) -> None:
        make_result(verification="checked")
        proposal = submit(author=contributor(), proposed=edit(notes="So."))

        assert proposal.payload["verification"] == "checked"

    def test_is_an_edit_that_leaves_it_out(self) -> None:
        make_result(verification="checked")
        payload = {key: value for key, value in edit(notes="So.").payload.items() if key != "verification"}  # type: ignore[union-attr]
        approve(
            proposal=submit(
                author=contributor(), proposed=NewProposal(KIND, "edit", payload, Target.live(live()), source=SOURCE)
            ),
            actor=moderator(),
        )

        assert (live().notes, live().verification) == ("So.", "checked")

    def test_is_what_a_change_of_the_value_does_to_it(self) -> None:
        make_result(verification="checked")
        proposal = submit(author=contributor(), proposed=edit(value="51.0", verification="reported"))
        about: dict[str, Any] = {"source": SOURCE, "comment": "Again."}

        revised = revise(proposal=proposal, actor=contributor(), payload=proposal.payload, **about)

        assert revised.payload["verification"] == "reported"

    def test_is_shown_to_the_moderator(self) -> None:
        make_result(verification="checked")
        proposal = submit(author=contributor(), proposed=edit(value="51.0"))

        [*_, shown] = ProposalReview(proposal).changes

        assert (shown.field, shown.values.base, shown.values.proposed) == ("verification", "checked", "reported")

    def test_is_an_edited_value_that_the_moderator_puts_back(self) -> None:
        make_result(verification="checked")
        proposal = submit(author=contributor(), proposed=edit(value="51.0", notes="So."))

        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "value": "50.0"})

        assert (live().notes, live().value, live().verification) == ("So.", "50.0", "checked")


class TestAProposalThatIsOlderThanTheRule:
    @pytest.fixture
    def proposal(self) -> Proposal:
        """One that says it is checked, as one could once."""
        proposal = propose_edit(make_result(), notes="So.", judge="GPT-4")
        Proposal.objects.update(payload={**proposal.payload, "verification": "checked"})
        return Proposal.objects.get()

    def test_is_published_without_it_and_the_author_is_told(self, proposal: Proposal) -> None:
        done = approve(proposal=proposal, actor=moderator())

        assert (live().notes, live().verification) == ("So.", "reported")
        last = done.events.last()
        assert last
        assert last.comment == "Not published: Verification."

    def test_is_shown_as_it_would_be_published(self, proposal: Proposal) -> None:
        assert [change.field for change in ProposalReview(proposal).changes] == ["notes", "judge"]

    def test_is_approved_in_part(self, proposal: Proposal) -> None:
        approve(proposal=proposal, actor=moderator(), fields={"judge", "verification"})

        assert (live().judge, live().notes, live().verification) == ("GPT-4", "", "reported")

    def test_is_edited_and_approved(self, proposal: Proposal) -> None:
        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "notes": "Thus."})

        assert (live().notes, live().verification) == ("Thus.", "reported")

    def test_of_a_new_entry_is_published_with_the_empty_value(self) -> None:
        proposal = submit(author=contributor(), proposed=new())
        Proposal.objects.update(payload={**proposal.payload, "verification": "reproduced"})

        approve(proposal=Proposal.objects.get(), actor=moderator())

        assert live().verification == "reported"
