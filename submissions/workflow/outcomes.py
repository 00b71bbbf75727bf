"""The outcome for each item of a bulk action."""

from dataclasses import dataclass
from typing import Any

from submissions.workflow.errors import WorkflowError


@dataclass(frozen=True)
class Outcome:
    """The outcome for one item of a bulk action: `result` on success, else `error_message`, and perhaps its `error`."""

    subject: Any
    result: Any = None
    error_message: str = ""
    error: WorkflowError | None = None
