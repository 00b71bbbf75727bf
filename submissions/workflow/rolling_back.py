"""Roll back what an account contributed; a second moderator confirms a rollback that is large or takes things out."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import can_moderate
from background.engine import unfinished_arguments
from catalog.ledger.history import previous_revisions
from catalog.models import Revision
from submissions import rules
from submissions.rollbacks import Rollback, RollbackStatus
from submissions.workflow.carrying_out import carry_out, reason_to_stop
from submissions.workflow.errors import Conflict, WorkflowError
from submissions.workflow.outcomes import Outcome
from submissions.workflow.submitting import require_text
from submissions.workflow.transitions import require
from submissions.workflow.undoing import undo, undoing_takes_two

MAX_ALONE = 25
"""How many changes one moderator may undo at once: some two seconds of a web request."""
DECIDED_MESSAGE = "This rollback was decided already."


def revisions_since(account_id: int, since: datetime) -> list[Revision]:
    """The revisions that a rollback would undo, newest first; what a merge did to other entries is undone with it."""
    rows = Revision.objects.filter(contributor_id=account_id, at__gte=since, part_of_id=None)
    return list(rows.latest_first())


def roll_back(*, account_id: int, since: datetime, actor: User, reason: str) -> list[Outcome] | Rollback:
    """Undo each revision that an account contributed since a time, newest first, with an outcome for each; or propose
    it, where it takes two moderators."""
    require(rules.can_undo(actor), "Only moderators undo what was published.")
    reason = require_text(reason, "reason", "Say why it is undone.")
    account, revisions = User.objects.get(pk=account_id), revisions_since(account_id, since)
    if not rollback_takes_two(account, revisions):
        return _undo_each(revisions, actor, reason)
    return Rollback.objects.create(
        account=account,
        since=since,
        revisions=[revision.pk for revision in revisions],
        reason=reason,
        proposed_by=actor,
        proposed_at=timezone.now(),
    )


def rollback_takes_two(account: User, revisions: Sequence[Revision]) -> bool:
    """Whether a rollback takes two moderators: of many changes, of an account of the house, or where undoing one of
    them does."""
    if len(revisions) > MAX_ALONE or (revisions and rules.is_house_account(account)):
        return True
    former = previous_revisions(revisions)
    return any(undoing_takes_two(revision, former.get(revision.pk)) for revision in revisions)


@transaction.atomic
def confirm_rollback(*, rollback: Rollback, actor: User) -> None:
    """Confirm a rollback that another moderator proposed; the background worker carries it out. Raises NotAllowed or
    Conflict."""
    require(can_moderate(actor), "Only moderators undo what was published.")
    require(rollback.proposed_by_id != actor.pk, "Nobody confirms what they proposed themselves.")
    require(can_moderate(rollback.proposed_by), f"{rollback.proposed_by} is not a moderator any more.")
    _decide(rollback, RollbackStatus.CONFIRMED, actor)
    carry_out.enqueue(rollback.pk)


def continue_rollback(*, rollback: Rollback, actor: User) -> None:
    """Go on with a confirmed rollback that no task carries out: its task failed, or an older release was cut off.
    Raises NotAllowed or Conflict."""
    require(can_moderate(actor), "Only moderators undo what was published.")
    if rollback.status != RollbackStatus.CONFIRMED or rollback.finished_at:
        raise Conflict("There is nothing left of this rollback to be carried out.")
    if is_under_way(rollback):
        raise Conflict("This rollback is being carried out.")
    if why_it_stops := reason_to_stop(rollback):
        raise Conflict(why_it_stops)
    carry_out.enqueue(rollback.pk)


def is_under_way(rollback: Rollback) -> bool:
    """Whether a task of the background worker carries a rollback out, or waits to."""
    return rollback.pk in unfinished_arguments(carry_out)


def decline_rollback(*, rollback: Rollback, actor: User) -> None:
    """Decline a proposed rollback, or take back one's own. Raises NotAllowed or Conflict."""
    require(can_moderate(actor), "Only moderators undo what was published.")
    _decide(rollback, RollbackStatus.DECLINED, actor)


def revisions_of(rollback: Rollback) -> list[Revision]:
    """The revisions that a proposed rollback would undo, newest first."""
    found = Revision.objects.in_bulk(rollback.revisions)  # in portions, as many as an engine takes
    return [found[pk] for pk in rollback.revisions]


@transaction.atomic
def _decide(rollback: Rollback, status: RollbackStatus, actor: User) -> None:
    """Decide a waiting rollback; exactly one of two concurrent decisions succeeds."""
    rows = Rollback.objects.filter(pk=rollback.pk, status=RollbackStatus.WAITING)
    if not rows.update(status=status, decided_by=actor, decided_at=timezone.now()):
        raise Conflict(DECIDED_MESSAGE)


def _undo_each(revisions: Sequence[Revision], actor: User, reason: str) -> list[Outcome]:
    outcomes = []
    for revision in revisions:
        try:
            outcomes.append(Outcome(revision, undo(revision=revision, actor=actor, reason=reason)))
        except WorkflowError as error:
            outcomes.append(Outcome(revision, error_message=str(error)))
    return outcomes
