"""Who may do what to a proposal over HTTP: every cell, with the sentence that goes with a refusal."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import User
from submissions.models import Proposal
from submissions.verbs import AUTHOR, MODERATORS, PARTIES, REBASERS, verbs_with_rule
from submissions.workflow import approve
from tests.factories import make_paper
from tests.people import admin, contributor, moderator, propose_edit, signed_in
from tests.submissions.http import DONE, NO_FACTOR, QUEUE, ask

pytestmark = pytest.mark.django_db

SIGN_IN = 303
"""Our own number for being led to the sign-in."""


def suspended(user: User) -> User:
    user.suspend(because="Advertising.")
    return user


def without_factor() -> User:
    return User.objects.create(username="tim", is_staff=True)


UNUSED = "moderator whose session has not used the second factor"

ACTORS: dict[str, tuple[Callable[[], User] | None, Callable[[], User]]] = {
    # who asks, and whose the proposal is
    "anonymous": (None, contributor),
    "other contributor": (lambda: contributor("bob"), contributor),
    "author": (contributor, contributor),
    "suspended author": (lambda: suspended(contributor()), contributor),
    "suspended moderator": (lambda: suspended(moderator()), contributor),
    "moderator without a second factor": (without_factor, contributor),
    UNUSED: (moderator, contributor),
    "moderator": (moderator, contributor),
    "author-moderator": (moderator, moderator),
    "author-admin": (admin, admin),
    "admin": (admin, contributor),
}

COLUMNS = {MODERATORS: "decide", AUTHOR: "own", PARTIES: "discuss", REBASERS: "rebase"}
"""What the matrix calls those whom a rule allows: a verb with another rule needs a column of its own."""


@dataclass(frozen=True)
class Door:
    """A page to ask, with what is posted there, and the column of the matrix that says what it answers."""

    path: str
    form: dict[str, str]
    column: str


def doors() -> dict[str, Door]:
    """The pages of a proposal, then each verb of the register on the pages that have it."""
    edited = {"name": "Vim", "year": "2021", "version": "1", "submit": "1"}
    by_name = {
        "see": Door("/submissions/{pk}/", {}, "see"),
        "revise": Door("/submissions/{pk}/revise/", {**edited, "source": "the paper"}, "revise"),
        "review": Door(QUEUE + "{pk}/change/", {}, "review"),
        "edit-and-approve": Door(QUEUE + "{pk}/edit/", {**edited, "base": "1"}, "edit-and-approve"),
    }
    for verb in verbs_with_rule():
        assert verb.rule
        column, message = COLUMNS[verb.rule], str(verb.message.example) if verb.message else ""
        if verb.on_author_page:
            path = f"/submissions/{{pk}}/{verb.name}/"
            by_name[f"{verb.name} on the author's page"] = Door(path, {"version": "1", "text": message}, column)
        if verb.position:
            path = f"{QUEUE}{{pk}}/{verb.name}/"
            queue = "discuss in the queue" if column == "discuss" else column
            by_name[verb.name] = Door(path, {"version": "1", "reason": message}, queue)
    return by_name


DOORS = doors()
OWN = ("see", "revise", "own", "discuss")
QUEUED = ("review", "decide", "edit-and-approve", "discuss in the queue", "rebase")


def row(own: tuple[int, int, int, int], queued: int, **others: int) -> dict[str, int]:
    return {**dict(zip(OWN, own, strict=True)), **dict.fromkeys(QUEUED, queued), **others}


MODERATES = {"review": 200, "rebase": 409}  # the entry has not changed: there is nothing to bring up to date
OF_ONES_OWN = {**MODERATES, "discuss in the queue": DONE, "edit-and-approve": 409}
MATRIX: dict[str, dict[str, int]] = {
    "anonymous": row((SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN), SIGN_IN),
    "other contributor": row((404, 404, 404, 404), 403),
    "author": row((200, DONE, DONE, DONE), 403),
    "suspended author": row((200, 403, 403, 403), 403),
    "suspended moderator": row((404, 404, 404, 404), 403),
    "moderator without a second factor": row((NO_FACTOR,) * 4, NO_FACTOR),
    UNUSED: row((NO_FACTOR,) * 4, NO_FACTOR),
    "moderator": row((200, 409, 403, DONE), DONE, **MODERATES),
    "author-moderator": row((200, DONE, DONE, DONE), 403, **OF_ONES_OWN),
    "author-admin": row((200, DONE, DONE, DONE), 403, **OF_ONES_OWN),
    "admin": row((200, 409, 403, DONE), DONE, **MODERATES),
}

SENTENCES = {
    ("moderator", "withdraw on the author's page"): "Only its author can withdraw a proposal.",
    ("author-moderator", "approve"): "Nobody decides on their own proposal.",
    ("author-admin", "approve"): "Nobody decides on their own proposal.",
    ("author-admin", "reject"): "Nobody decides on their own proposal.",
    ("author-moderator", "edit-and-approve"): "This proposal cannot be edited and approved.",
    ("moderator", "revise"): "This proposal cannot be revised any more.",
    ("suspended author", "revise"): "You cannot propose changes with this account.",
    ("suspended author", "withdraw on the author's page"): "You cannot do this with this account.",
    ("suspended author", "comment on the author's page"): "Only its author and moderators discuss a proposal.",
}


DECIDED = {
    "revise": (409, "This proposal cannot be revised any more."),
    "edit-and-approve": (409, "This proposal cannot be edited and approved."),
    "own": (409, "mary has approved this proposal already."),
    "decide": (409, "mary has approved this proposal already."),
    "rebase": (403, "mary has approved this proposal already."),
}
"""What is answered once the proposal is approved; to see it and to discuss it stay possible."""


def client_of(actor: str) -> Client:
    make = ACTORS[actor][0]
    return signed_in(make(), by="socialaccount" if actor == UNUSED else "") if make else Client()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("actor", ACTORS)
def test_cell(actor: str, door: str) -> None:
    whose = ACTORS[actor][1]
    proposal = propose_edit(make_paper(name="Vim"), author=whose(), year=2024)
    if door == "release":  # what nobody has claimed stays as it is
        Proposal.objects.filter(pk=proposal.pk).update(claimed_by=moderator("mary"))
    path, form, column = DOORS[door].path, DOORS[door].form, DOORS[door].column
    client = client_of(actor)
    signed = "_auth_user_id" in client.session

    status, text = ask(client, path.format(pk=proposal.pk), form or None)

    expected = MATRIX[actor][column]
    if expected == SIGN_IN:
        assert (status, signed) == (DONE, False)
    else:
        assert (status, signed) == (expected, True), text
    assert SENTENCES.get((actor, door), "") in text
    moved = Proposal.objects.get(pk=proposal.pk).version != 1
    assert moved == (expected == DONE and not column.startswith("discuss"))


@pytest.mark.parametrize("door", [name for name, door in DOORS.items() if door.column in DECIDED])
def test_what_is_decided_is_refused_and_says_by_whom(door: str) -> None:
    proposal = propose_edit(make_paper(name="Vim"), year=2024)
    approve(proposal=proposal, actor=moderator("mary"))
    path, form, column = DOORS[door].path, DOORS[door].form, DOORS[door].column
    client = signed_in(contributor() if column in OWN else moderator())

    status, text = ask(client, path.format(pk=proposal.pk), {**form, "version": "2"})

    assert (status, DECIDED[column][1] in text) == (DECIDED[column][0], True)
