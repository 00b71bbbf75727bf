"""Permissions: every combination of actor, proposal and verb. A proposal that one may not see is a 404."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Revision
from submissions.models import Proposal
from submissions.verbs import AUTHOR, MODERATORS, PARTIES, REBASERS, verbs_with_rule
from submissions.workflow import approve, claim, reject, request_changes, withdraw
from tests.factories import make_paper, make_revision
from tests.people import admin, contributor, moderator, person, propose, propose_edit
from tests.submissions.api.conftest import API, ApiClient, by_session, by_token

pytestmark = pytest.mark.django_db

COLUMNS = {AUTHOR: "own", PARTIES: "discuss", REBASERS: "rebase", MODERATORS: "decide"}
"""The column of the tables for each rule; a verb with another rule needs a column of its own."""


@dataclass(frozen=True)
class Call:
    """A request, and the column of the tables with its expected statuses."""

    method: str
    path: str
    body: Any
    column: str


def calls() -> dict[str, Call]:
    """Return the requests about one proposal: read, revise, and each verb of the register with its example body."""
    by_verb = {
        "read": Call("GET", "", None, "read"),
        "replace": Call("PUT", "", {"fields": {"name": "Vim", "year": 2020}}, "replace"),
        "patch": Call("PATCH", "", {"fields": {"year": 2020}}, "patch"),
    }
    for verb in verbs_with_rule():
        assert verb.rule
        body = {argument.name: argument.example for argument in verb.arguments if argument.required}
        by_verb[verb.name] = Call("POST", f"{verb.name}/", body, COLUMNS[verb.rule])
    return by_verb


CALLS = calls()


def suspended_author() -> ApiClient:
    client = by_session(contributor())
    contributor().suspend(because="Spam.")
    return client


def without_second_factor() -> ApiClient:
    return by_session(User.objects.create_user("linda", is_staff=True))


def moderating_author() -> ApiClient:
    User.objects.filter(username="ada").update(is_staff=True)
    Authenticator.objects.create(user=person("ada"), type=Authenticator.Type.TOTP, data={"secret": "x"})
    return by_session(User.objects.get(username="ada"))


ACTORS: dict[str, Callable[[], ApiClient]] = {
    "a visitor": ApiClient,
    "somebody else": lambda: by_session(person("bob")),
    "somebody else, by token": lambda: by_token(person("bob")),
    "the author": lambda: by_session(contributor()),
    "the author, by token": lambda: by_token(contributor()),
    "the author, who may only read": suspended_author,
    "the author, by a token that reads": lambda: by_token(contributor(), "read"),
    "the author, by a token that proposes": lambda: by_token(contributor(), "propose"),
    "a moderator": lambda: by_session(moderator()),
    "a moderator, by token": lambda: by_token(moderator()),
    "a moderator, by a token that proposes": lambda: by_token(moderator(), "read", "propose"),
    "a moderator without a second factor": without_second_factor,
    "a moderator who has not used it": lambda: by_session(moderator(), by="socialaccount"),
    "the author, a moderator": moderating_author,
    "an admin": lambda: by_session(admin()),
}

ORDER = ("read", "replace", "patch", "own", "discuss", "rebase", "decide")
#                                         read rep  pat  own  dis  reb  dec
PENDING: dict[str, list[int]] = {
    "a visitor":                             [401, 401, 401, 401, 401, 401, 401],
    "somebody else":                         [404, 404, 404, 404, 404, 404, 404],
    "somebody else, by token":               [404, 404, 404, 404, 404, 404, 403],
    "the author":                            [200, 200, 200, 200, 200, 200, 403],
    "the author, by token":                  [200, 200, 200, 200, 200, 200, 403],
    "the author, who may only read":         [200, 403, 403, 403, 403, 403, 403],
    "the author, by a token that reads":     [200, 403, 403, 403, 403, 403, 403],
    "the author, by a token that proposes":  [403, 200, 200, 200, 200, 200, 403],
    "a moderator":                           [200, 403, 403, 403, 200, 200, 200],
    "a moderator, by token":                 [200, 403, 403, 403, 200, 200, 200],
    "a moderator, by a token that proposes": [404, 404, 404, 404, 404, 404, 403],
    "a moderator without a second factor":   [403, 403, 403, 403, 403, 403, 403],
    "a moderator who has not used it":       [403, 403, 403, 403, 403, 403, 403],
    "the author, a moderator":               [200, 200, 200, 200, 200, 200, 403],
    "an admin":                              [200, 403, 403, 403, 200, 200, 200],
}  # fmt: skip

#                                        read rep  pat  own  dis  reb  dec
WAITING_FOR_AUTHOR = {
    "the author":  [200, 200, 200, 200, 200, 200, 403],
    "a moderator": [200, 403, 403, 403, 200, 403, 409],
}  # fmt: skip
CLOSED = {
    "a visitor":     [401, 401, 401, 401, 401, 401, 401],
    "somebody else": [404, 404, 404, 404, 404, 404, 404],
    "the author":    [200, 409, 409, 409, 200, 403, 403],
    "a moderator":   [200, 403, 403, 403, 200, 403, 409],
}  # fmt: skip


def pending() -> Proposal:
    """Make an edit whose entry has since changed in another field: every verb but approving may act on it."""
    paper = make_paper(name="Vim", year=2024)
    proposal = propose_edit(paper, year=2023)
    make_revision("paper", paper, venue="ICML")
    return claim(proposal=proposal, actor=moderator("mary"))


def fresh() -> Proposal:
    return claim(proposal=propose_edit(make_paper(name="Vim", year=2024), year=2023), actor=moderator("mary"))


def in_state(state: str) -> Proposal:
    """Return the proposal in another status."""
    match state:
        case "changes-requested":
            return request_changes(proposal=pending(), actor=moderator("mary"), reason="Look again.")
        case "rejected":
            return reject(proposal=pending(), actor=moderator("mary"), reason="No.")
        case "withdrawn":
            return withdraw(proposal=pending(), actor=contributor())
    return approve(proposal=fresh(), actor=moderator("mary"))


def done(client: ApiClient, proposal: Proposal, verb: str) -> int:
    call = CALLS[verb]
    before = Proposal.objects.values().get(pk=proposal.pk), Revision.objects.count()
    answer = client.send(call.method, f"{API}{proposal.pk}/{call.path}", call.body)
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"
        assert (Proposal.objects.values().get(pk=proposal.pk), Revision.objects.count()) == before
    return int(answer.status_code)


def row(actor: str, proposal: Proposal, ready: Proposal | None = None) -> dict[str, int]:
    """Return the status of each request by an actor, each from the same state; `ready` is approved instead of the
    proposal."""
    client = ACTORS[actor]()
    statuses = {}
    for verb in CALLS:
        with transaction.atomic():
            statuses[verb] = done(client, ready if ready and verb == "approve" else proposal, verb)
            transaction.set_rollback(True)
    return statuses


def expected(statuses: list[int]) -> dict[str, int]:
    """Return the row of a table by verb."""
    columns = dict(zip(ORDER, statuses, strict=True))
    return {verb: columns[call.column] for verb, call in CALLS.items()}


@pytest.mark.parametrize("actor", ACTORS)
def test_what_each_may_do_to_a_pending_proposal(actor: str) -> None:
    assert row(actor, pending(), ready=fresh()) == expected(PENDING[actor])


@pytest.mark.parametrize("actor", WAITING_FOR_AUTHOR)
def test_what_each_may_do_while_it_waits_for_its_author(actor: str) -> None:
    assert row(actor, in_state("changes-requested")) == expected(WAITING_FOR_AUTHOR[actor])


@pytest.mark.parametrize("actor", CLOSED)
@pytest.mark.parametrize("state", ["approved", "rejected", "withdrawn"])
def test_what_each_may_do_once_it_is_closed(state: str, actor: str) -> None:
    assert row(actor, in_state(state)) == expected(CLOSED[actor])


@pytest.mark.parametrize(("actor", "statuses"), [
    ("a visitor", [401, 401, 401, 401]),
    ("somebody else", [200, 201, 200, 200]),
    ("the author, who may only read", [200, 403, 422, 200]),
    ("the author, by a token that reads", [200, 403, 403, 403]),
    ("the author, by a token that proposes", [403, 201, 200, 200]),
    ("a moderator, by token", [200, 201, 200, 200]),
])  # fmt: skip
def test_what_each_may_do_to_the_list(actor: str, statuses: list[int]) -> None:
    client = ACTORS[actor]()
    line = b'{"kind": "paper", "fields": {"name": "Vim 2"}, "source": "The report"}'
    answered = [
        client.send("GET", API).status_code,
        client.send("POST", API, {"kind": "paper", "fields": {"name": "Vim 1"}, "source": "The report"}).status_code,
        client.post(f"{API}batch/", line, content_type="application/jsonl").status_code,
        client.send("POST", f"{API}parse/", {"text": "2401.09417"}).status_code,
    ]
    assert answered == statuses


def test_a_proposal_that_is_not_there_is_a_404() -> None:
    for pk in ("0", "7", "99999999999999999999999"):
        assert by_session(moderator()).send("GET", f"{API}{pk}/").status_code == 404


class TestCredentials:
    def test_an_anonymous_client_needs_a_token(self) -> None:
        answer = ApiClient().send("GET", API)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')

    def test_a_token_that_does_not_reach_says_how_far_it_should(self) -> None:
        answer = by_token(contributor(), "read").send("POST", API, {"kind": "paper"})
        challenge = 'Bearer realm="api", error="insufficient_scope", scope="propose"'
        assert (answer.status_code, answer["WWW-Authenticate"]) == (403, challenge)

    def test_a_token_dies_with_a_suspension(self) -> None:
        client = by_token(contributor())
        User.objects.filter(username="ada").update(suspended_at=timezone.now(), suspended_because="Spam.")
        assert client.send("GET", API).status_code == 401

    def test_moderating_needs_the_second_factor_at_each_use(self) -> None:
        client = by_token(moderator())
        proposal = propose(name="Vim")
        assert client.send("GET", f"{API}{proposal.pk}/").status_code == 200
        Authenticator.objects.filter(user=moderator()).delete()
        assert client.send("GET", f"{API}{proposal.pk}/").status_code == 404
        assert client.send("POST", f"{API}{proposal.pk}/approve/", {}).status_code == 404

    def test_a_session_needs_the_csrf_token_and_a_bearer_token_does_not(self) -> None:
        body = {"kind": "paper", "fields": {"name": "Vim"}, "source": "The report"}
        careful = ApiClient(enforce_csrf_checks=True)
        careful.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")
        answer = careful.send("POST", API, body)
        assert (answer.status_code, "CSRF" in answer.json()["detail"]) == (403, True)

        careful.get("/accounts/settings/")
        token = careful.cookies["csrftoken"].value
        assert careful.send("POST", API, body, X_CSRFToken=token).status_code == 201
        by_bearer = by_token(person("bob"))
        by_bearer.handler.enforce_csrf_checks = True
        assert by_bearer.send("POST", API, body).status_code == 201
