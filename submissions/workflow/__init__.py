"""The one way in: submit, revise, withdraw, decide, undo. The only writers of proposals, events and locks."""

from submissions.workflow.deciding import approve, claim, rebase, reject, release, request_changes
from submissions.workflow.errors import (
    AlreadyProposed,
    Conflict,
    Invalid,
    NotAllowed,
    StaleProposal,
    WorkflowError,
)
from submissions.workflow.leaving import forget
from submissions.workflow.record import perform
from submissions.workflow.several import perform_each, submit_batch, submit_lines
from submissions.workflow.stewarding import edit_directly, lock, unlock
from submissions.workflow.submitting import (
    CANNOT_PROPOSE,
    SOURCE_LENGTH,
    NewProposal,
    Target,
    checked_payload,
    comment,
    revise,
    snapshot_at,
    submit,
    withdraw,
)
from submissions.workflow.undoing import Outcome, contributed_since, roll_back, undo

__all__ = [
    "CANNOT_PROPOSE",
    "SOURCE_LENGTH",
    "AlreadyProposed",
    "Conflict",
    "Invalid",
    "NewProposal",
    "NotAllowed",
    "Outcome",
    "StaleProposal",
    "Target",
    "WorkflowError",
    "approve",
    "checked_payload",
    "claim",
    "comment",
    "contributed_since",
    "edit_directly",
    "forget",
    "lock",
    "perform",
    "perform_each",
    "rebase",
    "reject",
    "release",
    "request_changes",
    "revise",
    "roll_back",
    "snapshot_at",
    "submit",
    "submit_batch",
    "submit_lines",
    "undo",
    "unlock",
    "withdraw",
]
