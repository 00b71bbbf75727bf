"""Turn pasted text into a draft payload; nothing is saved."""

from dataclasses import asdict

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Scope
from catalog.api.problems import Problem
from catalog.api.schema import Operation, listed, record
from catalog.kinds import KINDS
from submissions.api import examples
from submissions.api.base import ProposalView
from submissions.api.bodies import TEXT, Member, read_body, schema_of
from submissions.api.representing import DUPLICATES
from submissions.intake.drafts import Unreadable
from submissions.intake.duplicates import find_duplicates
from submissions.intake.metadata import enrich
from submissions.intake.paste import read

MEMBERS = (
    Member(
        "text",
        "One line of a list (“Year | Title | Link | Description”, “Name | Modalities | Size | License”), an arXiv id "
        "or a DOI, the address of a paper, of weights, data or code, or one BibTeX record.",
        required=True,
    ),
)


class Parse(ProposalView):
    """Make a draft from a text."""

    scopes = {"POST": Scope.PROPOSE}
    limits = {"POST": "paste"}
    operations = {
        "post": Operation(
            "parse",
            "proposals",
            "Turn one line, an arXiv id or a BibTeX record into a draft",
            "Gives a payload to complete and propose, with entries that it may double. Saves nothing.",
            answer=record(
                kind={"type": "string", "enum": list(KINDS)},
                fields={"type": "object"},
                source=TEXT,
                notes=listed(TEXT),
                twins=DUPLICATES,
            ),
            example=examples.DRAFT,
            problems=(401, 403, 413, 415, 422),
            body={"application/json": schema_of(MEMBERS)},
            body_example=examples.PASTED,
        )
    }

    def post(self, request: Request) -> Response:
        """Return the draft; 422 if the text has none of the known formats."""
        parsed = read(read_body(request.data, MEMBERS)["text"])
        if isinstance(parsed, Unreadable):
            raise Problem(422, parsed.reason, kind="unreadable", errors={"text": [parsed.reason]})
        draft = enrich(parsed)
        duplicates = find_duplicates(KINDS[draft.kind], draft.payload)
        return Response(
            {
                "kind": draft.kind,
                "fields": draft.payload,
                "source": draft.source,
                "notes": list(draft.notes),
                "twins": [asdict(duplicate) for duplicate in duplicates],
            }
        )
