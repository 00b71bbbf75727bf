"""Submit many proposals in one request, one per line or item; a refused one does not affect the others."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import require_account
from accounts.tokens import Scope
from catalog.api import params
from catalog.api.problems import Problem, problem
from catalog.api.schema import PROBLEM, Operation, listed, record
from submissions import workflow
from submissions.api import examples
from submissions.api.base import ProposalView, problem_of
from submissions.api.bodies import JSONBody, JSONLinesBody, NDJSONBody, loads, read_body
from submissions.api.idempotency import idempotent_in_parts
from submissions.api.proposals import KEY_HEADER
from submissions.api.proposing import MEMBERS, NEW_PROPOSAL, proposal_from_body
from submissions.api.representing import proposal_url
from submissions.workflow import NewProposal, WorkflowError

MAX_LINES = 1_000
PARAMS = (params.text("name", "What the batch is called.", default="Sent through the API"),)
NUMBER = {"type": "integer"}
RESULT = record(
    ("proposal", "url", "problem"),
    line=NUMBER,
    status=NUMBER,
    proposal=NUMBER,
    url={"type": "string", "format": "uri"},
    problem=PROBLEM,
)


class SubmitBatch(ProposalView):
    """Submit a file of proposals as one batch."""

    parser_classes = [JSONLinesBody, NDJSONBody, JSONBody]
    scopes = {"POST": Scope.PROPOSE}
    limits = {"POST": "batch"}
    operations = {
        "post": Operation(
            "proposeBatch",
            "proposals",
            f"Propose up to {MAX_LINES:,} changes at once",
            "JSON Lines: each line is a body of `POST /api/v1/proposals/`; or a JSON array of such bodies, whose first "
            "item is line 1. Gives a result for each line, in their order; where no line is accepted, 422 with the "
            "same results and no batch.",
            answer=record(batch=NUMBER, accepted=NUMBER, refused=NUMBER, results=listed(RESULT)),
            example=examples.BATCH,
            problems=(401, 403, 409, 413, 415, 422),
            params=PARAMS,
            headers=KEY_HEADER,
            body={
                "application/jsonl": {"type": "string"},
                "application/x-ndjson": {"type": "string"},
                "application/json": listed(NEW_PROPOSAL),
            },
            body_example=examples.LINES,
            body_examples={"application/json": [loads(line) for line in examples.LINES.splitlines()]},
        )
    }

    @idempotent_in_parts
    def post(self, request: Request) -> Response:
        """Submit the valid lines; return a result for each line."""
        name = params.read(PARAMS, request.GET)["name"][:200]
        if message := workflow.batch_name_error(name):
            raise params.bad_parameters({"name": [message]})
        texts = list(islice(_numbered(request), MAX_LINES + 1))
        if not texts:
            raise Problem(422, "There is no line in the body.", kind="invalid-fields")
        if len(texts) > MAX_LINES:
            raise Problem(413, f"That is more than {MAX_LINES:,} lines; bring them in parts.", kind="too-many-lines")
        lines = [(number, _read_line(text)) for number, text in texts]
        proposals = [(number, parsed) for number, parsed in lines if isinstance(parsed, NewProposal)]
        results = {
            number: _problem_result(request, number, parsed) for number, parsed in lines if isinstance(parsed, Problem)
        }
        batch, outcomes = workflow.submit_proposals(
            author=require_account(request.user), name=name, items=[proposed for _, proposed in proposals]
        )
        for (number, _), outcome in zip(proposals, outcomes, strict=True):
            results[number] = _outcome_result(request, number, outcome)
        represented = [results[number] for number, _ in lines]
        accepted = sum(result["status"] == 201 for result in represented)
        if batch is None:
            raise Problem(422, "None of the lines could be accepted; see results.", results=represented)
        return Response(
            {"batch": batch.pk, "accepted": accepted, "refused": len(represented) - accepted, "results": represented},
            status=200,
        )


def _numbered(request: Request) -> Iterator[tuple[int, Any]]:
    """The lines that are not blank, as bytes, or the items of an array, as parsed; counted from 1. Raises Problem (400)
    for JSON that is no array."""
    data: Any = request.data
    if isinstance(data, list):
        yield from enumerate(data, 1)
    elif isinstance(data, BytesIO):
        yield from ((number, text) for number, text in enumerate(data, 1) if text.strip())
    elif data:
        raise Problem(400, "The body must be JSON Lines or a JSON array.")


def _read_line(line: Any) -> NewProposal | Problem:
    """The proposal of a line or an item, or the problem with it."""
    try:
        return proposal_from_body(read_body(loads(line) if isinstance(line, bytes) else line, MEMBERS))
    except Problem as error:
        return error


def _outcome_result(request: Request, number: int, outcome: workflow.Outcome) -> dict[str, Any]:
    if isinstance(outcome.error, WorkflowError):
        return _problem_result(request, number, problem_of(outcome.error))
    pk = outcome.result.pk
    return {"line": number, "status": 201, "proposal": pk, "url": proposal_url(pk)}


def _problem_result(request: Request, number: int, error: Problem) -> dict[str, Any]:
    body = problem(
        error.status_code,
        error.text,
        instance=f"{request.path}#line-{number}",
        kind=error.kind,
        errors=error.errors,
        **error.more,
    )
    return {"line": number, "status": error.status_code, "problem": body}
