"""Whoever edits an entry, by whatever way, is not held up by a value that was accepted once and is refused today."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from submissions import workflow
from submissions.models import Proposal
from submissions.workflow import Invalid
from tests.factories import make_paper, make_revision
from tests.people import admin, contributor, moderator, propose, propose_edit, signed_in, take_back
from tests.posting import fields_of
from tests.submissions.api.conftest import by_token

pytestmark = pytest.mark.django_db
SOURCE = "https://arxiv.org/abs/2301.12597"
NOTICE = "This entry has values that would be refused today."
LINK = {"kind": "arxiv", "url": "https://example.org/", "label": ""}


@pytest.fixture
def paper() -> Paper:
    """A paper with a day that does not exist, a link of a wrong type, and a choice that is not offered."""
    entry = make_paper(name="Vim", summary="A model.", venue="CVPR")
    Paper.objects.filter(pk=entry.pk).update(released="2021-02-30", links=[LINK], architecture="pyramid")
    make_revision("paper", fresh(), organisation="DeepMind")  # so that the ledger says so, too
    return fresh()


def fresh() -> Paper:
    paper: Paper = Paper.objects.with_references().get(name="Vim")
    return paper


def old_values() -> tuple[Any, ...]:
    entry = fresh()
    return entry.released, entry.links, entry.architecture


OLD = ("2021-02-30", [LINK], "pyramid")


def test_a_proposed_edit_is_approved(paper: Paper) -> None:
    workflow.approve(proposal=propose_edit(paper, venue="ICCV"), actor=moderator())

    assert (fresh().venue, old_values()) == ("ICCV", OLD)


def test_a_proposed_edit_is_revised_approved_in_part_and_as_edited(paper: Paper) -> None:
    proposal = propose_edit(paper, venue="ICCV", notes="A remark.")
    payload = {**proposal.payload, "venue": "ECCV"}
    revised = workflow.revise(
        proposal=proposal, actor=contributor(), payload=payload, source=SOURCE, comment="", version=proposal.version
    )
    workflow.approve(proposal=revised, actor=moderator(), fields={"venue"})
    assert (fresh().venue, fresh().notes, old_values()) == ("ECCV", "", OLD)

    second = propose_edit(fresh(), notes="A remark.")
    workflow.approve(proposal=second, actor=moderator(), payload={**second.payload, "notes": "Another."})
    assert (fresh().notes, old_values()) == ("Another.", OLD)


def test_an_edit_that_was_proposed_before_is_brought_up_to_date(paper: Paper) -> None:
    proposal = propose_edit(paper, venue="ICCV")
    make_revision("paper", fresh(), notes="A remark.")

    rebased = workflow.rebase(proposal=proposal, actor=moderator())
    workflow.approve(proposal=rebased, actor=moderator())

    assert (fresh().venue, fresh().notes, old_values()) == ("ICCV", "A remark.", OLD)


def test_an_edit_from_a_base_that_had_the_value_does_not_bring_it_back(paper: Paper) -> None:
    make_revision("paper", paper, notes="A remark.")
    make_revision("paper", fresh(), released="2021-02-28")

    proposal = propose_edit(fresh(), base=2, released="2021-02-30", venue="ICCV")
    workflow.approve(proposal=workflow.rebase(proposal=proposal, actor=moderator()), actor=moderator())

    assert (fresh().released, fresh().venue) == ("2021-02-28", "ICCV")


def test_a_change_of_another_field_is_undone(paper: Paper) -> None:
    revision = make_revision("paper", paper, venue="ICCV")

    take_back(revision)

    assert (fresh().venue, old_values()) == ("CVPR", OLD)


def test_an_admin_edits_directly_by_the_form(paper: Paper) -> None:
    page = f"/admin/catalog/paper/{paper.pk}/change/"
    client = signed_in(admin())
    html = client.get(page).content.decode()
    form = {**fields_of(html), "venue": "ICCV", "source": SOURCE, "submit": "1"}

    assert client.post(page, form).status_code == 302
    assert (fresh().venue, old_values()) == ("ICCV", OLD)
    assert NOTICE in html


def test_an_edit_by_the_api(paper: Paper) -> None:
    body = {"kind": "paper", "action": "edit", "slug": "vim", "fields": {"venue": "ICCV"}, "source": SOURCE}
    client = by_token(contributor())

    assert client.send("POST", "/api/v1/proposals/", body).status_code == 201
    refused = client.send("POST", "/api/v1/proposals/", {**body, "fields": {"released": "2021-02-31"}})
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        {"fields": {"released": ["There is no day 2021-02-31."]}},
    )


def test_an_edit_by_the_form_and_the_notices_to_author_and_reviewer(paper: Paper) -> None:
    ada = signed_in(contributor())
    html = ada.get("/papers/vim/edit/").content.decode()
    form = {**fields_of(html), "venue": "ICCV", "source": SOURCE, "submit": "1"}

    assert ada.post("/papers/vim/edit/", form).status_code == 302
    proposal = Proposal.objects.get()
    base = KINDS["paper"].dump(fresh())
    assert {key for key, value in proposal.payload.items() if base[key] != value} == {"venue"}

    pages = [
        html,
        ada.get(f"/submissions/{proposal.pk}/").content.decode(),
        signed_in(moderator()).get(f"/admin/submissions/proposal/{proposal.pk}/change/").content.decode(),
    ]
    for page in pages:
        assert NOTICE in page
        assert "<li>Released: There is no day 2021-02-30.</li>" in page


def test_what_an_edit_mends_is_in_no_notice(paper: Paper) -> None:
    mended: dict[str, Any] = {"released": "2021-02-28", "links": [], "architecture": ""}
    proposal = propose_edit(paper, **mended)

    assert NOTICE not in signed_in(contributor()).get(f"/submissions/{proposal.pk}/").content.decode()


def test_a_new_entry_is_checked_in_full() -> None:
    with pytest.raises(Invalid) as error:
        propose(released="2021-02-30", links=[LINK])

    assert set(error.value.errors) == {"released", "links"}
