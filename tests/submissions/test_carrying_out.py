"""A confirmed rollback is carried out to its end, wherever it was cut off, and nothing is undone twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from background.engine import Status, stopping
from background.models import DEAD_AFTER, Worker
from background.status import NO_WORKER
from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions.rollbacks import Rollback, RollbackStep
from submissions.workflow import (
    Conflict,
    NotAllowed,
    carrying_out,
    confirm_rollback,
    continue_rollback,
    outcomes_of,
    roll_back,
    tried_without_outcome,
)
from submissions.workflow.carrying_out import carry_out
from submissions.workflow.undoing import undo
from tests.background_work import run_tasks, waiting
from tests.factories import make_paper, make_revision
from tests.people import contributor, moderator, signed_in, spam

ROOT = Path(__file__).parents[2]


class Killed(BaseException):
    """What ends a process ends the transaction, too."""


def failing_at(damaged: Revision, error: BaseException) -> Callable[..., Any]:
    """`undo`, but that it raises at one revision."""

    def undo_or_fail(*, revision: Revision, **rest: Any) -> Any:
        if revision == damaged:
            raise error
        return undo(revision=revision, **rest)

    return undo_or_fail


def proposed(account: User) -> Rollback:
    """A rollback of all that an account did, which hedy proposes."""
    since = Revision.objects.filter(contributor_id=account.pk).earliest("at").at
    rollback = roll_back(account_id=account.pk, since=since, actor=moderator(), reason="Spam.")
    assert isinstance(rollback, Rollback)
    return rollback


def confirmed(account: User | None = None) -> Rollback:
    """The same, confirmed by mary; no worker has seen it."""
    rollback = proposed(account or contributor("bob"))
    confirm_rollback(rollback=rollback, actor=moderator("mary"))
    return fresh(rollback)


def fresh(rollback: Rollback) -> Rollback:
    return Rollback.objects.get(pk=rollback.pk)


def undone_once(rollback: Rollback) -> bool:
    """Whether it is finished, and exactly one revision has undone each of its own."""
    steps = rollback.steps.all()
    return (
        fresh(rollback).finished_at is not None
        and sorted(step.revision_id for step in steps) == sorted(rollback.revisions)
        and Revision.objects.filter(action="retire").count() == len(rollback.revisions)
        and not Paper.objects.exists()
    )


@pytest.mark.django_db
class TestCarryingOut:
    @pytest.fixture(autouse=True)
    def small_chunks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(carrying_out, "CHUNK_SIZE", 2)

    def test_it_waits_for_the_worker_which_goes_on_to_the_end(self) -> None:
        spam(5)
        rollback = confirmed()
        assert (Paper.objects.count(), waiting()) == (5, [("carry_out", [rollback.pk])])

        assert run_tasks() == ["carry_out"] * 3

        assert undone_once(rollback)
        assert {(row.contributor, row.approver) for row in Revision.objects.filter(action="retire")} == {
            ("hedy", "mary")
        }

    @pytest.mark.parametrize("place", ["undo", "RollbackStep.save"])
    @pytest.mark.parametrize("steps", [0, 1, 2])
    def test_a_task_that_is_killed_goes_on_where_it_was(
        self, monkeypatch: pytest.MonkeyPatch, place: str, steps: int
    ) -> None:
        spam(3)
        rollback, calls = confirmed(), iter(range(steps))
        owner = RollbackStep if "." in place else carrying_out
        original = getattr(owner, place.rpartition(".")[2])

        def act_or_die(*args: Any, **kwargs: Any) -> Any:
            if next(calls, None) is None:
                raise Killed
            return original(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(carrying_out, "CHUNK_SIZE", 3)
            patch.setattr(owner, place.rpartition(".")[2], act_or_die)
            with pytest.raises(Killed):
                carry_out.call(rollback.pk)
        assert (Paper.objects.count(), rollback.steps.count()) == (3 - steps, steps)

        run_tasks()

        assert undone_once(rollback)

    def test_a_second_run_does_nothing(self) -> None:
        spam(2)
        rollback = confirmed()
        carry_out.call(rollback.pk)
        count, finished = Revision.objects.count(), fresh(rollback).finished_at

        assert carry_out.call(rollback.pk) == "0 of 2 left"

        assert (Revision.objects.count(), fresh(rollback).finished_at) == (count, finished)

    def test_what_was_changed_back_and_forth_is_undone_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("submissions.workflow.rolling_back.MAX_ALONE", 1)
        paper = make_paper(name="Vim", year=2020)
        for year in (2021, 2020, 2021):
            make_revision("paper", entry=Paper.objects.with_references().get(), year=year)
        newest = Revision.objects.latest("pk")
        since = Revision.objects.of("paper", paper.pk).get(number=2).at
        rollback = roll_back(account_id=newest.contributor_id or 0, since=since, actor=moderator(), reason="Wrong.")
        assert isinstance(rollback, Rollback)
        confirm_rollback(rollback=rollback, actor=moderator("mary"))

        carry_out.call(rollback.pk)
        run_tasks()
        carry_out.call(rollback.pk)

        years = [row.snapshot["year"] for row in Revision.objects.of("paper", paper.pk)]
        assert years == [2020, 2021, 2020, 2021, 2020, 2021, 2020]

    def test_a_worker_that_stops_leaves_the_rest_to_the_next(self) -> None:
        spam(2)
        rollback = confirmed()
        stopping.set()
        try:
            assert carry_out.call(rollback.pk) == "2 of 2 left"
        finally:
            stopping.clear()

        assert waiting() == [("carry_out", [rollback.pk])] * 2
        run_tasks()
        assert undone_once(rollback)

    def test_what_nobody_foresaw_is_reported_and_keeps_nothing_else(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        damaged = spam(3)[1]
        rollback = confirmed()

        monkeypatch.setattr(carrying_out, "undo", failing_at(damaged, KeyError("arms")))
        run_tasks()

        outcomes = outcomes_of(fresh(rollback))
        assert [outcome.error_message for outcome in outcomes] == [
            "",
            "An unexpected error, which is in the log: KeyError.",
            "",
        ]
        assert outcomes[1].subject == damaged
        assert list(Paper.objects.values_list("name", flat=True)) == ["Spam 1"]
        assert "could not be undone" in caplog.text

    def test_a_database_that_is_away_is_no_outcome(self, monkeypatch: pytest.MonkeyPatch) -> None:
        spam(1)
        rollback = confirmed()

        def be_away(**rest: Any) -> Any:
            raise OperationalError("away")

        with monkeypatch.context() as patch:
            patch.setattr(carrying_out, "undo", be_away)
            run_tasks()
        assert (waiting(), rollback.steps.count(), fresh(rollback).finished_at) == ([], 0, None)

        continue_rollback(rollback=fresh(rollback), actor=moderator("tim"))
        run_tasks()

        assert undone_once(rollback)

    @pytest.mark.parametrize("error", [OperationalError("the disk is bad there"), InterfaceError("closed")])
    def test_a_revision_that_always_fails_the_database_keeps_no_other(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        damaged = spam(3)[1]
        rollback = confirmed()
        monkeypatch.setattr(carrying_out, "undo", failing_at(damaged, error))

        run_tasks()
        paused = (rollback.steps.count(), fresh(rollback).finished_at, tried_without_outcome(fresh(rollback)))
        continue_rollback(rollback=fresh(rollback), actor=moderator("tim"))
        run_tasks()

        assert paused == (1, None, damaged)
        trouble = f"An unexpected error, which is in the log: {type(error).__name__}."
        assert [outcome.error_message for outcome in outcomes_of(fresh(rollback))] == ["", trouble, ""]
        assert (fresh(rollback).finished_at is None, tried_without_outcome(fresh(rollback))) == (False, None)

    def test_a_database_that_fails_all_fails_one_step_at_most_for_each_time_that_somebody_continues(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spam(3)
        rollback = confirmed()

        def fail(**rest: Any) -> Any:
            raise OperationalError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(carrying_out, "undo", fail)
            run_tasks()
            continue_rollback(rollback=fresh(rollback), actor=moderator("tim"))
            run_tasks()
        assert (waiting(), rollback.steps.count()) == ([], 1)

        continue_rollback(rollback=fresh(rollback), actor=moderator("tim"))
        run_tasks()

        assert [bool(outcome.error_message) for outcome in outcomes_of(fresh(rollback))] == [True, False, False]

    def test_a_revision_that_always_ends_the_worker_keeps_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        deadly = spam(3)[1]
        rollback = confirmed()
        monkeypatch.setattr(carrying_out, "undo", failing_at(deadly, Killed()))
        for _ in range(2):
            with pytest.raises(Killed):
                carry_out.call(rollback.pk)

        run_tasks()

        assert [outcome.error_message for outcome in outcomes_of(fresh(rollback))] == [
            "",
            "It was tried 2 times, and each time the background worker ended before it was done.",
            "",
        ]
        assert fresh(rollback).finished_at is not None

    @pytest.mark.parametrize("who", ["hedy", "mary"])
    @pytest.mark.parametrize(
        "change",
        [{"is_staff": False}, {"suspended_at": timezone.now(), "suspended_because": "Spam."}, {"is_active": False}],
    )
    def test_who_loses_the_role_while_a_task_runs_undoes_nothing_more(
        self, monkeypatch: pytest.MonkeyPatch, who: str, change: dict[str, Any]
    ) -> None:
        spam(4)
        rollback = confirmed()

        def undo_and_demote(**rest: Any) -> Any:
            undone = undo(**rest)
            User.objects.filter(username=who).update(**change)
            return undone

        monkeypatch.setattr(carrying_out, "CHUNK_SIZE", 4)
        monkeypatch.setattr(carrying_out, "undo", undo_and_demote)
        answer = carry_out.call(rollback.pk)

        assert (answer, rollback.steps.count(), Paper.objects.count()) == (f"{who} is not a moderator any more.", 1, 3)

    def test_who_lost_the_role_undoes_nothing_more(self) -> None:
        spam(1)
        rollback = confirmed()
        User.objects.filter(username="mary").update(is_staff=False)

        run_tasks()

        assert (rollback.steps.count(), Paper.objects.count()) == (0, 1)
        with pytest.raises(Conflict, match="mary is not a moderator any more"):
            continue_rollback(rollback=fresh(rollback), actor=moderator("tim"))

    def test_what_is_not_to_be_continued_is_refused(self) -> None:
        spam(1)
        waiting_for_another = proposed(contributor("bob"))
        with pytest.raises(Conflict, match="nothing left"):
            continue_rollback(rollback=waiting_for_another, actor=moderator("tim"))
        rollback = confirmed()
        with pytest.raises(NotAllowed):
            continue_rollback(rollback=rollback, actor=contributor())
        with pytest.raises(Conflict, match="is being carried out"):
            continue_rollback(rollback=rollback, actor=moderator("tim"))
        run_tasks()
        with pytest.raises(Conflict, match="nothing left"):
            continue_rollback(rollback=fresh(rollback), actor=moderator("tim"))

    @pytest.mark.parametrize("broken", [{}, {"undoing_id": 1, "trouble": "None."}])
    def test_a_step_is_undone_or_in_trouble(self, broken: dict[str, Any]) -> None:
        spam(1)
        with pytest.raises(IntegrityError), transaction.atomic():
            RollbackStep.objects.create(rollback=proposed(contributor("bob")), revision_id=1, **broken)

    def test_a_revision_has_one_step(self) -> None:
        spam(1)
        row = RollbackStep.objects.create(rollback=proposed(contributor("bob")), revision_id=1, undoing_id=2)
        with pytest.raises(IntegrityError), transaction.atomic():
            RollbackStep.objects.create(rollback=row.rollback, revision_id=1, undoing_id=3)


@pytest.mark.django_db
class TestPage:
    def page(self, rollback: Rollback, **form: str) -> Any:
        client, path = signed_in(moderator("tim")), f"/admin/submissions/proposal/rollback/{rollback.pk}/"
        return client.post(path, form, follow=True) if form else client.get(path)

    def test_it_says_how_far_it_is_and_what_it_waits_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(carrying_out, "CHUNK_SIZE", 1)
        spam(3)
        make_revision("paper", entry=Paper.objects.with_references().get(name="Spam 2"), year=1999)
        rollback = confirmed()

        before = self.page(rollback)
        carry_out.call(rollback.pk)
        carry_out.call(rollback.pk)
        Worker.objects.create(name="one", started_at=timezone.now(), seen_at=timezone.now())
        during = self.page(rollback)
        run_tasks()
        after = self.page(rollback)

        assert [before.context[key] for key in ("no_worker", "undone", "refused", "left")] == [NO_WORKER, 0, 0, 3]
        assert NO_WORKER in before.content.decode()
        assert [during.context[key] for key in ("no_worker", "undone", "refused", "left")] == ["", 1, 1, 1]
        assert [after.context[key] for key in ("no_worker", "undone", "refused", "left")] == ["", 2, 1, 0]
        text = " ".join(after.content.decode().split())
        assert "Undone: 2 of 3. Could not be undone: 1. Left: 0. Finished on" in text
        assert "The entry has changed since: propose to retire it instead." in text
        assert 'name="continue"' not in text + before.content.decode() + during.content.decode()

    def test_it_says_what_was_cut_off_and_what_becomes_of_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        damaged = spam(2)[1]
        rollback = confirmed()
        monkeypatch.setattr(carrying_out, "undo", failing_at(damaged, OperationalError("bad disk")))

        run_tasks()
        paused = " ".join(self.page(rollback).content.decode().split())
        self.page(rollback, **{"continue": "1"})
        run_tasks()
        after = " ".join(self.page(rollback).content.decode().split())

        assert f"Undoing revision {damaged.number} of {damaged.name} was cut off or failed the database." in paused
        assert "An unexpected error, which is in the log: OperationalError." in after
        assert "was cut off" not in after

    def test_what_nothing_carries_out_can_be_continued(self) -> None:
        spam(2)
        rollback = proposed(contributor("bob"))
        decided = {"status": "confirmed", "decided_by": moderator("mary"), "decided_at": timezone.now()}
        Rollback.objects.filter(pk=rollback.pk).update(**decided)  # as a release without tasks did, and was cut off
        listed = signed_in(moderator()).get("/admin/submissions/proposal/rollback/")

        assert list(listed.context["unfinished"]) == [rollback]
        assert 'name="continue"' in self.page(rollback).content.decode()
        continued = self.page(rollback, **{"continue": "1"})
        again = self.page(rollback, **{"continue": "1"})
        run_tasks()

        assert (continued.status_code, continued.context["is_under_way"]) == (200, True)
        assert (again.status_code, str(again.context["error"])) == (409, "This rollback is being carried out.")
        assert undone_once(rollback)

    @pytest.mark.parametrize("count", [1, 12])
    def test_it_costs_the_same_for_many_steps(self, count: int, django_assert_num_queries: Any) -> None:
        spam(count)
        rollback = confirmed()
        run_tasks()
        client = signed_in(moderator("tim"))
        client.get("/admin/submissions/proposal/")

        with django_assert_num_queries(13):
            client.get(f"/admin/submissions/proposal/rollback/{rollback.pk}/")


@pytest.mark.django_db(transaction=True)
class TestWorkers:
    def test_two_tasks_at_once_undo_each_revision_once(self) -> None:
        spam(12)
        rollback = confirmed()

        def run() -> None:
            try:
                carry_out.call(rollback.pk)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert undone_once(rollback)

    def test_a_batch_goes_on_after_a_worker_was_killed(self, tmp_path: Path, settings: Any) -> None:
        settings.BACKGROUND_LOOKS = {"background.upkeep.take_up_lost_tasks": 60}
        spam(40)
        rollback = confirmed()
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.background.settings",
            "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
            "PYTHONPATH": str(ROOT),
        }
        with (tmp_path / "log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=ROOT, env=env, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while rollback.steps.count() < 3:
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.01)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert 3 <= rollback.steps.count() == 40 - Paper.objects.count() < 40

        long_ago = timezone.now() - DEAD_AFTER
        DBTaskResult.objects.filter(status=Status.RUNNING).update(started_at=long_ago)
        Worker.objects.update(seen_at=long_ago)
        call_command("worker", batch=True)

        assert undone_once(rollback)
