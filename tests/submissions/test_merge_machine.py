"""Merge, edit, rename, undo and roll back in random order: references are always those of the ledger.

The model knows which entry each reference means. While that one is merged, the reference leads where the merges lead.
MACHINE_EXAMPLES sets how many runs there are (6; docs/review.md).
"""

import os
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper
from catalog.ledger import integrity
from catalog.ledger.publishing import merge
from catalog.ledger.trace import Trace
from catalog.models import Revision
from tests.factories import make_component, make_paper, make_revision
from tests.people import contributor, moderator, take_back, take_back_all

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "6"))
TARGETS, REFERRERS = 4, 3
numbers, referrers = st.integers(0, TARGETS - 1), st.integers(0, REFERRERS - 1)

RUNS = hypothesis.settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # shrinking takes minutes: the moves are printed as they were
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Change:
    """A merge, or the restoration of what was merged: the entry, and the one that it is or was merged into."""

    revision: Revision
    entry: int
    into: int
    is_merge: bool = True


@dataclass
class Model:
    """What each reference means, and what is merged into what."""

    one: list[int] = field(default_factory=list)
    many: list[set[int]] = field(default_factory=list)
    merged: dict[int, int] = field(default_factory=dict)

    def leads_to(self, number: int) -> int:
        while number in self.merged:
            number = self.merged[number]
        return number

    def shown(self, meant: set[int]) -> set[int]:
        return {self.leads_to(number) for number in meant}


class Merges(RuleBasedStateMachine):
    """Papers that are merged, components that refer to one of them, papers that refer to several."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model, self.changes = Model(), list[Change]()
        self.renamed = self.moderators = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def entries(self) -> None:
        self.targets = [make_paper(name=f"Target {number}").pk for number in range(TARGETS)]
        self.singles = [make_component(name=f"Part {n}", paper=f"target-{n}").pk for n in range(REFERRERS)]
        rows = [self.rows({number, number + 1}) for number in range(REFERRERS)]
        self.lists = [make_paper(name=f"Child {n}", origins=rows[n]).pk for n in range(REFERRERS)]
        self.model.one = list(range(REFERRERS))
        self.model.many = [{number, number + 1} for number in range(REFERRERS)]

    def rows(self, targets: set[int]) -> list[dict[str, Any]]:
        return [{"relation": "initialised-from", "paper": self.paper(number).slug} for number in sorted(targets)]

    def paper(self, number: int) -> Paper:
        paper: Paper = Paper.objects.with_references().get(pk=self.targets[number])
        return paper

    @rule(entry=numbers, into=numbers)
    def merge(self, entry: int, into: int) -> None:
        if entry != into and not {entry, into} & self.model.merged.keys():
            who = Trace(contributor("merger"), moderator("second"), comment="The same.")
            done = merge(entry=self.paper(entry), into=self.paper(into), trace=who)
            self.model.merged[entry] = into
            self.changes.append(Change(done, entry, into))

    @rule(which=referrers, to=numbers)
    def edit_a_reference(self, which: int, to: int) -> None:
        if to not in self.model.merged and to != self.model.leads_to(self.model.one[which]):
            part = Component.objects.with_references().get(pk=self.singles[which])
            make_revision("component", entry=part, paper=self.paper(to).slug)
            self.model.one[which] = to

    @rule(which=referrers, to=st.sets(numbers))
    def edit_a_list(self, which: int, to: set[int]) -> None:
        meant, to = self.model.many[which], to - self.model.merged.keys()
        shown = self.model.shown(meant)
        if to != shown:
            child = Paper.objects.with_references().get(pk=self.lists[which])
            make_revision("paper", entry=child, origins=self.rows(to))
            self.model.many[which] = {n for n in meant if self.model.leads_to(n) in to} | (to - shown)

    @rule(which=referrers, year=st.sampled_from([None, 2022, 2023]))
    def edit_something_else(self, which: int, year: int | None) -> None:
        child = Paper.objects.with_references().get(pk=self.lists[which])
        if child.year != year:
            make_revision("paper", entry=child, year=year)

    @rule(number=numbers)
    def rename(self, number: int) -> None:
        if number not in self.model.merged:
            self.renamed += 1
            make_revision("paper", entry=self.paper(number), slug=f"renamed-{self.renamed}")

    @rule(pick=st.integers(0, 20))
    def undo(self, pick: int) -> None:
        possible = [change for change in self.changes if self.is_last(change) and self.can_be_undone(change)]
        if possible:
            change = possible[pick % len(possible)]
            self.took_back(change, take_back(change.revision, self.another()))

    @rule(steps=st.integers(1, 4))
    def roll_back(self, steps: int) -> None:
        """Everything since the last few changes of one account goes back, or is reported."""
        own = [change for change in self.changes if change.revision.contributor == "merger"]
        since = own[-steps:][0].revision.at if own else timezone.now()
        outcomes = take_back_all(contributor("merger"), since, self.another())
        known = {change.revision.pk: change for change in own}
        for outcome in outcomes:
            if not outcome.error_message:
                self.took_back(known[outcome.subject.pk], outcome.result)

    def another(self) -> User:
        """A moderator who has undone nothing yet, since nobody undoes what took back a change of their own."""
        self.moderators += 1
        return moderator(f"moderator-{self.moderators}")

    def is_last(self, change: Change) -> bool:
        return Revision.objects.of("paper", self.targets[change.entry]).latest("number").pk == change.revision.pk

    def can_be_undone(self, change: Change) -> bool:
        """A restoration, only while what the entry would be merged into is another one."""
        return change.is_merge or self.model.leads_to(change.into) != change.entry

    def took_back(self, change: Change, revision: Revision) -> None:
        if revision.action == "restore":
            self.changes.append(Change(revision, change.entry, self.model.merged.pop(change.entry), is_merge=False))
        else:
            into = self.targets.index(revision.into_id or 0)
            self.model.merged[change.entry] = into
            self.changes.append(Change(revision, change.entry, into))

    @invariant()
    def references_are_those_of_the_model_and_of_the_ledger(self) -> None:
        if not self.model.one:
            return
        number = {pk: n for n, pk in enumerate(self.targets)}
        one = [number[Component.objects.get(pk=pk).paper_id or 0] for pk in self.singles]
        many = [{number[row.paper_id or 0] for row in Paper.objects.get(pk=pk).origins.all()} for pk in self.lists]
        assert one == [self.model.leads_to(meant) for meant in self.model.one]
        assert many == [self.model.shown(meant) for meant in self.model.many]
        assert list(integrity.find_errors()) == []


def test_merges_and_what_takes_them_back_leave_the_references_that_are_meant() -> None:
    run_state_machine_as_test(Merges, settings=RUNS)
