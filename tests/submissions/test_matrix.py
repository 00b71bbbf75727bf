"""Who may do what to a proposal over HTTP: every cell, with the sentence that goes with a refusal."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from submissions.models import Proposal
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


ACTORS: dict[str, tuple[Callable[[], User] | None, Callable[[], User]]] = {
    # who asks, and whose the proposal is
    "anonymous": (None, contributor),
    "other contributor": (lambda: contributor("bob"), contributor),
    "author": (contributor, contributor),
    "suspended author": (lambda: suspended(contributor()), contributor),
    "suspended moderator": (lambda: suspended(moderator()), contributor),
    "moderator without a second factor": (without_factor, contributor),
    "moderator": (moderator, contributor),
    "author-moderator": (moderator, moderator),
    "author-admin": (admin, admin),
    "admin": (admin, contributor),
}

VERBS: dict[str, tuple[str, dict[str, str]]] = {
    "see": ("/submissions/{pk}/", {}),
    "revise": (
        "/submissions/{pk}/revise/",
        {"name": "Vim", "year": "2020", "source": "the paper", "version": "1", "submit": "1"},
    ),
    "withdraw": ("/submissions/{pk}/withdraw/", {"version": "1"}),
    "comment": ("/submissions/{pk}/comment/", {"text": "Which year?"}),
    "review": (QUEUE + "{pk}/change/", {}),
    "claim": (QUEUE + "{pk}/claim/", {"version": "1"}),
    "release": (QUEUE + "{pk}/release/", {"version": "1"}),
    "request-changes": (QUEUE + "{pk}/request-changes/", {"version": "1", "reason": "The year?"}),
    "reject": (QUEUE + "{pk}/reject/", {"version": "1", "reason": "No."}),
    "approve": (QUEUE + "{pk}/approve/", {"version": "1"}),
    "edit-and-approve": (
        QUEUE + "{pk}/edit/",
        {"name": "Vim", "year": "2021", "base": "1", "version": "1", "submit": "1"},
    ),
    "discuss": (QUEUE + "{pk}/comment/", {"reason": "Which year?"}),
}

OWN = ("see", "revise", "withdraw", "comment")
DECISIONS = ("review", "claim", "release", "request-changes", "reject", "approve", "edit-and-approve", "discuss")


def row(own: tuple[int, int, int, int], decisions: int, **others: int) -> dict[str, int]:
    return {**dict(zip(OWN, own, strict=True)), **dict.fromkeys(DECISIONS, decisions), **others}


MATRIX: dict[str, dict[str, int]] = {
    "anonymous": row((SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN), SIGN_IN),
    "other contributor": row((404, 404, 404, 404), 403),
    "author": row((200, DONE, DONE, DONE), 403),
    "suspended author": row((200, 403, 403, 403), 403),
    "suspended moderator": row((404, 404, 404, 404), 403),
    "moderator without a second factor": row((404, 404, 404, 404), NO_FACTOR),
    "moderator": row((200, 409, 403, DONE), DONE, review=200),
    "author-moderator": row((200, DONE, DONE, DONE), 403, review=200, discuss=DONE, **{"edit-and-approve": 409}),
    "author-admin": row((200, DONE, DONE, DONE), 403, review=200, discuss=DONE, **{"edit-and-approve": 409}),
    "admin": row((200, 409, 403, DONE), DONE, review=200),
}

SENTENCES = {
    ("moderator", "withdraw"): "Only its author can withdraw a proposal.",
    ("author-moderator", "approve"): "Nobody decides on their own proposal.",
    ("author-admin", "approve"): "Nobody decides on their own proposal.",
    ("author-admin", "reject"): "Nobody decides on their own proposal.",
    ("author-moderator", "edit-and-approve"): "This proposal cannot be edited and approved.",
    ("moderator", "revise"): "This proposal cannot be revised any more.",
    ("suspended author", "revise"): "You cannot propose changes with this account.",
    ("suspended author", "withdraw"): "You cannot do this with this account.",
    ("suspended author", "comment"): "Only its author and moderators discuss a proposal.",
}


def client_of(make: Callable[[], User] | None) -> Client:
    return signed_in(make()) if make else Client()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("actor", ACTORS)
def test_cell(actor: str, verb: str) -> None:
    who, whose = ACTORS[actor]
    proposal = propose_edit(make_paper(name="Vim"), author=whose(), year=2024)
    path, form = VERBS[verb]
    client = client_of(who)
    signed = "_auth_user_id" in client.session

    status, words = ask(client, path.format(pk=proposal.pk), form or None)

    expected = MATRIX[actor][verb]
    if expected == SIGN_IN:
        assert (status, signed) == (DONE, False)
    else:
        assert (status, signed) == (expected, True), words
    assert SENTENCES.get((actor, verb), "") in words
    moved = Proposal.objects.get(pk=proposal.pk).version != 1
    assert moved == (expected == DONE and verb not in ("see", "review", "comment", "discuss"))


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("see", "comment", "review", "discuss")])
def test_what_is_decided_answers_409_and_says_by_whom(verb: str) -> None:
    proposal = propose_edit(make_paper(name="Vim"), year=2024)
    approve(proposal=proposal, actor=moderator("mary"))
    path, form = VERBS[verb]
    client = signed_in(contributor() if verb in OWN else moderator())

    status, words = ask(client, path.format(pk=proposal.pk), {**form, "version": "2"})

    told = {
        "revise": "This proposal cannot be revised any more.",
        "edit-and-approve": "This proposal cannot be edited and approved.",
    }
    assert (status, told.get(verb, "mary has approved this proposal already.") in words) == (409, True)
