"""Bring a list: an account of every line, one proposal for each entry, and how far that is."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rules import require_account
from accounts.tokens import Scope
from catalog.api import params
from catalog.api.problems import Problem
from catalog.api.schema import Component, Operation, listed, record
from submissions import workflow
from submissions.api import examples
from submissions.api.base import ProposalView, can_see_queue
from submissions.api.bodies import TEXT, Member, read_body, schema_of
from submissions.api.idempotency import idempotent_in_parts
from submissions.api.list_account import ACCOUNT, LINE, NUMBER, OUTCOMES_EXPLAINED
from submissions.api.proposals import KEY_HEADER, PATH_PARAMS
from submissions.intake.batch import (
    PRESELECTED_STATES,
    SELECTABLE_STATES,
    ComparedDraft,
    ListRefused,
    count_entries,
    read_and_compare,
)
from submissions.intake.checking import account_of, findings_of
from submissions.intake.lists import MAX_BYTES, MAX_ENTRIES
from submissions.list_imports import ListImport
from submissions.workflow import Invalid

URL = {"type": "string", "format": "uri"}
MEMBERS = (
    Member(
        "text",
        "A README in Markdown, a BibTeX file, or lines of cells; at most "
        f"{MAX_BYTES // 1_000_000} megabytes and {MAX_ENTRIES:,} entries.",
        required=True,
    ),
    Member("name", "What the batch is called, for you and for the reviewers.", default="Sent through the API"),
    Member("source", "Where the list stands: an address, or words that lead there. Needed unless `dry_run`."),
    Member(
        "lines",
        "The lines whose entries are proposed. Without it, those that are `new` or `differs`; one that is a `question` "
        "or a `conflict` is proposed only if it is named here, which answers that the list is right.",
        {"type": "array", "items": {"type": "integer", "minimum": 1}},
        default=None,
    ),
    Member("dry_run", "Whether nothing is to be kept or proposed.", {"type": "boolean"}, default=False),
)
IMPORT = Component(
    "ListImport",
    record(
        batch=NUMBER,
        url={**URL, "description": "Where to ask how far it is."},
        html_url=URL,
        proposals={**URL, "description": "Its proposals."},
        total={**NUMBER, "description": "How many entries are to be proposed."},
        submitted=NUMBER,
        refused={**NUMBER, "description": "How many of them were not proposed."},
        left=NUMBER,
        finished={"type": "boolean"},
        stopped_by={"type": "string", "description": "Why it does not go on; empty if it does."},
        refusals=listed(record(line=LINE, text=TEXT, reason=TEXT)),
    ),
)


IMPORTED: dict[str, Any] = {"import": {"oneOf": [IMPORT, {"type": "null"}]}}


class ImportList(ProposalView):
    """Bring a list."""

    scopes = {"POST": Scope.PROPOSE}
    limits = {"POST": "batch"}
    operations = {
        "post": Operation(
            "importList",
            "proposals",
            "Bring a list: read it, compare it with the catalogue, and propose what is new or differs",
            f"Accounts for every line that holds a link or looks like an item: {OUTCOMES_EXPLAINED}. With "
            "`dry_run`, that is all. Otherwise `import` says what became of the entries; more than "
            f"{workflow.MAX_HERE} are submitted in the background, "
            "which a 202 says: ask at `Location` how far it is. The same list sent again is not proposed again.",
            answer=record((), **ACCOUNT, **IMPORTED),
            example=examples.LIST,
            also=(202,),
            problems=(401, 403, 409, 413, 415, 422),
            headers=KEY_HEADER,
            body={"application/json": schema_of(MEMBERS)},
            body_example=examples.GIVEN_LIST,
        )
    }

    @idempotent_in_parts
    def post(self, request: Request) -> Response:
        """Return the account of the list and, unless it is a dry run, its import."""
        given = read_body(request.data, MEMBERS)
        compared = _read(given["text"])
        account = account_of(findings_of(compared), count_entries(compared))
        if given["dry_run"]:
            return Response({**account, "import": None})
        chosen = _chosen(compared, given["lines"], account)
        texts = {key: given[key] for key in ("name", "source", "text")}
        try:
            work, _ = workflow.import_list(author=require_account(request.user), chosen=chosen, **texts)
        except Invalid as error:  # its fields are members of the body, not of a payload
            detail = "Some values are not right; see errors."
            raise Problem(422, detail, kind="invalid-fields", errors=error.errors) from error
        imported = represent_import(work)
        status = 200 if imported["finished"] else 202
        return Response({**account, "import": imported}, status=status, headers={"Location": imported["url"]})


class ImportDetail(ProposalView):
    """How far a list is."""

    scopes = {"GET": Scope.READ}
    operations = {
        "get": Operation(
            "readImport",
            "proposals",
            "How far a list is, and which of its entries were not proposed",
            "For who brought it and for moderators. `id` is the number of the batch.",
            answer=IMPORT,
            example=examples.IMPORT,
            problems=(401, 403, 404),
            path=PATH_PARAMS,
        )
    }

    def get(self, request: Request, pk: int) -> Response:
        """Return the import of a batch."""
        params.read((), request.GET)
        work = ListImport.objects.select_related("author").filter(batch=pk).first()
        if work is None or not (work.author_id == request.user.pk or can_see_queue(request)):
            raise Http404("There is no such list, or it is not yours.")
        return Response(represent_import(work))


def represent_import(work: ListImport) -> dict[str, Any]:
    """Represent how far a list is."""
    progress = workflow.progress_of(work)
    pk, api = work.batch_id, f"{settings.SITE_URL}{reverse('submissions-api:proposals')}"
    return {
        "batch": pk,
        "url": f"{settings.SITE_URL}{reverse('submissions-api:import', args=[pk])}",
        "html_url": f"{settings.SITE_URL}{reverse('submissions:batch', args=[pk])}",
        "proposals": f"{api}?batch={pk}",
        "total": progress.total,
        "submitted": progress.submitted,
        "refused": progress.refused,
        "left": progress.left,
        "finished": progress.is_finished,
        "stopped_by": progress.stopped_by or work.trouble,
        "refusals": [{"line": row.line, "text": row.name, "reason": row.trouble} for row in work.rows.refused()],
    }


def _read(text: str) -> list[ComparedDraft]:
    try:
        return read_and_compare(text)
    except ListRefused as refusal:
        raise Problem(422, str(refusal), kind="unreadable", errors={"text": [str(refusal)]}) from refusal


def _chosen(compared: list[ComparedDraft], lines: list[int] | None, account: dict[str, Any]) -> list[int]:
    """The numbers of what is proposed. Raises Problem (422), with the account, where a line has nothing to propose, and
    if nothing is left."""
    if lines is None:
        chosen = [number for number, row in enumerate(compared) if row.state in PRESELECTED_STATES]
    else:
        wanted = set(lines)
        chosen = [
            number
            for number, row in enumerate(compared)
            if row.state in SELECTABLE_STATES and row.parsed.line in wanted
        ]
        if unknown := sorted(wanted - {compared[number].parsed.line for number in chosen}):
            named = ", ".join(map(str, unknown[:10]))
            errors = {"lines": [f"Nothing can be proposed from these lines: {named}."]}
            raise Problem(422, "Some lines cannot be proposed.", kind="invalid-fields", errors=errors, **account)
    if not chosen:
        raise Problem(422, "Nothing in it is new, or differs from the catalogue.", kind="nothing-to-propose", **account)
    return chosen
