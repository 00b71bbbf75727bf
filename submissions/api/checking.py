"""Check a list without proposing anything: for a maintainer's pull request, without an account."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.problems import Problem
from catalog.api.schema import Operation, listed, record
from submissions.api import examples
from submissions.api.base import ProposalView
from submissions.api.bodies import TEXT, JSONBody, Member, read_body, schema_of
from submissions.api.list_account import ACCOUNT, COUNTS, NUMBER, OUTCOMES_EXPLAINED
from submissions.intake.checking import check_list, size_error

MEMBERS = (
    Member("text", "The list, as Markdown.", required=True),
    Member(
        "base",
        "The version of it that was edited, if it is at hand: what differs from it is a change of the list, and what "
        "differs between it and the catalogue is one of the catalogue. Else the list's last import is taken.",
    ),
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
            "Accounts for every line of an awesome list that holds a link or looks like an item: "
            f"{OUTCOMES_EXPLAINED}. "
            "`links` are those that lead nowhere by their form; no address is visited. "
            "Saves nothing, and needs no account. At most a megabyte or 20,000 lines each.",
            answer=record(
                (),
                **ACCOUNT,
                compared={"type": "boolean"},
                problems=COUNTS,
                links=listed(LINK),
            ),
            example=examples.CHECK,
            problems=(401, 403, 413, 415, 422),
            body={"application/json": schema_of(MEMBERS)},
            body_example=examples.GIVEN_CHECK,
        )
    }

    def post(self, request: Request) -> Response:
        """Return the account of the list; 413 if it is too large."""
        body = read_body(request.data, MEMBERS)
        for name, text in body.items():
            if error := size_error(text):
                raise Problem(413, f"{error} Check the list in parts.", kind="too-large", errors={name: [error]})
        return Response(check_list(body["text"], body["base"]).as_json())
