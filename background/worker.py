"""The worker process: a thread for each queue runs its tasks, and the main thread looks for what nobody enqueued.

The engine's own Worker claims and runs. It takes a lock of the whole SQLite database whenever it looks for a task, so
a thread asks by reading first. A queue has a thread, not a process, of its own since a process takes 80 MB.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from background.engine import Status, stopping
from background.models import Worker
from background.upkeep import fail_damaged

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""How often a queue is asked for tasks."""

HEARTBEAT_SECONDS = 30.0

STOP_SECONDS = 10.0
"""How long running tasks may take to finish when the worker is stopped; what is cut off is run again."""

SIGNAL_SECONDS = 0.2
"""How soon a stop signal is noticed."""


class Engine(db_worker.Worker):
    """The engine, which outlives a task that it cannot read, such as one with damaged arguments."""

    def run_task(self, db_task_result: DBTaskResult) -> None:
        """Run a task; one that cannot be read is listed as failed."""
        try:
            super().run_task(db_task_result)
        except DatabaseError:
            raise
        except Exception:
            if db_task_result.status != Status.FAILED:
                raise
            logger.exception("The task %s cannot be read.", db_task_result.pk)


class QueueThread(threading.Thread):
    """Runs the tasks of one queue, one at a time; in a batch until none is ready, else until the worker stops."""

    def __init__(self, queue: str, worker: str, *, batch: bool) -> None:
        super().__init__(name=f"queue {queue}", daemon=True)
        self.queue, self.batch, self.failed = queue, batch, False
        self.engine = Engine(
            queue_names=[queue],
            interval=POLL_SECONDS,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker,
            excluded_queue_names=[],
        )

    def run(self) -> None:
        """Run tasks. What ends it other than a stop is logged, and `failed` is set: the process then ends too."""
        try:
            self._run_tasks()
        except Exception:
            self.failed = True
            logger.exception("The queue %s has stopped.", self.queue)
        finally:
            connection.close()

    def stop(self) -> None:
        """Let the running task finish, and take no other."""
        self.engine.running = False

    def _run_tasks(self) -> None:
        while not stopping.is_set():
            close_old_connections()
            if DBTaskResult.objects.ready().filter(queue_name=self.queue).exists():
                self._run_ready()
            if self.batch:
                return
            stopping.wait(POLL_SECONDS)

    def _run_ready(self) -> None:
        """Run what is ready, without the tasks that cannot be taken."""
        try:
            self.engine.run()
        except DatabaseError:
            raise
        except Exception:
            if not fail_damaged(self.queue):
                raise
            logger.exception("A task of the queue %s cannot be taken.", self.queue)
            self._run_ready()


@dataclass
class Look:
    """Something that the main thread does every so many seconds."""

    act: Callable[[], object]
    seconds: float
    due: float = 0.0

    def act_if_due(self) -> None:
        """Act if the time has come."""
        if time.monotonic() >= self.due:
            self.act()
            self.due = time.monotonic() + self.seconds


class WorkerProcess:
    """Runs tasks until stop() is called or, as a batch, until no task is ready."""

    def __init__(self, *, batch: bool = False) -> None:
        self.name = f"{socket.gethostname()[:40]}-{os.getpid()}-{get_random_string(8)}"
        self.batch = batch
        self.stop_requested = False
        self.looks = [Look(import_string(path), seconds) for path, seconds in settings.BACKGROUND_LOOKS.items()]

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask it to stop; as a signal handler it only notes so, since it may interrupt anything."""
        self.stop_requested = True

    def stop_on_signals(self) -> None:
        """Stop on Ctrl-C, SIGTERM and SIGHUP, unless they are ignored, as by nohup."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.stop)

    def run(self) -> bool:
        """Return whether it ran without a failure of its own; that of a task is none."""
        stopping.clear()
        queues = settings.TASKS["default"]["QUEUES"]
        threads = [QueueThread(queue, self.name, batch=self.batch) for queue in queues]
        failed = False
        try:
            self._begin(threads)
            self._watch(threads)
        except Exception:  # to the log, which is redacted
            failed = True
            logger.exception("The worker has stopped.")
        try:
            self._end(threads)
        except Exception:
            failed = True
            logger.exception("The worker could not record that it stopped.")
        finally:
            connection.close()
        return not failed and not any(thread.failed for thread in threads)

    def _begin(self, threads: list[QueueThread]) -> None:
        now = timezone.now()
        Worker.objects.create(name=self.name, started_at=now, seen_at=now)
        if self.batch:
            self._look()
        for thread in threads:
            thread.start()

    def _watch(self, threads: list[QueueThread]) -> None:
        """Look and give signs of life until a stop is requested, a thread fails or, in a batch, all have ended."""
        heartbeat = Look(self._beat, HEARTBEAT_SECONDS)
        while not self.stop_requested and not any(thread.failed for thread in threads):
            if self.batch and not any(thread.is_alive() for thread in threads):
                return
            close_old_connections()
            heartbeat.act_if_due()
            if not self.batch:
                self._look()
            time.sleep(SIGNAL_SECONDS)

    def _look(self) -> None:
        for look in self.looks:
            look.act_if_due()

    def _beat(self) -> None:
        Worker.objects.filter(name=self.name).update(seen_at=timezone.now())

    def _end(self, threads: list[QueueThread]) -> None:
        for thread in threads:
            thread.stop()
        stopping.set()
        deadline = time.monotonic() + STOP_SECONDS
        for thread in threads:
            if thread.is_alive():
                thread.join(max(deadline - time.monotonic(), 0))
        now = timezone.now()
        Worker.objects.filter(name=self.name).update(seen_at=now, stopped_at=now)
