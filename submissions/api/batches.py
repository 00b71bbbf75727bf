"""Many proposals in one request, a line each; a line that is refused holds up none of the others."""

from collections.abc import Iterator
from typing import Any, cast

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
from submissions.api.bodies import JSONLinesBody, NDJSONBody, loads, read_body
from submissions.api.idempotency import idempotent_in_parts
from submissions.api.proposals import KEY_HEADER
from submissions.api.proposing import MEMBERS, proposal_in
from submissions.api.representing import address
from submissions.workflow import NewProposal, WorkflowError

MOST_LINES = 1_000
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

Line = tuple[int, NewProposal | Problem]


class SubmitBatch(ProposalView):
    """A whole file of proposals under one batch."""

    parser_classes = [JSONLinesBody, NDJSONBody]
    scopes = {"POST": Scope.PROPOSE}
    limits = {"POST": "batch"}
    operations = {
        "post": Operation(
            "proposeBatch",
            "proposals",
            f"Propose up to {MOST_LINES:,} changes at once",
            "JSON Lines: each line is a body of `POST /api/v1/proposals/`. Gives a result for each line, in their "
            "order; where no line is accepted, 422 with the same results and no batch.",
            answer=record(batch=NUMBER, accepted=NUMBER, refused=NUMBER, results=listed(RESULT)),
            example=examples.BATCH,
            problems=(401, 403, 409, 413, 415, 422),
            params=PARAMS,
            headers=KEY_HEADER,
            body={media: {"type": "string"} for media in ("application/jsonl", "application/x-ndjson")},
            body_example=examples.LINES,
        )
    }

    @idempotent_in_parts
    def post(self, request: Request) -> Response:
        """Read each line, submit those that can be, and tell of each."""
        name = params.read(PARAMS, request.GET)["name"][:200]
        lines = list(_lines(cast(list[bytes], request.data)))
        if not lines:
            raise Problem(422, "There is no line in the body.", kind="invalid-fields")
        if len(lines) > MOST_LINES:
            raise Problem(413, f"That is more than {MOST_LINES:,} lines; bring them in parts.", kind="too-many-lines")
        what = [(number, found) for number, found in lines if isinstance(found, NewProposal)]
        results = {number: _refused(request, number, found) for number, found in lines if isinstance(found, Problem)}
        batch, outcomes = workflow.submit_proposals(
            author=require_account(request.user), name=name, items=[items for _, items in what]
        )
        for (number, _), outcome in zip(what, outcomes, strict=True):
            results[number] = _result(request, number, outcome)
        told = [results[number] for number, _ in lines]
        accepted = sum(result["status"] == 201 for result in told)
        if batch is None:
            raise Problem(422, "None of the lines could be accepted; see results.", results=told)
        return Response(
            {"batch": batch.pk, "accepted": accepted, "refused": len(told) - accepted, "results": told}, status=200
        )


def _lines(lines: list[bytes]) -> Iterator[Line]:
    """Each line with its number from 1, as what it proposes or as what is wrong with it; blank ones are left out."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            yield number, proposal_in(read_body(loads(text), MEMBERS))
        except Problem as wrong:
            yield number, wrong


def _result(request: Request, number: int, outcome: workflow.Outcome) -> dict[str, Any]:
    if isinstance(outcome.error, WorkflowError):
        return _refused(request, number, problem_of(outcome.error))
    pk = outcome.result.pk
    return {"line": number, "status": 201, "proposal": pk, "url": address(pk)}


def _refused(request: Request, number: int, wrong: Problem) -> dict[str, Any]:
    told = problem(
        wrong.status_code,
        wrong.text,
        instance=f"{request.path}#line-{number}",
        kind=wrong.kind,
        errors=wrong.errors,
        **wrong.more,
    )
    return {"line": number, "status": wrong.status_code, "problem": told}
