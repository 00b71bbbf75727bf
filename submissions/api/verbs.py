"""Endpoints of the verbs: one per verb of the register, with the same name as the button and the event."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import require_account
from catalog.api.schema import Operation
from submissions import workflow
from submissions.api import examples
from submissions.api.base import ProposalView, problem_of, proposal_for
from submissions.api.bodies import OBJECT, TEXT, TEXTS, Member, read_body, schema_of
from submissions.api.idempotency import idempotent
from submissions.api.merge_patch import patched
from submissions.api.preconditions import NO_VERSION, proposal_response, version_from_if_match
from submissions.api.proposals import KEY_HEADER, PATH_PARAMS
from submissions.api.representing import PROPOSAL, represent
from submissions.models import Proposal
from submissions.verbs import APPROVE
from submissions.verbs.definitions import Verb

SCHEMAS = {"string": TEXT, "array": TEXTS, "object": OBJECT}


def _approve(*, proposal: Proposal, fields: list[str] | None, patch: dict[str, Any] | None, **rest: Any) -> Proposal:
    """Approve with corrections by a merge patch, or only some fields."""
    if patch is None:
        return workflow.approve(proposal=proposal, fields=None if fields is None else set(fields), **rest)
    if fields is not None:
        raise workflow.Invalid({"patch": ["Leave out `fields`."]})
    try:
        return workflow.approve(proposal=proposal, payload=patched(proposal.proposed_payload, patch), **rest)
    except workflow.Invalid as error:
        raise problem_of(error, payload="patch") from error


def members_of(verb: Verb) -> tuple[Member, ...]:
    """Return the members of a verb's request body."""
    return tuple(
        Member(
            argument.name,
            argument.about,
            SCHEMAS[argument.type],
            argument.required,
            "" if argument.type == "string" else None,
        )
        for argument in verb.arguments
    )


def example_of(verb: Verb) -> dict[str, Any]:
    """Return an example of a verb's request body."""
    return {argument.name: argument.example for argument in verb.arguments if argument.example is not None}


class VerbView(ProposalView):
    """Apply a verb to a proposal: the request body has the verb's arguments, the response is the changed proposal."""

    verb: ClassVar[Verb]
    members: ClassVar[tuple[Member, ...]]

    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Perform the verb."""
        proposal = proposal_for(request, pk)
        arguments = read_body(request.data, self.members)
        with version_from_if_match(request, proposal) as version:
            _perform(self.verb, proposal=proposal, actor=require_account(request.user), version=version, **arguments)
        updated = proposal_for(request, pk)
        return proposal_response(represent(updated), updated)


def _perform(verb: Verb, *, version: int, **arguments: Any) -> Proposal:
    """Perform a verb; one without a transition takes no version, so its precondition is checked here."""
    if verb is APPROVE:
        return _approve(version=version, **arguments)
    if verb.moves:
        return workflow.perform(verb, version=version, **arguments)
    if version == NO_VERSION:
        raise workflow.Conflict("Somebody changed this proposal. Look at it once more.")
    return workflow.perform(verb, **arguments)


def view_of(verb: Verb) -> type[VerbView]:
    """Make the view class of a verb."""
    members = members_of(verb)
    name = "".join(part.capitalize() for part in verb.name.split("-"))
    operation = Operation(
        f"{name[0].lower()}{name[1:]}Proposal",
        "proposals",
        verb.summary,
        verb.about,
        answer=PROPOSAL,
        example=examples.PROPOSAL,
        problems=(401, 403, 404, 409, 412, 413, 415, 422),
        path=PATH_PARAMS,
        headers={**KEY_HEADER, "If-Match": "The proposal's ETag: refused (412) where somebody changed it since."},
        body={"application/json": schema_of(members)},
        body_example=example_of(verb),
    )
    attributes = {
        "verb": verb,
        "members": members,
        "scopes": {"POST": verb.scope},
        "limits": {"POST": verb.limit} if verb.limit else {},
        "operations": {"post": operation},
        "__doc__": verb.summary,
    }
    return type(f"{name}Proposal", (VerbView,), attributes)
