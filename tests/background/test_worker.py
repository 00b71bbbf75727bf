"""The worker runs each queue by itself, stops cleanly, and leaves nothing behind when it is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import JSONField, Value
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from background import worker as worker_module
from background.engine import Status
from background.models import DEAD_AFTER, Worker
from background.upkeep import take_up_lost_tasks
from background.worker import QueueThread, WorkerProcess
from tests.background import tasks
from tests.background_work import waiting
from tests.people import admin, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
LONG = 60.0
NULL = Value(None, JSONField())  # in JSON
DAMAGED_ARGUMENTS: list[Any] = [[], NULL, 5, {"args": []}, {"args": 5, "kwargs": {}}]


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked for, and everything happens soon."""
    settings.BACKGROUND_LOOKS = {}
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(worker_module, "SIGNAL_SECONDS", 0.05)
    tasks.done.clear()
    tasks.gate.clear()


def wait_until(happened: Callable[[], object], seconds: float = LONG) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(0.05)


@contextmanager
def running(process: WorkerProcess) -> Iterator[list[bool]]:
    """Run a worker in a thread, and stop it at the end; the list then has what run() returned."""
    returned: list[bool] = []
    thread = threading.Thread(target=lambda: returned.append(process.run()))
    thread.start()
    try:
        yield returned
    finally:
        process.stop()
        tasks.gate.set()
        thread.join(LONG)


