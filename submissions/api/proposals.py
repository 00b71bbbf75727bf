"""Endpoints that list, submit, read and revise proposals."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import require_account
from accounts.tokens import Scope
from catalog.api import conditional, paging, params
from catalog.api.conditional import Validators
from catalog.api.problems import Problem
from catalog.api.schema import Component, Operation, listed, record
from catalog.kinds import KINDS
from submissions import workflow
from submissions.api import examples
from submissions.api.base import ProposalView, can_see_queue, proposal_for
from submissions.api.bodies import OBJECT, Member, read_body, schema_of
from submissions.api.idempotency import HEADER, HEADER_DESCRIPTION, idempotent
from submissions.api.merge_patch import patched
from submissions.api.preconditions import proposal_response, proposal_tag, version_from_if_match
from submissions.api.proposing import ACTIONS, MEMBERS, NEW_PROPOSAL, proposal_from_body
from submissions.api.representing import PROPOSAL, RELATED, represent, represent_many
from submissions.models import Proposal
from submissions.states import Status

ORDERS = {"newest": ("-submitted_at", "-id"), "queue": ("-priority", "submitted_at", "id")}
KEY_HEADER = {HEADER: HEADER_DESCRIPTION}
PATH_PARAMS = {
    "id": {"schema": {"type": "integer", "minimum": 1, "maximum": 10**15}, "description": "The proposal's number."}
}

LIST_PARAMS = (
    params.choice("whose", "One's own, or (moderators) everybody's.", ["mine", "all"], default="mine"),
    params.choice("status", "Only those in this state.", Status.values),
    params.choice("kind", "Only those of this kind.", list(KINDS)),
    params.choice("action", "Only those that ask for this.", ACTIONS),
    params.text("author", "Only those of this account (with `whose=all`)."),
    params.text("slug", "Only those about the entry with this slug; give its `kind` too."),
    params.text("topic", "Only those whose payload names this topic, by its slug."),
    params.choice("claimed", "Only those that a moderator has claimed, or that nobody has.", ["true", "false"]),
    params.integer("batch", "Only those that came in this batch.", 1, 10**15),
    params.choice("order", "Newest first, or as the queue is worked through.", list(ORDERS), default="newest"),
    *paging.PARAMS,
)

REVISION_MEMBERS = (
    Member("fields", "PUT: the whole payload. PATCH: a JSON merge patch over what was proposed.", OBJECT, True, None),
    Member("source", "As in the proposal when it is left out.", default=None),
    Member(
        "additions",
        "As for a new proposal. When it is left out, those stay that `fields` still names.",
        OBJECT,
        default=None,
    ),
    Member("comment", "What is new; shown to the reviewer."),
)
PROPOSAL_REVISION = Component("ProposalRevision", schema_of(REVISION_MEMBERS))


class ProposalList(ProposalView):
    """List and submit proposals."""

    scopes = {"GET": Scope.READ, "POST": Scope.PROPOSE}
    limits = {"POST": "propose"}
    operations = {
        "get": Operation(
            "listProposals",
            "proposals",
            "List one's proposals; moderators: the queue",
            "Without `whose=all` one's own. A page begins after `cursor`; `next` leads to the one after it.",
            answer=record(("count", "count_is_exact"), **examples.PAGE, results=listed(PROPOSAL)),
            example={"next": None, "results": [examples.PROPOSAL]},
            problems=(401, 403),
            params=LIST_PARAMS,
        ),
        "post": Operation(
            "propose",
            "proposals",
            "Propose a new entry, an edit, or that one goes, comes back or is looked at",
            "Nothing is published before a moderator approves it. With `If-Match` (the entry's ETag) an edit of an "
            "entry that has changed since is refused (412) instead of being queued.",
            answer=PROPOSAL,
            example=examples.PROPOSAL,
            status=201,
            problems=(401, 403, 409, 412, 413, 415, 422),
            headers={**KEY_HEADER, "If-Match": "The ETag of the entry as the client read it."},
            body=dict.fromkeys(("application/json", "application/merge-patch+json"), NEW_PROPOSAL),
            body_example=examples.EDIT,
        ),
    }

    def get(self, request: Request) -> Response:
        """Return a page of proposals."""
        values = params.read(LIST_PARAMS, request.GET)
        rows = _filtered(_visible(request, values), values)
        order = values["order"]
        keys = paging.sort_keys(ORDERS[order])
        position = paging.position(values["cursor"], order, Proposal, keys)
        rows_with_next = paging.rows_after(rows.select_related(*RELATED), keys, position, values["page_size"] + 1)
        page, has_more = rows_with_next[: values["page_size"]], len(rows_with_next) > values["page_size"]
        cursor = (
            paging.encode(order, [_cursor_value(getattr(page[-1], key.column)) for key in keys]) if has_more else None
        )
        next_url = paging.url_with(request.path, request.GET, cursor=cursor) if cursor else None
        count = paging.bounded_count(rows) if values["count"] == "true" else {}
        response = Response({**count, "next": next_url, "results": represent_many(page)})
        if next_url:
            response["Link"] = f'<{next_url}>; rel="next"'
        return response

    @idempotent
    def post(self, request: Request) -> Response:
        """Submit a proposal."""
        body = read_body(request.data, MEMBERS)
        proposed = proposal_from_body(body, request.headers.get("If-Match"))
        proposal = workflow.submit(author=require_account(request.user), proposed=proposed)
        return proposal_response(represent(proposal), proposal, status=201)


class ProposalDetail(ProposalView):
    """Read and revise one proposal."""

    scopes = {"GET": Scope.READ, "PUT": Scope.PROPOSE, "PATCH": Scope.PROPOSE}
    limits = {"PUT": "propose", "PATCH": "propose"}
    operations = {
        "get": Operation(
            "readProposal",
            "proposals",
            "Read a proposal and what was done to it",
            "One's own; moderators: anybody's. To others it does not exist.",
            answer=PROPOSAL,
            example=examples.PROPOSAL,
            problems=(401, 403, 404),
            path=PATH_PARAMS,
        ),
        **{
            method: Operation(
                f"{verb}Proposal",
                "proposals",
                f"Revise one's proposal: {body}",
                "Puts it back into the queue; what it replaces stays in its events.",
                answer=PROPOSAL,
                example=examples.PROPOSAL,
                problems=(401, 403, 404, 409, 412, 413, 415, 422),
                path=PATH_PARAMS,
                headers={"If-Match": "The proposal's ETag: refused (412) where somebody changed it since."},
                body=dict.fromkeys(("application/json", "application/merge-patch+json"), PROPOSAL_REVISION),
                body_example=examples.REVISION,
            )
            for method, verb, body in (("put", "replace", "the whole payload"), ("patch", "patch", "a merge patch"))
        },
    }

    def get(self, request: Request, pk: int) -> Response:
        """Return the proposal, or 304 if the client's copy is current."""
        params.read((), request.GET)
        proposal = proposal_for(request, pk)
        body = represent(proposal)
        validators = Validators(proposal_tag(proposal, body), proposal.updated_at)
        unchanged = conditional.not_modified(request, Validators(validators.entity_tag))
        response = Response(status=304) if unchanged else Response(body)
        conditional.set_validators(response, validators)
        conditional.set_cache_headers(request, response, conditional.PRIVATE)
        return response

    def put(self, request: Request, pk: int) -> Response:
        """Replace the proposed payload."""
        return self._revise(request, pk, patch=False)

    def patch(self, request: Request, pk: int) -> Response:
        """Apply a merge patch to the proposed payload."""
        return self._revise(request, pk, patch=True)

    def _revise(self, request: Request, pk: int, *, patch: bool) -> Response:
        proposal = proposal_for(request, pk)
        body = read_body(request.data, REVISION_MEMBERS)
        with version_from_if_match(request, proposal) as version:
            revised = workflow.revise(
                proposal=proposal,
                actor=require_account(request.user),
                payload=patched(proposal.proposed_payload, body["fields"]) if patch else body["fields"],
                source=proposal.source if body["source"] is None else body["source"],
                comment=body["comment"],
                version=version,
                additions=body["additions"],
            )
        return proposal_response(represent(revised), revised)


def _visible(request: Request, values: dict[str, Any]) -> QuerySet[Proposal]:
    if values["whose"] == "mine":
        return Proposal.objects.filter(author_id=request.user.pk)
    if not can_see_queue(request):
        raise Problem(403, "Only moderators see what others propose, with a token that may moderate.")
    return Proposal.objects.all()


def _filtered(rows: QuerySet[Proposal], values: dict[str, Any]) -> QuerySet[Proposal]:
    columns = {"status": "status", "kind": "kind", "action": "action", "batch": "batch_id"}
    columns |= {"author": "author__username", "slug": "target_slug"}
    rows = rows.filter(**{column: values[name] for name, column in columns.items() if values[name] is not None})
    if values["claimed"] is not None:
        rows = rows.filter(claimed_by__isnull=values["claimed"] == "false")
    if values["topic"] is not None:
        rows = rows.filter(topics__icontains=f'"{values["topic"]}"')
    return rows


def _cursor_value(value: Any) -> Any:
    return value if isinstance(value, int) else value.isoformat()
