"""Submit, revise, withdraw, decide, undo: the only writers of proposals, events and locks."""

from submissions.workflow.account_deletion import delete_account
from submissions.workflow.bulk import perform_each, submit_batch, submit_proposals
from submissions.workflow.deciding import approve, claim, rebase, reject, release, request_changes
from submissions.workflow.direct_edit import edit_directly
from submissions.workflow.errors import (
    AlreadyProposed,
    Conflict,
    Invalid,
    NotAllowed,
    StaleProposal,
    WorkflowError,
)
from submissions.workflow.locks import lock, unlock
from submissions.workflow.submitting import (
    CANNOT_PROPOSE_MESSAGE,
    SOURCE_LENGTH,
    NewProposal,
    Target,
    checked_payload,
    comment,
    payload_at_revision,
    revise,
    submit,
    withdraw,
)
from submissions.workflow.transitions import perform
from submissions.workflow.undoing import Outcome, revisions_since, roll_back, undo

__all__ = [
    "CANNOT_PROPOSE_MESSAGE",
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
    "delete_account",
    "edit_directly",
    "lock",
    "payload_at_revision",
    "perform",
    "perform_each",
    "rebase",
    "reject",
    "release",
    "request_changes",
    "revise",
    "revisions_since",
    "roll_back",
    "submit",
    "submit_batch",
    "submit_proposals",
    "undo",
    "unlock",
    "withdraw",
]
