"""The errors of the workflow. Each message is a sentence for the person who made the request."""

from catalog.forms import Errors


class WorkflowError(Exception):
    """The request cannot be carried out; nothing was changed."""


class NotAllowed(WorkflowError):
    """This person may not do this (403)."""


class Conflict(WorkflowError):
    """The proposal or the entry is not in the state that the person saw, or in one that allows it (409)."""


class StaleProposal(Conflict):
    """The live entry has changed since the base (409); `base` and `live` are revision numbers."""

    def __init__(self, base: int, live: int) -> None:
        self.base, self.live = base, live
        super().__init__(
            f"The entry has changed since: the proposal was made from revision {base}, the entry is at revision {live}."
            " Bring it up to date, or ask the author to."
        )


class AlreadyProposed(Conflict):
    """The author has an equal open proposal, `proposal_id` (409)."""

    def __init__(self, proposal_id: int) -> None:
        self.proposal_id = proposal_id
        super().__init__("You have proposed exactly this already; it is waiting for review.")


class Invalid(WorkflowError):
    """The input is invalid (400); `errors` has the messages by field, under "__all__" those that belong to none."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors
        super().__init__("; ".join(" ".join(messages) for messages in errors.values()))
