"""People for tests: contributors, moderators (with a second factor), admins; and their proposals."""

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from catalog.kinds import KINDS, Kind
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from submissions.models import Batch, Proposal, ProposalAction
from submissions.rollbacks import Rollback
from submissions.verbs.definitions import Verb
from submissions.workflow import (
    Chosen,
    NewProposal,
    Outcome,
    Target,
    approve,
    confirm_rollback,
    decide_many,
    decided_rows,
    outcomes_of,
    roll_back,
    submit,
    submit_proposals,
    undo,
)
from tests.background_work import run_tasks


def person(name: str, **fields: Any) -> User:
    """An account by that name; staff gets a second factor."""
    user, created = User.objects.get_or_create(username=name, defaults=fields)
    if created and (user.is_staff or user.is_superuser):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def contributor(name: str = "ada") -> User:
    return person(name)


def moderator(name: str = "hedy") -> User:
    return person(name, is_staff=True)


def admin(name: str = "root") -> User:
    return person(name, is_staff=True, is_superuser=True)


def signed_in(user: User, by: str = "") -> Client:
    """A browser in which that person is signed in; see log_in() for `by`."""
    client = Client()
    log_in(client, user, by=by)
    return client


def log_in(client: Client, user: User, *, minutes_ago: float = 0, by: str = "") -> None:
    """Sign in, by the second factor if the person has one, else by the password, unless another method is given.

    The methods are those of allauth's records: "mfa", "password", "socialaccount".
    """
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session: Any = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    method = by or ("mfa" if User.objects.get(pk=user.pk).has_second_factor else "password")
    session["account_authentication_methods"] = [{"method": method, "at": time.time() - minutes_ago * 60}]
    session.save()


def propose(kind: str = "paper", author: User | None = None, **fields: Any) -> Proposal:
    """A pending proposal of a new entry."""
    return submit(author=author or contributor(), proposed=new_entry(kind, **fields))


def new_entry(kind: str = "paper", **fields: Any) -> NewProposal:
    """A proposal of a new entry that is not submitted yet."""
    payload = {"name": f"A {kind}", **fields}
    return NewProposal(KINDS[kind], ProposalAction.CREATE, payload, source="https://example.org/report")


def propose_edit(entry: Entry, author: User | None = None, base: int | None = None, **fields: Any) -> Proposal:
    """A pending proposal that changes `fields` of an entry."""
    kind = KINDS[entry.kind]
    live = kind.model.objects.with_references().get(pk=entry.pk)
    return submit(
        author=author or contributor(),
        proposed=NewProposal(
            kind=kind,
            action=ProposalAction.EDIT,
            payload={**kind.dump(live), **fields},
            target=Target.live(live, base),
            source="https://arxiv.org/abs/2301.12597",
        ),
    )


def decide_each(verb: Verb, proposals: Iterable[Proposal], actor: User, message: str = "") -> list[Outcome]:
    """One decision on many proposals, and what became of each."""
    chosen = [Chosen(proposal, verb, message) for proposal in proposals]
    return [outcome for _, outcome in decided_rows(decide_many(actor=actor, chosen=chosen))]


def submit_batch(
    *,
    author: User,
    name: str,
    items: Iterable[tuple[Kind, dict[str, Any], Target | None]],
    source: str,
    comment: str = "",
) -> tuple[Batch, list[Outcome]]:
    """A batch of new entries, and of edits of those that have a target."""
    proposed = [
        NewProposal(
            *(kind, ProposalAction.EDIT if target else ProposalAction.CREATE, payload, target),
            source=source,
            comment=comment,
        )
        for kind, payload, target in items
    ]
    batch, outcomes = submit_proposals(author=author, name=name, items=proposed)
    return batch or Batch(name=name, author=author), outcomes


def spam(count: int, author: User | None = None) -> list[Revision]:
    """New papers of one account, approved by a moderator: a rollback of them takes two."""
    who = Trace(author or contributor("bob"), moderator("approver"))
    return [publish(kind=KINDS["paper"], payload={"name": f"Spam {n}"}, trace=who) for n in range(count)]


def take_back(revision: Revision, actor: User | None = None, reason: str = "Wrong.") -> Revision:
    """Undo a revision; where that takes two moderators, the second one approves it."""
    done = undo(revision=revision, actor=actor or moderator(), reason=reason)
    if isinstance(done, Revision):
        return done
    approved = approve(proposal=done, actor=moderator("second"))
    return Revision.objects.get(pk=approved.revision_id or 0)


def take_back_all(account: User, since: datetime, actor: User | None = None, reason: str = "Wrong.") -> list[Outcome]:
    """Roll back an account; where that takes two moderators, the second one confirms it."""
    done = roll_back(account_id=account.pk, since=since, actor=actor or moderator(), reason=reason)
    return done if isinstance(done, list) else confirmed(done)


def confirmed(rollback: Rollback, actor: User | None = None) -> list[Outcome]:
    """Confirm a rollback as the second moderator, and carry it out as the worker does."""
    confirm_rollback(rollback=rollback, actor=actor or moderator("second"))
    run_tasks()
    return outcomes_of(Rollback.objects.get(pk=rollback.pk))
