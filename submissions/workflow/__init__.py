"""Submit, revise, withdraw, decide, undo, verify: the only writers of proposals, events and locks."""

from submissions.workflow.account_deletion import delete_account
from submissions.workflow.additions import revisions_of_additions
from submissions.workflow.bulk import batch_name_error, submit_proposals
from submissions.workflow.carrying_out import outcomes_of, reason_to_stop, tried_without_outcome
from submissions.workflow.consequences import without_consequences
from submissions.workflow.deciding import approve, claim, departures_of, rebase, reject, release, request_changes
from submissions.workflow.deciding_many import (
    Chosen,
    DecisionProgress,
    continue_decision,
    decide_many,
    decided_rows,
    is_agreement,
    progress_of_decision,
)
from submissions.workflow.direct_edit import edit_directly
from submissions.workflow.errors import (
    AlreadyProposed,
    Conflict,
    Invalid,
    NotAllowed,
    StaleProposal,
    WorkflowError,
)
from submissions.workflow.importing_lists import MAX_HERE, ImportProgress, continue_import, import_list, progress_of
from submissions.workflow.locks import lock, unlock
from submissions.workflow.outcomes import Outcome
from submissions.workflow.rolling_back import (
    confirm_rollback,
    continue_rollback,
    decline_rollback,
    is_under_way,
    revisions_of,
    revisions_since,
    roll_back,
    rollback_takes_two,
)
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
from submissions.workflow.undoing import undo, undoing_takes_two
from submissions.workflow.verifying import Check, verify

__all__ = [
    "CANNOT_PROPOSE_MESSAGE",
    "MAX_HERE",
    "SOURCE_LENGTH",
    "AlreadyProposed",
    "Check",
    "Chosen",
    "Conflict",
    "DecisionProgress",
    "ImportProgress",
    "Invalid",
    "NewProposal",
    "NotAllowed",
    "Outcome",
    "StaleProposal",
    "Target",
    "WorkflowError",
    "approve",
    "batch_name_error",
    "checked_payload",
    "claim",
    "comment",
    "confirm_rollback",
    "continue_decision",
    "continue_import",
    "continue_rollback",
    "decide_many",
    "decided_rows",
    "decline_rollback",
    "delete_account",
    "departures_of",
    "edit_directly",
    "import_list",
    "is_agreement",
    "is_under_way",
    "lock",
    "outcomes_of",
    "payload_at_revision",
    "perform",
    "progress_of",
    "progress_of_decision",
    "reason_to_stop",
    "rebase",
    "reject",
    "release",
    "request_changes",
    "revise",
    "revisions_of",
    "revisions_of_additions",
    "revisions_since",
    "roll_back",
    "rollback_takes_two",
    "submit",
    "submit_proposals",
    "tried_without_outcome",
    "undo",
    "undoing_takes_two",
    "unlock",
    "verify",
    "withdraw",
    "without_consequences",
]
