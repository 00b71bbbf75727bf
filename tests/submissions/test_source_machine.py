"""Random changes of every kind: a value only ever shows a source that somebody gave for that very value.

Each proposal, row of a source, direct edit and change made in review has a number of its own, and the model knows which
values each number was given for. MACHINE_EXAMPLES sets how many runs there are (6; docs/review.md).
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger import integrity
from catalog.ledger.blame import blame
from catalog.ledger.payloads import current_payload_of
from catalog.ledger.trace import brought_back
from catalog.models import Revision
from submissions.models import Proposal, ProposalAction
from submissions.review import ProposalReview
from submissions.rollbacks import Rollback
from submissions.workflow import (
    Conflict,
    Invalid,
    NewProposal,
    Target,
    WorkflowError,
    approve,
    edit_directly,
    rebase,
    request_changes,
    revise,
    roll_back,
    submit,
    undo,
)
from tests.people import admin, confirmed, contributor, moderator, submit_batch
from tests.submissions.api.conftest import by_token

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "6"))
RUNS = hypothesis.settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # shrinking takes minutes: the moves are printed as they were
    suppress_health_check=list(HealthCheck),
)
PAPER = KINDS["paper"]
PAPERS = 4

papers, picks = st.integers(0, PAPERS - 1), st.integers(0, 30)
values = st.fixed_dictionaries(
    {},
    optional={
        "year": st.sampled_from([None, 2022, 2023, 2024]),
        "title": st.sampled_from(["", "One", "Two"]),
        "aliases": st.lists(st.sampled_from(["A", "B", "C"]), unique=True, max_size=3),
        "origins": st.lists(papers, unique=True, max_size=2),
    },
)
fields = st.sets(st.sampled_from(["year", "title", "aliases", "origins"]))


@dataclass
class Given:
    """Which values each source was given for, by its number and the field."""

    values: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    edited: list[tuple[str, Any]] = field(default_factory=list)
    """The values that moderators gave in review, by field."""

    def new(self, payload: Mapping[str, Any]) -> int:
        self.values[len(self.values) + 1] = payload
        return len(self.values)


class Sources(RuleBasedStateMachine):
    """Papers whose fields are changed, with and without sources of their own, by everything that changes them."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        cache.clear()
        self.given, self.moderators, self.start = Given(), 0, None

    def teardown(self) -> None:
        assert list(integrity.find_errors()) == []
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def four_papers(self) -> None:
        self.pks = []
        for number in range(PAPERS):
            payload = {**PAPER.form.empty(), "name": f"Model {number}", "year": 2022, "aliases": ["A"]}
            one = submit(author=contributor(), proposed=self.proposed(payload, fields={"year", "aliases"}))
            self.approved(one)
            self.pks.append(Revision.objects.latest("pk").entry_id)

    # -- proposals
    def proposed(self, payload: dict[str, Any], entry: Paper | None = None, fields: Iterable[str] = ()) -> NewProposal:
        """A proposal with a source of its own, and with rows for some of its fields."""
        number = self.given.new(payload)
        return NewProposal(
            PAPER,
            ProposalAction.EDIT if entry else ProposalAction.CREATE,
            {**payload, "sources": [*payload["sources"], *self.rows(number, fields)]},
            Target.live(entry) if entry else None,
            source=f"given {number}",
        )

    def rows(self, number: int, fields: Iterable[str]) -> list[dict[str, str]]:
        return [
            {"field": key, "url": "", "note": f"given {number}", "confidence": "confirmed"} for key in sorted(fields)
        ]

    def paper(self, number: int) -> Paper | None:
        found: Paper | None = Paper.objects.with_references().filter(pk=self.pks[number]).first()
        return found

    def with_values(self, entry: Paper, new: Mapping[str, Any]) -> dict[str, Any]:
        """The payload of an entry with new values; its sources stay as they are, as in the form of an entry."""
        payload = {**PAPER.dump(entry), **new}
        if "origins" in new:
            slugs = [target.slug for number in new["origins"] if (target := self.paper(number)) and target != entry]
            payload["origins"] = [{"relation": "initialised-from", "paper": slug} for slug in sorted(slugs)]
        return payload

    @rule(number=papers, new=values, sourced=fields)
    def submit_edit(self, number: int, new: dict[str, Any], sourced: set[str]) -> None:
        if entry := self.paper(number):
            self.tried(
                submit, author=contributor(), proposed=self.proposed(self.with_values(entry, new), entry, sourced)
            )

    @rule(number=papers, new=values)
    def submit_edit_by_api(self, number: int, new: dict[str, Any]) -> None:
        """A merge patch, which says nothing of the sources that the entry has."""
        if (entry := self.paper(number)) and new:
            payload = self.with_values(entry, new)
            given = self.given.new(payload)
            body = {
                "kind": "paper",
                "action": "edit",
                "slug": entry.slug,
                "fields": {key: payload[key] for key in new},
                "source": f"given {given}",
            }
            answer = by_token(contributor()).send("POST", "/api/v1/proposals/", body)
            unchanged = {key: payload[key] for key in new}.items() <= PAPER.dump(entry).items()
            assert answer.status_code in ((409, 422) if unchanged else (201, 409)), answer.content

    @rule(numbers=st.sets(papers, min_size=1), new=values)
    def submit_a_batch(self, numbers: set[int], new: dict[str, Any]) -> None:
        found = [entry for number in sorted(numbers) if (entry := self.paper(number))]
        payloads = [self.with_values(entry, new) for entry in found]
        shared = {key: [value for payload in payloads for value in items(payload[key])] for key in PAPER.form.empty()}
        items_of_batch = [(PAPER, payload, Target.live(entry)) for entry, payload in zip(found, payloads, strict=True)]
        submit_batch(
            author=contributor(),
            name="Some",
            items=items_of_batch,
            source=f"given {self.given.new(shared)}",
            comment="",
        )

    @rule(pick=picks, new=values, sourced=fields)
    def revise(self, pick: int, new: dict[str, Any], sourced: set[str]) -> None:
        if one := self.picked(pick):
            entry = Paper.objects.with_references().filter(pk=one.target_id).first()
            if entry and new:
                self.tried(request_changes, proposal=one, actor=moderator(), reason="Why?")
                proposed = self.proposed(self.with_values(entry, new), entry, sourced)
                payload: Any = proposed.payload
                self.tried(
                    revise,
                    proposal=Proposal.objects.get(pk=one.pk),
                    actor=contributor(),
                    payload=payload,
                    source=proposed.source,
                    comment="",
                )

    def picked(self, pick: int) -> Proposal | None:
        pending = list(Proposal.objects.pending().filter(action=ProposalAction.EDIT).order_by("pk"))
        return pending[pick % len(pending)] if pending else None

    # -- decisions
    @rule(pick=picks)
    def approve(self, pick: int) -> None:
        if one := self.picked(pick):
            self.approved(one)

    def approved(self, one: Proposal) -> None:
        """Approve by as many moderators as it takes."""
        for name in ("hedy", "mary"):
            if Proposal.objects.pending().filter(pk=one.pk).exists():
                self.tried(approve, proposal=Proposal.objects.get(pk=one.pk), actor=moderator(name))

    @rule(pick=picks, some=fields)
    def approve_in_part(self, pick: int, some: set[str]) -> None:
        if one := self.picked(pick):
            self.tried(approve, proposal=one, actor=moderator(), fields=some | {"sources"} if len(some) == 1 else some)

    @rule(pick=picks, new=values, sourced=fields)
    def edit_and_approve(self, pick: int, new: dict[str, Any], sourced: set[str]) -> None:
        one = self.picked(pick)
        entry = Paper.objects.with_references().filter(pk=one.target_id or 0).first() if one else None
        if one is None or entry is None:
            return
        proposed = ProposalReview(one).rebased_payload  # as the form shows it
        payload = {**self.with_values(entry, new), "sources": proposed["sources"]}
        payload = {**proposed, **{key: payload[key] for key in new}}
        number = self.given.new(payload)
        payload["sources"] = [*payload["sources"], *self.rows(number, sourced & new.keys())]
        edited = [(key, payload[key]) for key in new]
        if self.tried(approve, proposal=one, actor=moderator(), payload=payload, base=entry.revision):
            self.given.edited += edited

    @rule(pick=picks)
    def rebase(self, pick: int) -> None:
        if one := self.picked(pick):
            self.tried(rebase, proposal=one, actor=moderator())

    @rule(number=papers, new=values, sourced=fields)
    def edit_directly(self, number: int, new: dict[str, Any], sourced: set[str]) -> None:
        if entry := self.paper(number):
            proposed = self.proposed(self.with_values(entry, new), entry, sourced)
            payload: Any = proposed.payload
            about = {"base": entry.revision, "source": proposed.source, "comment": ""}
            self.tried(edit_directly, entry=entry, actor=admin(), payload=payload, **about)

    # -- taking out, bringing back, taking back
    @rule(number=papers, action=st.sampled_from(["retire", "restore"]))
    def retire_or_restore(self, number: int, action: str) -> None:
        entry = self.paper(number)
        last = Revision.objects.of("paper", self.pks[number]).latest("number")
        if (action == "retire") == (entry is not None):
            target = Target.live(entry) if entry else Target.retired(last)
            self.ask(NewProposal(PAPER, action, None, target, comment="Because."))

    @rule(number=papers, into=papers)
    def merge(self, number: int, into: int) -> None:
        entry, other = self.paper(number), self.paper(into)
        if entry and other and entry != other:
            self.ask(NewProposal(PAPER, ProposalAction.MERGE, None, Target.live(entry), other, comment="The same."))

    def ask(self, proposed: NewProposal) -> None:
        """Propose what takes two moderators, and approve it."""
        if one := self.tried(submit, author=contributor(), proposed=proposed):
            self.approved(one)

    @rule(pick=picks)
    def undo(self, pick: int) -> None:
        revisions = list(Revision.objects.filter(part_of_id=None).order_by("-pk")[:10])
        done = self.tried(undo, revision=revisions[pick % len(revisions)], actor=self.another(), reason="Wrong.")
        if isinstance(done, Proposal):
            self.approved(done)

    @rule(steps=st.integers(1, 4))
    def roll_back(self, steps: int) -> None:
        ada = contributor()
        own = list(Revision.objects.filter(contributor=ada.username).order_by("-pk")[:steps])
        if own:
            about = {"account_id": ada.pk, "since": own[-1].at, "actor": self.another(), "reason": "Wrong."}
            done = self.tried(roll_back, **about)
            if isinstance(done, Rollback):
                self.tried(confirmed, done, actor=self.another())

    def another(self) -> User:
        """A moderator who has undone nothing yet, since nobody undoes what took back a change of their own."""
        self.moderators += 1
        return moderator(f"moderator-{self.moderators}")

    def tried(self, function: Any, *values: Any, **arguments: Any) -> Any:
        """What the function returns; None if the portal refuses it, as it does much that is put together at random."""
        try:
            with transaction.atomic():
                return function(*values, **arguments)
        except (Conflict, Invalid, WorkflowError):
            return None

    # -- what is always so
    @invariant()
    def every_source_was_given_for_its_value(self) -> None:
        for entry in Paper.objects.with_references():
            payload, history = PAPER.dump(entry), list(Revision.objects.of("paper", entry.pk))
            for row in payload["sources"]:
                present = items(payload[row["field"]])
                assert not present or any(self.was_given(row["field"], one, row["note"]) for one in present), row
            for value in blame(PAPER, history):
                notes = [given.row["note"] for given in value.sources]
                if value.given_by and not notes:
                    notes = [value.given_by.source]
                for note in notes:
                    if number := brought_back(note):  # an undo, of a reference to what was merged since
                        then = current_payload_of(history[number - 1]).get(value.field)
                        assert any(same(value.item, one) for one in items(then)), (value, note)
                    else:
                        assert self.was_given(value.field, value.item, note), (value, note)
                if value.in_review:
                    edited = [one for key, given in self.given.edited for one in items(given) if key == value.field]
                    assert any(same(value.item, one) for one in edited), value

    def was_given(self, key: str, item: Any, note: str) -> bool:
        """Whether the source says this value. Moved references mean what the ledger says they mean."""
        return any(same(item, one) for one in items(self.given.values[int(note.split()[1])].get(key)))


def items(value: Any) -> list[Any]:
    """The items of a list, or the value as the only one; none if it is empty."""
    return value if isinstance(value, list) else [value] if value not in (None, "") else []


def same(shown: Any, given: Any) -> bool:
    """Whether two values are the same; a reference is if it leads to the same entry, or was led there by merges."""
    if not isinstance(shown, dict):
        return bool(shown == given)
    return shown["relation"] == given["relation"] and shown["paper"] in leads_to(given["paper"])


def leads_to(slug: str) -> set[str]:
    """The slug, and those of the entries that an entry with that slug was merged into or took in, one after another."""
    found, former = {slug}, set[str]()
    while found != former:
        former = set(found)
        merges = Revision.objects.filter(kind="paper", action="merge")
        for merged in merges:
            pair = {merged.slug, *Revision.objects.of("paper", merged.into_id or 0).values_list("slug", flat=True)}
            found |= pair if pair & found else set()
    return found


def test_no_value_shows_a_source_that_was_not_given_for_it(settings: Any) -> None:
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (100_000, 600))
    run_state_machine_as_test(Sources, settings=RUNS)
