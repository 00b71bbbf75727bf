"""Random moves of random people over HTTP, compared with a model that knows nothing of the code.

MACHINE_EXAMPLES sets how many runs there are (6; docs/review.md).
"""

import os
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from catalog.kinds.paper.model import Paper
from catalog.ledger import integrity
from catalog.models import Revision
from submissions.management.commands.verify_ledger import find_proposal_errors
from submissions.models import Event, Proposal
from tests.people import admin, contributor, moderator, signed_in
from tests.submissions.http import DONE, NO_FACTOR, QUEUE, ask

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "6"))

CONTRIBUTORS, MODERATORS = ("ada", "bob"), ("hedy", "mary", "root")
PEOPLE = (*CONTRIBUTORS, *MODERATORS, "tim")  # tim is a moderator without a second factor
PAYLOAD, TWO, BASED = {"create", "edit"}, {"retire", "merge", "restore"}, {"edit", "retire", "merge"}

MOVES = hypothesis.settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # shrinking over HTTP takes minutes: the moves are printed as they were
    suppress_health_check=list(HealthCheck),
)

Content = tuple[int | None, str]
"""What the model knows of a payload: its year and its title."""


@dataclass
class Entry:
    """An entry as the model has it: the content of each revision, and whether it is live."""

    name: str
    history: list[Content]
    live: bool = True
    last: str = "create"
    locked: bool = False
    pk: int = 0
    merges: dict[int, "Entry"] = field(default_factory=dict)  # what it was merged into, by the number of the revision

    @property
    def now(self) -> Content:
        return self.history[-1]

    @property
    def number(self) -> int:
        return len(self.history)

    def append(self, action: str, content: Content | None = None, into: "Entry | None" = None) -> int:
        self.history.append(content or self.now)
        self.last, self.live = action, action not in ("retire", "merge")
        if into:
            self.merges[self.number] = into
        return self.number

    def leads_to(self) -> "Entry | None":
        """The live entry that this is, or that it was merged into, and so on."""
        if self.live or self.number not in self.merges:
            return self if self.live else None
        return self.merges[self.number].leads_to()


@dataclass
class Submitted:
    """A proposal as the model has it."""

    pk: int
    action: str
    author: str
    content: Content
    entry: Entry | None
    base: int | None
    into: Entry | None = None
    status: str = "pending"
    version: int = 1
    second: str = ""
    claimed: str = ""
    became: int = 0  # the number of the revision of `entry`
    undoes: "Submitted | None" = None
    events: list[str] = field(default_factory=lambda: ["submit"])

    @property
    def stale(self) -> bool:
        return self.entry is not None and self.entry.number != self.base


