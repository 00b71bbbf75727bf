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
from submissions.workflow.several import decide_each, submit_batch, submit_lines
from submissions.workflow.stewarding import edit_directly, lock, unlock
from submissions.workflow.submitting import SOURCE_LENGTH, Target, comment, revise, snapshot_at, submit, withdraw
from submissions.workflow.undoing import Outcome, contributed_since, roll_back, undo

__all__ = [
    "SOURCE_LENGTH",
    "AlreadyProposed",
    "Conflict",
    "Invalid",
    "NotAllowed",
    "Outcome",
    "StaleProposal",
    "Target",
    "WorkflowError",
    "approve",
    "claim",
    "comment",
    "contributed_since",
    "decide_each",
    "edit_directly",
    "forget",
    "lock",
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
