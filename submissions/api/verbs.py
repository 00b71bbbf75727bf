"""What is done to a proposal: an address for each verb, named as the button and the event are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Scope
from catalog.api.schema import Operation
from submissions import workflow
from submissions.api import examples
from submissions.api.base import ProposalView, problem_of, proposal_for
from submissions.api.bodies import OBJECT, TEXTS, Member, read_body, schema_of
from submissions.api.idempotency import idempotent
from submissions.api.merge_patch import merged
from submissions.api.preconditions import NONE, as_if_match_says, told
from submissions.api.proposals import KEY_HEADER, PK
from submissions.api.representing import PROPOSAL_REF, represent
from submissions.models import Proposal

REASON = Member("reason", "Why; the author reads it.", required=True)
WORDS = Member("comment", "Words for the other side.")


@dataclass(frozen=True)
class Done:
    """A verb: who it is for, what its body holds, the call of the workflow, and what the schema says of it."""

    scope: Scope
    call: Callable[..., Proposal]
    summary: str
    about: str = ""
    members: tuple[Member, ...] = ()
    limit: str = ""


def _approve(*, proposal: Proposal, fields: list[str] | None, patch: dict[str, Any] | None, **rest: Any) -> Proposal:
    if patch is None:
        return workflow.approve(proposal=proposal, fields=None if fields is None else set(fields), **rest)
    if fields is not None or not proposal.has_payload:
        why = "Leave out `fields`." if fields is not None else "This proposal has no fields to edit."
        raise workflow.Invalid({"patch": [why]})
    try:
        return workflow.approve(proposal=proposal, payload=merged(proposal.current_payload, patch), **rest)
    except workflow.Invalid as error:
        raise problem_of(error, payload="patch") from error


def _comment(*, comment: str, version: int, **rest: Any) -> Proposal:
    if version == NONE:
        raise workflow.Conflict("Somebody changed this proposal. Look at it once more.")
    return workflow.comment(text=comment, **rest)


VERBS: dict[str, Done] = {
    "withdraw": Done(Scope.PROPOSE, workflow.withdraw, "Withdraw one's own proposal", members=(WORDS,)),
    "comment": Done(
        Scope.PROPOSE,
        _comment,
        "Say something to the other side",
        "Author and moderators, also once it is decided.",
        (Member("comment", "The words.", required=True),),
        "comment",
    ),
    "rebase": Done(
        Scope.PROPOSE,
        workflow.rebase,
        "Bring an edit up to date with the live entry",
        "Its author or a moderator, where no field was changed on both sides.",
    ),
    "claim": Done(Scope.MODERATE, workflow.claim, "Tell other moderators that one is looking at it"),
    "release": Done(Scope.MODERATE, workflow.release, "Give it back to the queue"),
    "request-changes": Done(Scope.MODERATE, workflow.request_changes, "Hand it back to its author", members=(REASON,)),
    "approve": Done(
        Scope.MODERATE,
        _approve,
        "Approve and publish",
        "Never by its author. Retiring and merging take two moderators: the first only agrees.",
        (
            Member("comment", "Words for the author."),
            Member("fields", "Of an edit only these fields; by default all that it changes.", TEXTS, default=None),
            Member("patch", "Your own corrections: a merge patch over what is proposed.", OBJECT, default=None),
        ),
    ),
    "reject": Done(Scope.MODERATE, workflow.reject, "Reject, with a reason", members=(REASON,)),
}


class VerbView(ProposalView):
    """One verb on one proposal; the body is what the verb needs, the answer the proposal as it is then."""

    done: ClassVar[Done]

    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Do it."""
        proposal = proposal_for(request, pk)
        words = read_body(request.data, self.done.members)
        with as_if_match_says(request, proposal) as version:
            self.done.call(proposal=proposal, actor=request.user, version=version, **words)
        fresh = proposal_for(request, pk)
        return told(represent(fresh), fresh)


def view_of(name: str) -> type[VerbView]:
    """The view of a verb."""
    done = VERBS[name]
    word = "".join(part.capitalize() for part in name.split("-"))
    operation = Operation(
        f"{word[0].lower()}{word[1:]}Proposal",
        "proposals",
        done.summary,
        done.about,
        answer=PROPOSAL_REF,
        example=examples.PROPOSAL,
        problems=(401, 403, 404, 409, 412, 413, 415, 422),
        path=PK,
        headers={**KEY_HEADER, "If-Match": "The proposal's ETag: refused (412) where somebody changed it since."},
        body={"application/json": schema_of(done.members)},
        body_example=examples.WORDS[name],
        signed_in=True,
    )
    attributes = {
        "done": done,
        "scopes": {"POST": done.scope},
        "limits": {"POST": done.limit} if done.limit else {},
        "operations": {"post": operation},
        "__doc__": done.summary,
    }
    return type(f"{word}Proposal", (VerbView,), attributes)
