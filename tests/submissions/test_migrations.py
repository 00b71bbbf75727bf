"""What the migrations make of older rows."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.models import Revision
from submissions.management.commands.verify_ledger import find_proposal_errors
from submissions.models import Event, Proposal, ProposalAction
from submissions.rollbacks import Rollback, RollbackStep
from submissions.states import Status
from submissions.workflow import NewProposal, Target, approve, request_changes, roll_back, submit, undo
from tests.factories import make_paper
from tests.people import confirmed, contributor, moderator, propose_edit, spam

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


STEPS = import_module("submissions.migrations.0005_rollback_steps")


def test_what_a_confirmed_rollback_has_undone_is_recorded() -> None:
    """An older release undid what a rollback named in the request, and recorded nothing."""
    start = timezone.now()
    revisions = spam(3)
    rollback = roll_back(account_id=contributor("bob").pk, since=start, actor=moderator(), reason="Spam.")
    assert isinstance(rollback, Rollback)
    confirmed(rollback, moderator("mary"))
    steps = list(RollbackStep.objects.values("revision_id", "undoing_id", "trouble"))
    assert len(steps) == len(revisions)
    RollbackStep.objects.all().delete()
    Rollback.objects.update(finished_at=None)

    STEPS.record_what_was_undone(apps, None)

    assert list(RollbackStep.objects.values("revision_id", "undoing_id", "trouble")) == steps
    assert Rollback.objects.get().finished_at is not None


def test_what_a_confirmed_rollback_has_not_undone_is_left() -> None:
    start = timezone.now()
    spam(2)
    rollback = roll_back(account_id=contributor("bob").pk, since=start, actor=moderator(), reason="Spam.")
    assert isinstance(rollback, Rollback)
    now = timezone.now()
    Rollback.objects.update(status="confirmed", decided_by=moderator("mary"), decided_at=now)
    newest = Revision.objects.get(pk=rollback.revisions[0])
    undone = undo(revision=newest, actor=moderator(), reason="Spam.", second=moderator("mary"))

    STEPS.record_what_was_undone(apps, None)

    assert list(RollbackStep.objects.values_list("revision_id", "undoing_id")) == [(newest.pk, undone.pk)]
    assert Rollback.objects.get().finished_at is None


def test_open_edits_that_replace_their_entry_are_marked() -> None:
    said: dict[str, Any] = {"year": 2021, "title": "Learning transferable models", "organisation": "OpenAI"}
    replaced: dict[str, Any] = {"name": "Bear", "year": 1999, "title": "Buy bears", "organisation": "Bears"}
    open_, sent_back, closed = (
        propose_edit(make_paper(name=f"CLIP {n}", **said), **{**replaced, "name": f"Bear {n}"}) for n in range(3)
    )
    propose_edit(make_paper(name="BLIP", **said), year=2022)
    request_changes(proposal=sent_back, actor=moderator(), reason="Why?")
    approve(proposal=approve(proposal=closed, actor=moderator()), actor=moderator("mary"))
    Proposal.objects.update(seconded_by=None)
    Proposal.objects.update(replaces_entry=False)

    import_module("submissions.migrations.0006_edits_that_replace").mark_edits_that_replace(apps, None)

    assert set(Proposal.objects.filter(replaces_entry=True)) == {open_, sent_back}