class TestRunning:
    def test_a_slow_task_delays_its_own_queue_only(self) -> None:
        tasks.wait_for_gate.enqueue("slow")
        tasks.note.enqueue("behind")
        with running(WorkerProcess()):
            wait_until(lambda: tasks.done)
            tasks.note_elsewhere.enqueue("beside")
            wait_until(lambda: len(tasks.done) == 2)
            tasks.gate.set()
            wait_until(lambda: len(tasks.done) == 4)

        assert tasks.done == ["slow began", "beside", "slow ended", "behind"]

    def test_a_failed_task_ends_nothing(self) -> None:
        tasks.fail.enqueue()
        tasks.note.enqueue("next")
        assert WorkerProcess(batch=True).run()

        assert tasks.done == ["next"]
        assert DBTaskResult.objects.failed().get().exception_class_path == "builtins.ValueError"

    @pytest.mark.parametrize(
        "damage",
        [
            *({"args_kwargs": value} for value in DAMAGED_ARGUMENTS),
            *({"task_path": path} for path in ("", ".", "..x", "no.such", "background.engine.Status", "a b")),
            *({"worker_ids": value} for value in (NULL, 5, {"a": 1}, "abc")),
        ],
        ids=str,
    )
    def test_a_damaged_task_ends_nothing_and_is_listed(self, damage: dict[str, Any]) -> None:
        is_unreadable = damage.get("worker_ids") not in ({"a": 1}, "abc")  # names of workers, of a kind
        damaged = tasks.note.enqueue("damaged").id
        DBTaskResult.objects.filter(pk=damaged).update(**damage)
        tasks.note.enqueue("next")

        assert WorkerProcess(batch=True).run()

        assert tasks.done[-1] == "next"
        assert not DBTaskResult.objects.ready().exists()
        assert [str(row.pk) for row in DBTaskResult.objects.failed()] == ([damaged] if is_unreadable else [])
        browser = signed_in(admin())
        pages = (
            "/admin/django_tasks_database/dbtaskresult/",
            f"/admin/django_tasks_database/dbtaskresult/{damaged}/change/",
        )
        assert [browser.get(page).status_code for page in pages] == [200, 200]

    @pytest.mark.parametrize("worker_ids", [NULL, 5, {"a": 1}, "abc", [{}], [None]], ids=str)
    def test_a_damaged_task_that_was_running_ends_nothing(self, worker_ids: Any) -> None:
        long_ago = timezone.now() - 2 * DEAD_AFTER
        tasks.note.enqueue("damaged")
        DBTaskResult.objects.update(status=Status.RUNNING, started_at=long_ago, worker_ids=worker_ids)

        take_up_lost_tasks()

        assert not DBTaskResult.objects.running().exists()

    def test_a_batch_looks_runs_what_is_ready_and_ends(self, settings: Any) -> None:
        settings.BACKGROUND_LOOKS = {"tests.background.tasks.enqueue_found": 5}
        tasks.note.using(run_after=timezone.now() + DEAD_AFTER).enqueue("later")
        call_command("worker", batch=True)

        assert tasks.done == ["found"]
        assert [name for name, _ in waiting()] == ["note"]
        assert Worker.objects.get().stopped_at

    def test_it_looks_again_and_gives_signs_of_life(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.BACKGROUND_LOOKS = {"tests.background.tasks.enqueue_found": 0.1}
        monkeypatch.setattr(worker_module, "HEARTBEAT_SECONDS", 0.1)
        with running(WorkerProcess()):
            wait_until(lambda: tasks.done.count("found") > 1)
            first = Worker.objects.get()
            wait_until(lambda: Worker.objects.get().seen_at > first.seen_at)
            assert Worker.objects.alive().exists()

        assert not Worker.objects.alive().exists()

    def test_a_thread_that_loses_its_database_ends_the_worker(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(thread: QueueThread) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr(QueueThread, "_run_tasks", fail)
        assert WorkerProcess().run() is False

    @pytest.mark.parametrize("method", ["create", "filter"])
    def test_without_a_database_it_ends_and_says_so(
        self, method: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(*args: Any, **options: Any) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr(Worker.objects, method, fail)
        if method == "create":
            monkeypatch.setattr(Worker.objects, "filter", fail)
        assert WorkerProcess(batch=True).run() is False
        assert "The worker could not record that it stopped." in caplog.text

    def test_a_look_that_fails_ends_the_worker(self, settings: Any) -> None:
        settings.BACKGROUND_LOOKS = {"tests.background.tasks.fail_to_look": 5}
        assert WorkerProcess().run() is False
        assert Worker.objects.get().stopped_at

    def test_polling_takes_no_lock_and_writes_nothing(self) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL locks rows")
        tasks.note.using(run_after=timezone.now() + DEAD_AFTER).enqueue("later")
        with running(WorkerProcess()):
            wait_until(Worker.objects.exists)
            time.sleep(0.2)  # the first heartbeat
            wal = Path(f"{connection.settings_dict['NAME']}-wal")
            before = (wal.stat().st_size, wal.stat().st_mtime_ns)
            with connection.cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                time.sleep(1)  # some sixty looks for tasks
                cursor.execute("ROLLBACK")
            assert (wal.stat().st_size, wal.stat().st_mtime_ns) == before
            assert Worker.objects.alive().exists()


class TestStopping:
    def test_what_runs_is_finished_and_nothing_else_is_begun(self) -> None:
        tasks.wait_for_gate.enqueue("running")
        tasks.note.enqueue("behind")
        process = WorkerProcess()
        with running(process) as returned:
            wait_until(lambda: tasks.done)
            process.stop()
            time.sleep(0.3)
            tasks.gate.set()

        assert returned == [True]
        assert tasks.done == ["running began", "running ended"]
        assert waiting() == [("note", ["behind"])]


class TestProcess:
    """A real process on the database of the test."""

    @pytest.fixture
    def start(self, tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
        name = str(connection.settings_dict["NAME"])
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.background.settings",
            "WORKER_DATABASE": name,
            "PYTHONPATH": str(ROOT),
        }
        started: list[subprocess.Popen[bytes]] = []

        def start() -> "subprocess.Popen[bytes]":
            with (tmp_path / "log").open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "manage.py", "worker"], cwd=ROOT, env=env, stdout=log, stderr=log
                )
            started.append(process)
            return process

        yield start
        for process in started:
            process.kill()
            process.wait()

    def test_a_task_whose_worker_was_killed_is_run_again(self, start: Any, tmp_path: Path) -> None:
        tasks.die_once.enqueue(str(tmp_path / "runs"))
        assert start().wait(LONG) == -signal.SIGKILL
        rows = DBTaskResult.objects.filter(task_path=tasks.die_once.module_path)
        assert [row.status for row in rows] == ["RUNNING"]

        long_ago = timezone.now() - DEAD_AFTER
        rows.update(started_at=long_ago)
        take_up_lost_tasks()
        assert [row.status for row in rows.all()] == ["RUNNING"]  # its worker gave a sign of life just now
        Worker.objects.update(seen_at=long_ago)
        second = start()  # looks for lost tasks when it starts
        wait_until(lambda: rows.successful().exists())

        assert (tmp_path / "runs").read_text() == "xx"
        second.send_signal(signal.SIGTERM)
        assert second.wait(LONG) == 0

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_a_signal_lets_the_task_finish(self, start: Any, tmp_path: Path, number: signal.Signals) -> None:
        file = tmp_path / "state"
        tasks.sleep.enqueue(str(file), 1.5)
        process = start()
        wait_until(file.exists)
        process.send_signal(number)

        assert process.wait(LONG) == 0
        assert file.read_text() == "ended"
        assert [row.status for row in DBTaskResult.objects.filter(task_path=tasks.sleep.module_path)] == ["SUCCESSFUL"]
        assert Worker.objects.get().stopped_at

    def test_its_log_has_no_addresses(self, start: Any, tmp_path: Path) -> None:
        tasks.fail.enqueue()
        process = start()
        wait_until(lambda: DBTaskResult.objects.failed().exists())
        process.send_signal(signal.SIGTERM)
        process.wait(LONG)

        log = (tmp_path / "log").read_text()
        assert "ValueError: for [email address]" in log
        assert "ada@example.org" not in log

    def test_two_workers_run_each_task_once(self, start: Any, tmp_path: Path) -> None:
        paths = [tmp_path / f"task-{number}" for number in range(60)]
        for path in paths:
            tasks.append.enqueue(str(path))
        start()
        start()
        wait_until(lambda: DBTaskResult.objects.successful().filter(task_path=tasks.append.module_path).count() == 60)

        assert [path.read_text() for path in paths] == ["x"] * 60