class Review(RuleBasedStateMachine):
    """Everything goes through the pages; what each should answer is worked out beforehand."""

    submitted = Bundle("submitted")
    entries = Bundle("entries")
    anybody = st.sampled_from(PEOPLE)
    years = st.sampled_from([None, 2022, 2023, 2024])
    titles = st.sampled_from(["", "One", "Two"])

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        cache.clear()
        people = [*map(contributor, CONTRIBUTORS), *map(moderator, MODERATORS[:2]), admin("root")]
        people.append(User.objects.create(username="tim", is_staff=True))
        self.users = {user.username: user for user in people}
        self.clients: dict[str, Client] = {name: signed_in(user) for name, user in self.users.items()}
        self.suspended: set[str] = set()
        self.all: list[Submitted] = []
        self.catalogue: list[Entry] = []
        self.undone: dict[int, str] = {}  # the ledger's id of an undoing -> whose change it took back

    def teardown(self) -> None:
        assert [*integrity.find_errors(), *find_proposal_errors()] == []
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # -- who may do what, according to the model
    def contributes(self, name: str) -> bool:
        return name not in self.suspended

    def moderates(self, name: str) -> bool:
        return name in MODERATORS and self.contributes(name)

    def door(self, name: str) -> int:
        """What the door of the admin answers to one who may not in."""
        return NO_FACTOR if name == "tim" and self.contributes(name) else 403

    def reaches(self, name: str, one: Submitted) -> bool:
        return name == one.author or self.moderates(name)

    def hidden(self, name: str) -> int:
        """What the page of a proposal answers to one who may not see it."""
        return NO_FACTOR if name == "tim" else 404

    def move(self, name: str, path: str, form: dict[str, Any], expected: int) -> bool:
        """Whether the move was made; it was if and only if the model says so."""
        status, text = ask(self.clients[name], path, form)
        assert (status, path) == (expected, path), text[:1500]
        assert status in (DONE, NO_FACTOR) or len(text) > 40
        return status == DONE

    # -- the author's side
    @initialize(target=entries)
    def an_entry(self) -> Any:
        return self.published("ada", "hedy", "First", (2022, ""))

    def published(self, author: str, by: str, name: str, content: Content) -> Entry:
        one = self.new(author, name, content)
        assert one is not None
        self.decide(by, "approve", one, one.version, DONE)
        self.settle(one, by)
        assert one.entry is not None
        return one.entry

    def new(self, name: str, title: str, content: Content) -> Submitted | None:
        form = {**form_of(content), "name": title, "source": "the paper", "submit": "1"}
        if not self.move(name, "/contribute/papers/", form, DONE if self.contributes(name) else 403):
            return None
        return self.add(Submitted(newest(), "create", name, content, None, None))

    def add(self, one: Submitted) -> Submitted:
        self.all.append(one)
        return one

    @rule(target=submitted, name=anybody, year=years, title=titles)
    def submit_new(self, name: str, year: int | None, title: str) -> Any:
        one = self.new(name, f"Model {len(self.all)}", (year, title))
        return one or multiple()

    @rule(target=submitted, name=anybody, entry=entries, year=years, title=titles)
    def submit_edit(self, name: str, entry: Entry, year: int | None, title: str) -> Any:
        content = (year, title)
        if not entry.live:
            expected = 404
        elif not self.contributes(name) or (entry.locked and not self.moderates(name)):
            expected = 403
        else:
            expected = 400 if content == entry.now else DONE
        known = self.same(name, "edit", entry, content)
        form = {**form_of(content), "name": entry.name, "base": entry.number, "source": "the paper", "submit": "1"}
        if not self.move(name, f"/papers/{slug(entry)}/edit/", form, expected) or known:
            return multiple()
        return self.add(Submitted(newest(), "edit", name, content, entry, entry.number))

    @rule(target=submitted, name=anybody, entry=entries, action=st.sampled_from(["retire", "flag", "restore"]))
    def submit_about(self, name: str, entry: Entry, action: str) -> Any:
        return self.about(name, entry, action, None)

    @rule(target=submitted, name=anybody, entry=entries, into_entry=entries)
    def submit_merge(self, name: str, entry: Entry, into_entry: Entry) -> Any:
        return self.about(name, entry, "merge", into_entry)

    def about(self, name: str, entry: Entry, action: str, into_entry: Entry | None) -> Any:
        there = entry.live if action != "restore" else not entry.live and entry.last == "retire"
        locked = entry.locked and action != "flag" and not self.moderates(name)
        if not there:
            expected = 404
        elif into_entry and not into_entry.live:
            expected = 400
        elif not self.contributes(name) or locked:
            expected = 403
        else:
            expected = 400 if into_entry is entry else DONE
        form = {"action": action, "into": into_entry.name if into_entry else "", "comment": "Because."}
        page = "retire" if action == "merge" else action
        known = self.same(name, action, entry, None, into_entry)
        if not self.move(name, f"/papers/{slug(entry)}/{page}/", form, expected) or known:
            return multiple()
        return self.add(Submitted(newest(), action, name, entry.now, entry, entry.number, into_entry))

    def same(
        self, name: str, action: str, entry: Entry, content: Content | None, into_entry: Entry | None = None
    ) -> bool:
        """Whether this person has the same thing open."""
        return any(
            (one.author, one.action, one.entry, one.into) == (name, action, entry, into_entry)
            and one.status in ("pending", "changes-requested")
            and content in (None, one.content)
            for one in self.all
        )

    @rule(name=anybody, one=submitted, year=years, title=titles)
    def revise(self, name: str, one: Submitted, year: int | None, title: str) -> None:
        content, entry = (year, title), one.entry
        open_ = one.status in ("pending", "changes-requested")
        if not self.reaches(name, one):
            expected = self.hidden(name)
        elif name == one.author and not self.contributes(name):
            expected = 403
        elif name != one.author or one.action not in PAYLOAD or not open_:
            expected = 409
        elif entry and entry.locked and not self.moderates(name):
            expected = 403
        elif entry and (not entry.live or content == entry.history[(one.base or 0) - 1]):
            expected = 400
        else:
            expected = DONE
        known = entry.name if entry else f"Model of {one.pk}"
        form = {**form_of(content), "name": known, "source": "the paper", "version": one.version, "submit": "1"}
        if self.move(name, f"/submissions/{one.pk}/revise/", form, expected):
            one.content, one.status = content, "pending"
            self.happened(one, "revise")

    @rule(name=anybody, one=submitted)
    def withdraw(self, name: str, one: Submitted) -> None:
        if not self.reaches(name, one):
            expected = self.hidden(name)
        elif name != one.author or not self.contributes(name):
            expected = 403
        else:
            expected = DONE if one.status in ("pending", "changes-requested") else 409
        if self.move(name, f"/submissions/{one.pk}/withdraw/", {"version": one.version}, expected):
            one.status = "withdrawn"
            self.happened(one, "withdraw")

    @rule(name=anybody, one=submitted)
    def comment(self, name: str, one: Submitted) -> None:
        expected = self.hidden(name) if not self.reaches(name, one) else DONE if self.contributes(name) else 403
        if self.move(name, f"/submissions/{one.pk}/comment/", {"text": "Which year?"}, expected):
            one.events.append("comment")

    def happened(self, one: Submitted, verb: str) -> None:
        one.claimed = one.claimed if verb == "rebase" else ""
        one.version += 1
        one.events.append(verb)

    # -- the moderator's side
    def decide(self, name: str, verb: str, one: Submitted, version: int, expected: int, /, **form: Any) -> bool:
        return self.move(name, f"{QUEUE}{one.pk}/{verb}/", {"version": version, "reason": "So.", **form}, expected)

    def may_decide(self, name: str, one: Submitted) -> int:
        """What a decision meets before anything of the catalogue is looked at."""
        if not self.moderates(name):
            return self.door(name)
        if name == one.author:
            return 403
        return DONE if one.status == "pending" else 409

    @rule(name=anybody, one=submitted, verb=st.sampled_from(["request-changes", "reject"]))
    def send_back_or_reject(self, name: str, one: Submitted, verb: str) -> None:
        expected = self.may_decide(name, one)
        if expected == DONE and verb == "request-changes" and one.action not in PAYLOAD:
            expected = 409
        if self.decide(name, verb, one, one.version, expected):
            one.status = {"request-changes": "changes-requested", "reject": "rejected"}[verb]
            self.happened(one, verb)

    @rule(name=anybody, one=submitted, verb=st.sampled_from(["claim", "release"]))
    def claim_or_release(self, name: str, one: Submitted, verb: str) -> None:
        claimed = name if verb == "claim" else ""
        if self.decide(name, verb, one, one.version, self.may_decide(name, one)) and one.claimed != claimed:
            self.happened(one, verb)
            one.claimed = claimed

    @rule(
        name=st.sampled_from(MODERATORS), one=submitted, verb=st.sampled_from(["approve", "reject", "claim", "rebase"])
    )
    def with_an_old_version(self, name: str, one: Submitted, verb: str) -> None:
        closed = 403 if verb == "rebase" else 409
        expected = self.may_decide(name, one)
        expected = closed if expected in (DONE, 409) else expected
        if verb == "rebase":
            expected = self.rebase_answer(name, one)
            expected = 409 if expected == DONE else expected
        self.decide(name, verb, one, one.version - 1, expected)

    @rule(target=entries, name=anybody, one=submitted)
    def approve(self, name: str, one: Submitted) -> Any:
        expected = self.may_decide(name, one)
        if expected == DONE and one.second == name:
            expected = 403
        agrees = expected == DONE and self.needs_a_second(one)
        if expected == DONE and not agrees:
            expected = self.catalogue_says(one)
        if not self.decide(name, "approve", one, one.version, expected):
            return multiple()
        if agrees:
            one.second = name
            self.happened(one, "second")
            return multiple()
        return self.settle(one, name)

    def needs_a_second(self, one: Submitted) -> bool:
        agreed = one.second and self.moderates(one.second)
        return one.action in TWO and not agreed and not self.moderates(one.author)

    def catalogue_says(self, one: Submitted) -> int:
        entry = one.entry
        if entry is None or one.action == "flag":
            return DONE
        if one.action == "restore":
            return 409 if entry.live or one.stale else DONE
        if not entry.live or one.stale or (one.into and not one.into.live):
            return 409
        return 409 if one.action == "edit" and one.content == entry.now else DONE

    def settle(self, one: Submitted, name: str, content: Content | None = None) -> Any:
        """What an approval makes of the model."""
        one.status = "approved"
        self.happened(one, "approve")
        if one.action == "create":
            row = Paper.objects.get(pk=Revision.objects.latest("pk").entry_id)
            one.entry = Entry(row.name, [content or one.content], pk=row.pk)
            one.became = 1
            self.catalogue.append(one.entry)
            return one.entry
        if one.entry and one.action != "flag":
            changed = (content or one.content) if one.action == "edit" else None
            one.became = one.entry.append(one.action, changed, one.into)
            if one.undoes:
                one.undoes.events.append("undo")
                self.undone[Revision.objects.of("paper", one.entry.pk).latest("number").pk] = one.undoes.author
        return multiple()

    @rule(name=anybody, one=submitted, which=st.sampled_from(["year", "title"]))
    def approve_a_part(self, name: str, one: Submitted, which: str) -> None:
        expected = self.may_decide(name, one)
        if one.action in TWO or one.action in ("flag", "restore"):
            return  # nothing to pick from: the page has no such button
        content: Content = one.content
        if expected == DONE and one.action == "create":
            expected = 400
        elif expected == DONE and one.entry:
            now = one.entry.now
            content = (one.content[0], now[1]) if which == "year" else (now[0], one.content[1])
            retired = not one.entry.live or one.stale
            expected = 409 if retired else 400 if content == now else DONE
        if self.decide(name, "approve", one, one.version, expected, partly="1", fields=which):
            self.settle(one, name, content)

    @rule(target=entries, name=anybody, one=submitted, year=years)
    def edit_and_approve(self, name: str, one: Submitted, year: int | None) -> Any:
        expected = self.may_decide(name, one)
        if self.moderates(name) and (expected != DONE or one.action not in PAYLOAD):
            expected = 409
        entry, content = one.entry, (year, "Edited")
        if expected == DONE and one.action == "edit" and entry and (not entry.live or content == entry.now):
            expected = 409
        form = {**form_of(content), "name": entry.name if entry else f"Model of {one.pk}", "submit": "1"}
        form |= {"base": entry.number} if entry else {}
        if not self.decide(name, "edit", one, one.version, expected, **form):
            return multiple()
        return self.settle(one, name, content)

    def rebase_answer(self, name: str, one: Submitted) -> int:
        if not self.moderates(name):
            return self.door(name)
        open_ = one.status in ("pending", "changes-requested")
        revises = name == one.author and one.action in PAYLOAD and open_
        if not revises and (name == one.author or one.status != "pending"):
            return 403
        if one.action not in BASED or one.entry is None or not one.entry.live or not one.stale:
            return 409
        return 409 if one.action == "edit" and self.joined(one) is None else DONE

    def joined(self, one: Submitted) -> Content | None:
        assert one.entry is not None
        base, live = one.entry.history[(one.base or 0) - 1], one.entry.now
        fields = [
            mine if now == old else now if mine in (old, now) else False
            for old, mine, now in zip(base, one.content, live, strict=True)
        ]
        return None if False in fields else (fields[0], fields[1])  # type: ignore[return-value]

    @rule(name=anybody, one=submitted)
    def rebase(self, name: str, one: Submitted) -> None:
        expected = self.rebase_answer(name, one)
        if self.decide(name, "rebase", one, one.version, expected) and one.entry:
            one.content = (self.joined(one) or one.content) if one.action == "edit" else one.content
            one.base, one.second = one.entry.number, ""
            self.happened(one, "rebase")

    # -- what moderators do to entries
    @rule(target=submitted, name=anybody, one=submitted)
    def undo(self, name: str, one: Submitted) -> Any:
        """An edit goes back at once; to take an entry out or bring it back, another moderator has to approve."""
        if not one.became or one.entry is None:
            return multiple()
        entry = one.entry
        revision = Revision.objects.of("paper", entry.pk).get(number=one.became)
        before = Revision.objects.count()
        action, content, into = self.taken_back(one, revision.action)
        if not self.moderates(name):
            expected = self.door(name)
        elif self.undone.get(revision.pk) == name:
            expected = 403
        else:
            known = action in TWO and self.same(name, action, entry, None, into)
            expected = DONE if action and not known else 409
        made = self.move(name, f"{QUEUE}undo/{revision.pk}/", {"reason": "Wrong."}, expected)
        assert Revision.objects.count() == before + (made and action == "edit")
        if made and action in TWO:
            return self.add(Submitted(newest(), action, name, entry.now, entry, entry.number, into, undoes=one))
        if made:
            entry.append("edit", content)
            one.events.append("undo")
            self.undone[Revision.objects.latest("pk").pk] = one.author
        return multiple()

    def taken_back(self, one: Submitted, action: str) -> tuple[str, Content | None, Entry | None]:
        """What undoing would do: its action (none if it is not possible), the content of an edit, the merge target."""
        entry, number = one.entry, one.became
        assert entry is not None
        nothing, after = ("", None, None), entry.history[number - 1]
        if action in ("retire", "merge"):
            return nothing if entry.live or entry.number != number else ("restore", None, None)
        if not entry.live or (action in ("create", "restore") and entry.now != after):
            return nothing
        if action in ("create", "restore"):
            if number - 1 not in entry.merges:
                return "retire", None, None
            into = entry.merges[number - 1].leads_to()
            return nothing if into in (None, entry) else ("merge", None, into)
        former = entry.history[number - 2]
        rows = list(zip(former, after, entry.now, strict=True))
        if any(old != new and now not in (old, new) for old, new, now in rows):
            return nothing
        content: Any = tuple(old if old != new else now for old, new, now in rows)
        return nothing if content == entry.now else ("edit", content, None)

    @rule(name=anybody, pick=st.integers(0, 20))
    def undo_an_undoing(self, name: str, pick: int) -> None:
        """Nobody brings back a change of their own: the ledger stays as it is."""
        own = [pk for pk, author in self.undone.items() if author == name]
        if own and self.moderates(name):
            before = Revision.objects.count()
            self.move(name, f"{QUEUE}undo/{own[pick % len(own)]}/", {"reason": "It was right."}, 403)
            assert Revision.objects.count() == before

    @rule(name=anybody, entry=entries, form=st.sampled_from([{"reason": "An edit war."}, {"unlock": "1"}]))
    def lock(self, name: str, entry: Entry, form: dict[str, str]) -> None:
        expected = (DONE if entry.live else 404) if self.moderates(name) else self.door(name)
        if self.move(name, f"/admin/catalog/paper/{entry.pk}/lock/", form, expected):
            entry.locked = "unlock" not in form

    @rule(name=st.sampled_from(PEOPLE))
    def suspend_or_lift(self, name: str) -> None:
        user = User.objects.get(pk=self.users[name].pk)
        if name in self.suspended:
            user.lift_suspension()
            self.suspended.discard(name)
        elif len(self.suspended) < 2:
            user.suspend(because="A test.")
            self.suspended.add(name)

    # -- what is always so
    @invariant()
    def every_proposal_is_as_the_model_says(self) -> None:
        rows = {row.pk: row for row in Proposal.objects.select_related("seconded_by", "claimed_by")}
        events: dict[int, list[str]] = {}
        for pk, verb in Event.objects.values_list("proposal_id", "verb"):
            events.setdefault(pk, []).append(verb)
        for one in self.all:
            row = rows.pop(one.pk)
            second = row.seconded_by.username if row.seconded_by else ""
            claimed = row.claimed_by.username if row.claimed_by else ""
            actual = (row.status, row.version, row.base, second, claimed, bool(row.revision_id), events[one.pk])
            became = one.status == "approved" and one.action != "flag"
            assert actual == (one.status, one.version, one.base, one.second, one.claimed, became, one.events), one
        assert rows == {}

    @invariant()
    def every_entry_is_as_the_model_says(self) -> None:
        live = {row.pk: (row.revision, (row.year, row.title)) for row in Paper.objects.all()}
        assert live == {entry.pk: (entry.number, entry.now) for entry in self.catalogue if entry.live}
        assert Revision.objects.count() == sum(entry.number for entry in self.catalogue)


def form_of(content: Content) -> dict[str, Any]:
    year, title = content
    return {"year": "" if year is None else str(year), "title": title}


def slug(entry: Entry) -> str:
    return entry.name.lower().replace(" ", "-")


def newest() -> int:
    return Proposal.objects.latest("pk").pk


def test_whatever_people_do_the_portal_does_what_the_model_says(settings: Any) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (100_000, 600))
    run_state_machine_as_test(Review, settings=MOVES)
