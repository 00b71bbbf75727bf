"""Random proposals with and without additions: what a published result names is always listed by its owner, and each
name was added by one edit of it. MACHINE_EXAMPLES sets how many runs there are (6)."""

import contextlib
import os
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog.kinds import KINDS, listing_kind
from catalog.kinds.result.model import Result
from catalog.ledger import integrity
from catalog.models import Revision
from submissions.models import Proposal, ProposalAction
from submissions.workflow import NewProposal, Target, WorkflowError, approve, rebase, revise, submit, undo, withdraw
from tests.factories import make_benchmark, make_paper
from tests.people import contributor, moderator

pytestmark = pytest.mark.django_db
RUNS = hypothesis.settings(
    max_examples=int(os.environ.get("MACHINE_EXAMPLES", "6")),
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # shrinking takes minutes: the moves are printed as they were
    suppress_health_check=list(HealthCheck),
)
KIND = KINDS["result"]
SOURCE = "https://example.org/report"
NAMES = st.sampled_from(["val", "Val", "test", "test-mini", "TestMini", "dev", ""])
BENCHMARKS = st.sampled_from(["one", "two"])
TICKS = st.sampled_from([(), ("split",), ("part",), ("split", "part")])
FIELDS = st.sets(st.sampled_from(["split", "part", "notes"]), min_size=1)
PICK = st.integers(0, 10**6)


def additions(split: str, part: str, ticks: tuple[str, ...]) -> dict[str, Any]:
    """What a form would send for these names and ticks."""
    return {key: {"name": name} for key, name in (("split", split), ("part", part)) if key in ticks and name}


class Names(RuleBasedStateMachine):
    """People propose, revise, rebase, approve, withdraw and undo, in a transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        cache.clear()
        self.value = 0

    def teardown(self) -> None:
        assert list(integrity.find_errors()) == []
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def a_model_and_two_benchmarks(self) -> None:
        make_paper(name="Model")
        for name in ("One", "Two"):
            make_benchmark(name=name, splits=[{"name": "val"}], parts=[{"name": "dev"}])

    def payload(self, **fields: Any) -> dict[str, Any]:
        self.value += 1
        about = {"paper": "model", "metric": "accuracy", "value": str(self.value), "notes": str(self.value)}
        return {**KIND.form.empty(), **about, **fields}

    def one_of(self, rows: Any, pick: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def attempt(self, action: Any) -> None:
        """Do what the portal may refuse, as it does much that is put together at random."""
        with contextlib.suppress(WorkflowError), transaction.atomic():
            action()

    @rule(benchmark=BENCHMARKS, split=NAMES, part=NAMES, ticks=TICKS)
    def propose(self, benchmark: str, split: str, part: str, ticks: tuple[str, ...]) -> None:
        payload = self.payload(benchmark=benchmark, split=split, part=part)
        new = NewProposal(KIND, ProposalAction.CREATE, payload, source=SOURCE, additions=additions(split, part, ticks))
        self.attempt(lambda: submit(author=contributor(), proposed=new))

    @rule(pick=PICK, benchmark=BENCHMARKS, split=NAMES, part=NAMES, ticks=TICKS)
    def propose_edit(self, pick: int, benchmark: str, split: str, part: str, ticks: tuple[str, ...]) -> None:
        live = self.one_of(Result.objects.with_references(), pick)
        if live is None:
            return
        payload = {**KIND.dump(live), "benchmark": benchmark, "split": split, "part": part, "notes": str(pick)}
        edit = NewProposal(
            KIND,
            ProposalAction.EDIT,
            payload,
            Target.live(live),
            source=SOURCE,
            additions=additions(split, part, ticks),
        )
        self.attempt(lambda: submit(author=contributor(), proposed=edit))

    @rule(pick=PICK, split=NAMES, ticks=st.none() | TICKS)
    def revise(self, pick: int, split: str, ticks: tuple[str, ...] | None) -> None:
        proposal = self.one_of(Proposal.objects.open(), pick)
        if proposal is None:
            return
        given = None if ticks is None else additions(split, proposal.payload["part"], ticks)
        payload = {**proposal.payload, "split": split}
        author = contributor()
        self.attempt(
            lambda: revise(proposal=proposal, actor=author, payload=payload, source=SOURCE, comment="", additions=given)
        )

    @rule(pick=PICK)
    def approve(self, pick: int) -> None:
        if proposal := self.one_of(Proposal.objects.pending(), pick):
            self.attempt(lambda: approve(proposal=proposal, actor=moderator()))

    @rule(pick=PICK, fields=FIELDS)
    def approve_a_part(self, pick: int, fields: set[str]) -> None:
        if proposal := self.one_of(Proposal.objects.pending().filter(action="edit"), pick):
            self.attempt(lambda: approve(proposal=proposal, actor=moderator(), fields=fields))

    @rule(pick=PICK, split=NAMES, benchmark=BENCHMARKS)
    def edit_and_approve(self, pick: int, split: str, benchmark: str) -> None:
        if proposal := self.one_of(Proposal.objects.pending().filter(action="create"), pick):
            payload = {**proposal.payload, "split": split, "benchmark": benchmark}
            self.attempt(lambda: approve(proposal=proposal, actor=moderator(), payload=payload))

    @rule(pick=PICK)
    def rebase(self, pick: int) -> None:
        if proposal := self.one_of(Proposal.objects.pending(), pick):
            self.attempt(lambda: rebase(proposal=proposal, actor=moderator()))

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        if proposal := self.one_of(Proposal.objects.open(), pick):
            self.attempt(lambda: withdraw(proposal=proposal, actor=contributor()))

    @rule(pick=PICK)
    def undo_a_result(self, pick: int) -> None:
        if revision := self.one_of(Revision.objects.filter(kind="result", action="edit"), pick):
            self.attempt(lambda: undo(revision=revision, actor=moderator(), reason="Wrong."))

    @invariant()
    def all_names_are_listed(self) -> None:
        for result in Result.objects.with_references():
            for key, listed in KIND.form.listed.items():
                name, rows = getattr(result, key), listed.rows_of(getattr(result, listed.owner))
                assert not name or not rows or name in [row["name"] for row in rows], (key, name, rows)

    @invariant()
    def each_name_is_listed_once(self) -> None:
        for key, listed in KIND.form.listed.items():
            for owner in listing_kind(KIND, key).model.objects.all():
                names = [row["name"].casefold() for row in getattr(owner, listed.rows)]
                assert len(names) == len(set(names)), (key, names)


def test_a_result_never_names_what_its_owner_does_not_list() -> None:
    run_state_machine_as_test(Names, settings=RUNS)
