"""What the migrations make of older rows."""

from importlib import import_module

import pytest
from django.apps import apps

from catalog.kinds import KINDS
from submissions.management.commands.verify_ledger import find_proposal_errors
from submissions.models import Event, Proposal, ProposalAction
from submissions.states import Status
from submissions.workflow import NewProposal, Target, request_changes, submit
from tests.factories import make_paper
from tests.people import contributor, moderator, propose_edit

pytestmark = pytest.mark.django_db


def test_a_proposal_with_nothing_to_revise_goes_back_into_the_queue() -> None:
    paper = make_paper(name="Vim")
    edit = request_changes(proposal=propose_edit(paper, year=2024), actor=moderator(), reason="Which?")
    proposed = NewProposal(KINDS["paper"], ProposalAction.RETIRE, target=Target.live(paper), comment="Because.")
    stuck = submit(author=contributor(), proposed=proposed)
    Proposal.objects.filter(pk=stuck.pk).update(status=Status.CHANGES_REQUESTED)
    Event.objects.create(proposal=stuck, verb="request-changes", actor=moderator(), at=stuck.submitted_at)

    import_module("submissions.migrations.0004_two_moderators").put_back_into_the_queue(apps, None)

    statuses = dict(Proposal.objects.values_list("pk", "status"))
    assert statuses == {edit.pk: Status.CHANGES_REQUESTED, stuck.pk: Status.PENDING}
    assert list(find_proposal_errors()) == []
