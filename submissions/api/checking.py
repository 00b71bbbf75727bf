"""Check a list without proposing anything: for a maintainer's pull request, without an account."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.problems import Problem
from catalog.api.schema import Operation, Schema, listed, record
from catalog.kinds import KINDS
from submissions.api import examples
from submissions.api.base import ProposalView
from submissions.api.bodies import TEXT, JSONBody, Member, read_body, schema_of
from submissions.intake.checking import OUTCOMES, check_list, size_error
from submissions.intake.merging import Change

MEMBERS = (
    Member("text", "The list, as Markdown.", required=True),
    Member(
        "base",
        "The version of it that was edited, if it is at hand: what differs from it is a change of the list, and what "
        "differs between it and the catalogue is one of the catalogue. Else the list's last import is taken.",
    ),
)
NUMBER: Schema = {"type": "integer"}
NULLABLE: Schema = {"type": ["integer", "null"]}
COUNTS: Schema = {"type": "object", "additionalProperties": NUMBER}
CHANGE = record(key=TEXT, change={"type": "string", "enum": [one.value for one in Change]}, base={}, listed={}, live={})
FINDING = record(
    line=NULLABLE,
    last=NULLABLE,
    outcome={"type": "string", "enum": [str(one) for one in OUTCOMES]},
    level={"type": "string", "enum": ["warning", "notice", ""]},
    message=TEXT,
    kind={"type": "string", "enum": [*KINDS, ""]},
    name=TEXT,
    url=TEXT,
    changes=listed(CHANGE),
    earlier=NULLABLE,
)
LINK = record(line=NUMBER, text=TEXT, address=TEXT, problem=TEXT, better=TEXT)


class CheckList(ProposalView):
    """What a list holds, and how it compares with the catalogue; nothing is saved."""

    permission_classes = [AllowAny]
    parser_classes = [JSONBody]
    limits = {"POST": "check"}
    operations = {
        "post": Operation(
            "checkList",
            "proposals",
            "Check a list before it is published",
            "Accounts for every line of an awesome list that holds a link or looks like an item: `new`, `differs` "
            "(with the fields), `conflict` (list and catalogue changed a field since `base`), `behind` (only the "
            "catalogue did), `removed`, `again` (twice in the list), `question` (there under another name?), `same`, "
            "`unreadable` or `skipped`. `links` are those that lead nowhere by their form; no address is visited. "
            "Saves nothing, and needs no account. At most a megabyte or 20,000 lines each.",
            answer=record(
                entries=NUMBER,
                compared={"type": "boolean"},
                counts=COUNTS,
                problems=COUNTS,
                lines=listed(FINDING),
                links=listed(LINK),
            ),
            example=examples.CHECK,
            problems=(401, 403, 413, 415, 422),
            body={"application/json": schema_of(MEMBERS)},
            body_example=examples.LIST,
        )
    }

    def post(self, request: Request) -> Response:
        """Return the account of the list; 413 if it is too large."""
        body = read_body(request.data, MEMBERS)
        for name, text in body.items():
            if error := size_error(text):
                raise Problem(413, f"{error} Check the list in parts.", kind="too-large", errors={name: [error]})
        return Response(check_list(body["text"], body["base"]).as_json())
