"""Tasks wait once, survive their worker, and are forgotten after a while."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import upkeep
from background.engine import enqueue_once
from background.models import DEAD_AFTER, Worker
from background.upkeep import MAX_STARTS, take_up_lost_tasks
from tests.background import tasks
from tests.background_work import run_tasks, waiting

pytestmark = pytest.mark.django_db


def running(*workers: str, age: timedelta = DEAD_AFTER) -> DBTaskResult:
    """A task that the last of these workers began so long ago."""
    row = DBTaskResult.objects.get(pk=tasks.note.enqueue("lost").id)
    row.status, row.started_at, row.worker_ids = "RUNNING", timezone.now() - age, list(workers)
    row.save()
    return row


def worker(name: str, *, silent: timedelta = timedelta(0), **more: Any) -> None:
    now = timezone.now()
    Worker.objects.create(name=name, started_at=now - timedelta(days=40), seen_at=now - silent, **more)


def status_of(row: DBTaskResult) -> str:
    row.refresh_from_db()
    return str(row.status)


class TestEnqueuingOnce:
    def test_one_that_waits_is_enough(self) -> None:
        enqueue_once(tasks.fail)
        enqueue_once(tasks.fail)
        enqueue_once(tasks.fail, at=timezone.now() + timedelta(hours=1))
        assert waiting() == [("fail", [])]

    def test_one_for_later_does_not_stand_for_one_for_now(self) -> None:
        later = timezone.now() + timedelta(hours=1)
        enqueue_once(tasks.fail, at=later)
        enqueue_once(tasks.fail, at=later)
        enqueue_once(tasks.fail, at=later - timedelta(minutes=1))
        enqueue_once(tasks.fail)
        assert DBTaskResult.objects.count() == 3

    def test_one_that_has_begun_may_have_missed_something(self) -> None:
        enqueue_once(tasks.fail)
        DBTaskResult.objects.update(status="RUNNING")
        enqueue_once(tasks.fail)
        assert waiting() == [("fail", [])]


class TestLostTasks:
    @pytest.mark.parametrize(
        ("state", "taken_up"),
        [
            (None, True),
            ({}, False),
            ({"silent": DEAD_AFTER}, True),
            ({"stopped_at": timezone.now()}, True),
        ],
        ids=["gone", "alive", "silent", "stopped"],
    )
    def test_a_task_is_taken_up_if_its_worker_is_not_alive(self, state: dict[str, Any] | None, taken_up: bool) -> None:
        if state is not None:
            worker("mine", **state)
        worker("another")
        row = running("mine")

        take_up_lost_tasks()

        assert status_of(row) == ("READY" if taken_up else "RUNNING")
        assert run_tasks() == (["note"] if taken_up else [])

    def test_one_that_began_just_now_is_left_alone(self) -> None:
        row = running("unknown", age=DEAD_AFTER - timedelta(seconds=5))
        take_up_lost_tasks()
        assert status_of(row) == "RUNNING"

    def test_one_that_ends_each_worker_is_failed(self) -> None:
        row = running(*"abc"[:MAX_STARTS])
        take_up_lost_tasks()
        assert status_of(row) == "FAILED"
        assert row.traceback == "3 workers ended while they ran this task."

    def test_looking_costs_one_query(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            take_up_lost_tasks()


class TestPruning:
    def test_old_results_go_once_a_day_and_failed_ones_later(self) -> None:
        now = timezone.now()
        for name, status, days in (
            ("new", "SUCCESSFUL", 1),
            ("old", "SUCCESSFUL", 3),
            ("failed", "FAILED", 29),
            ("failed long ago", "FAILED", 31),
        ):
            row = DBTaskResult.objects.filter(pk=tasks.note.enqueue(name).id)
            row.update(status=status, finished_at=now - timedelta(days=days))
        worker("old", silent=timedelta(days=31))
        worker("new", silent=timedelta(days=29))

        upkeep.schedule_pruning()
        upkeep.schedule_pruning()
        assert run_tasks() == ["prune_results"]
        upkeep.schedule_pruning()

        assert waiting() == []
        notes = DBTaskResult.objects.filter(task_path=tasks.note.module_path)
        assert sorted(row.args_kwargs["args"][0] for row in notes) == ["failed", "new"]
        assert [worker.name for worker in Worker.objects.all()] == ["new"]
