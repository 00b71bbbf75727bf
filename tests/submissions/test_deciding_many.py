"""A decision on many proposals is carried out to its end, wherever it is cut off, and on each proposal once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog.kinds.paper.model import Paper
from submissions.bulk_decisions import BulkDecision, BulkDecisionRow
from submissions.models import Event, Proposal
from submissions.verbs import APPROVE, CLAIM, REJECT
from submissions.workflow import (
    Chosen,
    Conflict,
    Invalid,
    NotAllowed,
    continue_decision,
    decide_many,
    decided_rows,
    deciding_many,
    progress_of_decision,
)
from submissions.workflow.deciding_many import carry_out_decision, decide_here, take_up_decisions
from submissions.workflow.transitions import perform
from tests.at_once import at_once
from tests.background_work import run_tasks, waiting
from tests.people import contributor, decide_each, moderator, propose


class Killed(BaseException):
    """What ends a process ends the transaction, too."""


def some(many: int = 5) -> list[Proposal]:
    return [propose(name=f"Model {n}") for n in range(many)]


def decide(proposals: list[Proposal], actor: User | None = None) -> BulkDecision:
    return decide_many(actor=actor or moderator(), chosen=[Chosen(one, APPROVE) for one in proposals])


def fresh(decision: BulkDecision) -> BulkDecision:
    return BulkDecision.objects.select_related("actor").get(pk=decision.pk)


def approved_once(decision: BulkDecision, many: int) -> bool:
    """Whether it is finished, and each of so many proposals was approved once, by who decided."""
    events = Event.objects.filter(verb="approve", actor=decision.actor)
    return (
        fresh(decision).finished_at is not None
        and Paper.objects.count() == events.count() == many
        and Proposal.objects.filter(status="approved", decided_by=decision.actor).count() == many
        and not decision.rows.refused().exists()
    )


def left_to_the_worker() -> list[tuple[str, list[object]]]:
    """The tasks that wait, but for emails."""
    return [(name, arguments) for name, arguments in waiting() if name != "send_email"]


def failing_at(name: str, error: BaseException) -> Callable[..., Any]:
    """`perform`, but that it raises after a proposal of that name was decided."""

    def perform_or_fail(verb: Any, *, proposal: Proposal, **rest: Any) -> Proposal:
        result = perform(verb, proposal=proposal, **rest)
        if proposal.name == name:
            raise error
        return result

    return perform_or_fail


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """One proposal is decided in the request, the others by tasks, two at a time."""
    monkeypatch.setattr(deciding_many, "SECONDS_HERE", -1)
    monkeypatch.setattr(deciding_many, "CHUNK_SIZE", 2)


@pytest.mark.django_db
class TestDecideMany:
    def test_a_few_are_decided_at_once(self) -> None:
        decision = decide(some(3))

        assert approved_once(decision, 3)
        assert left_to_the_worker() == []

    @pytest.mark.usefixtures("later")
    def test_many_are_left_to_the_worker_which_goes_on_to_the_end(self) -> None:
        decision = decide(some(6))
        before = (Paper.objects.count(), left_to_the_worker())

        tasks = [name for name in run_tasks() if name != "send_email"]

        assert before == (1, [("carry_out_decision", [decision.pk])])
        assert tasks == ["carry_out_decision"] * 3
        assert approved_once(decision, 6)

    def test_each_has_its_own_verb_and_message(self) -> None:
        first, second = some(2)

        decision = decide_many(
            actor=moderator(), chosen=[Chosen(first, APPROVE), Chosen(second, REJECT, " Not a model. ")]
        )

        assert [(verb.name, outcome.result.status) for verb, outcome in decided_rows(decision)] == [
            ("approve", "approved"),
            ("reject", "rejected"),
        ]
        assert Proposal.objects.get(pk=second.pk).decision == "Not a model."

    def test_what_is_refused_is_told_and_keeps_no_other(self) -> None:
        fine, outdated, own = *some(2), propose(name="Own", author=moderator())
        Proposal.objects.filter(pk=outdated.pk).update(version=2)

        outcomes = decide_each(APPROVE, [own, outdated, fine], moderator())

        assert [outcome.error_message for outcome in outcomes] == [
            "Nobody decides on their own proposal.",
            "Somebody changed this proposal a moment ago. Look at it once more.",
            "",
        ]
        assert list(Paper.objects.values_list("name", flat=True)) == [fine.name]

    def test_a_message_is_checked_before_anything_is_decided(self) -> None:
        [proposal] = some(1)
        for message in (" ", "x" * 4001, "a\u202eb"):
            with pytest.raises(Invalid):
                decide_many(actor=moderator(), chosen=[Chosen(proposal, REJECT, message)])

        assert BulkDecision.objects.count() == 0

    def test_only_moderators_decide(self) -> None:
        with pytest.raises(NotAllowed):
            decide(some(1), actor=contributor("bob"))

    @pytest.mark.usefixtures("later")
    def test_pressed_twice_each_waits_once(self) -> None:
        proposals = some(4)

        first, second = decide(proposals), decide(proposals)
        run_tasks()

        assert approved_once(first, 4)
        refused = [outcome.error_message for _, outcome in decided_rows(second)]
        assert refused == ["hedy has approved this proposal already."]  # the one that the first had decided

    def test_nothing_at_all_is_finished_at_once(self) -> None:
        assert fresh(decide([])).finished_at is not None

    def test_a_row_is_there_once_and_refused_when_it_is_done(self) -> None:
        [proposal] = some(1)
        row = {"proposal": proposal, "version": 1, "verb": "approve"}
        decisions = [BulkDecision.objects.create(actor=moderator(), decided_at=timezone.now()) for _ in range(2)]
        decisions[0].rows.create(**row)
        for decision, more in (
            (decisions[0], {"done_at": timezone.now()}),
            (decisions[1], {}),
            (decisions[1], {"trouble": "No."}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                BulkDecisionRow.objects.create(decision=decision, **row, **more)


@pytest.mark.django_db
@pytest.mark.usefixtures("later")
class TestCutOff:
    @pytest.mark.parametrize("place", ["perform", "_count_try", "_carry_out"])
    @pytest.mark.parametrize("steps", [0, 1, 2])
    def test_a_process_that_is_killed_goes_on_where_it_was(
        self, monkeypatch: pytest.MonkeyPatch, place: str, steps: int
    ) -> None:
        decision = decide(some(5))
        for _ in range(steps):
            decide_here(decision.pk)

        def kill(*args: Any) -> Any:
            raise Killed

        with monkeypatch.context() as patch:
            fails = failing_at(f"Model {steps + 1}", Killed()) if place == "perform" else kill
            patch.setattr(deciding_many, place, fails)
            with pytest.raises(Killed):
                carry_out_decision.call(decision.pk)
        run_tasks()

        assert approved_once(decision, 5)

    @pytest.mark.parametrize("error", [RuntimeError("a fault"), OperationalError("the disk is full")])
    def test_one_that_always_fails_is_refused_alone(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        decision = decide(some(5))
        monkeypatch.setattr(deciding_many, "perform", failing_at("Model 2", error))
        for _ in range(2):
            run_tasks()
            BulkDecision.objects.update(decided_at=timezone.now() - timedelta(hours=1))
            take_up_decisions()
        run_tasks()

        assert [(outcome.subject.name, outcome.error_message) for _, outcome in decided_rows(decision)][2] == (
            "Model 2",
            f"An unexpected error, which is in the log: {type(error).__name__}.",
        )
        assert Paper.objects.count() == 4
        assert fresh(decision).finished_at is not None

    def test_one_that_always_ends_the_process_keeps_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        decision = decide(some(3))
        monkeypatch.setattr(deciding_many, "perform", failing_at("Model 1", Killed()))
        for _ in range(2):
            with pytest.raises(Killed):
                carry_out_decision.call(decision.pk)
        run_tasks()

        troubles = [outcome.error_message for _, outcome in decided_rows(decision)]
        assert troubles == ["", deciding_many.WITHOUT_OUTCOME, ""]

    def test_who_loses_the_role_decides_nothing_more(self) -> None:
        decision = decide(some(5))
        User.objects.filter(username="hedy").update(is_staff=False)
        run_tasks()
        BulkDecision.objects.update(decided_at=timezone.now() - timedelta(hours=1))
        take_up_decisions()

        progress = progress_of_decision(fresh(decision))
        assert (progress.done, progress.left, progress.stopped_by) == (1, 4, "hedy is not a moderator any more.")
        assert left_to_the_worker() == []
        with pytest.raises(Conflict, match="hedy is not a moderator"):
            continue_decision(decision=fresh(decision), actor=moderator("mary"))

    def test_what_nobody_works_on_is_taken_up_again(self) -> None:
        decision = decide(some(2))
        run_tasks()
        take_up_decisions()
        with pytest.raises(Conflict, match="Nothing of this decision is left"):
            continue_decision(decision=fresh(decision), actor=moderator())

        assert left_to_the_worker() == []
        assert approved_once(decision, 2)

    @pytest.mark.parametrize("many", [3, 8])
    def test_progress_costs_the_same_for_many(self, many: int, django_assert_num_queries: Any) -> None:
        decision = decide(some(many))

        with django_assert_num_queries(7):
            progress_of_decision(fresh(decision))

    def test_a_later_one_costs_what_the_first_costs(self) -> None:
        decision = decide_many(actor=moderator(), chosen=[Chosen(one, CLAIM) for one in some(6)])
        counts = []
        for _ in range(3):
            with CaptureQueriesContext(connection) as queries:
                decide_here(decision.pk)
            counts.append(len(queries))

        assert counts[0] == counts[1] == counts[2]


@pytest.mark.django_db(transaction=True)
def test_two_workers_decide_on_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding_many, "SECONDS_HERE", -1)
    decision = decide(some(9))

    def run() -> None:
        for _ in range(60):
            try:
                if not deciding_many._take_next(decision.pk):
                    return
            except OperationalError:  # SQLite: the other one writes
                continue

    at_once(run, run)
    run()

    assert approved_once(decision, 9)
