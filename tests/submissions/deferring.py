"""A verb that only tests have: one entry and its function, which is all that a verb takes."""

from accounts.models import User
from submissions.models import LATER, Proposal
from submissions.states import Status
from submissions.verbs import MODERATORS
from submissions.verbs.definitions import Argument, AuthorEmail, Bulk, ButtonPosition, Verb
from submissions.workflow.submitting import require_text
from submissions.workflow.transitions import log_event, permit, transition

DEFER = Verb(
    "defer",
    past_tense="put it off",
    moves={Status.PENDING: Status.PENDING},
    rule=MODERATORS,
    arguments=(Argument("reason", "Why; the author reads it.", required=True, example="After the conference."),),
    email=AuthorEmail("put off"),
    key="d",
    position=ButtonPosition.REASON,
    bulk=Bulk.SELECTION,
    done="Put off",
    summary="Put it off",
)


def defer(*, proposal: Proposal, actor: User, reason: str, version: int | None = None) -> Proposal:
    """Look at the others first."""
    permit(DEFER, actor, proposal)
    reason = require_text(reason, "reason", "Say why it is put off.")
    fresh = transition(proposal, DEFER, version, priority=LATER)
    log_event(fresh, DEFER, actor, reason)
    return fresh
