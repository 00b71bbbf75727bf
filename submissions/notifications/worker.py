"""A background worker: one thread in each process, which starts when there is work and ends when there is none."""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


class Worker:
    """Calls `work` when `seconds_until_due` (None if nothing is queued) have passed, and on wake().

    The queue is in the database, so that a crash loses nothing; several processes may work on it concurrently.
    """

    def __init__(self, name: str, seconds_until_due: Callable[[], float | None], work: Callable[[], object]) -> None:
        self.name, self.seconds_until_due, self.work = name, seconds_until_due, work
        self._wake_event = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Start or wake this process's thread; does nothing if settings.POSTMAN is off."""
        if not settings.POSTMAN:
            return
        with self._lock:
            self._wake_event.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        try:
            while self._wait_for_work():
                self.work()
        except DatabaseError:
            logger.exception("The %s stopped; what waits is taken up at the next call.", self.name)
            self._forget_thread()
        finally:
            connection.close()

    def _wait_for_work(self) -> bool:
        """Sleep until something is due; return False, which ends the thread, if nothing is queued."""
        seconds = self.seconds_until_due()
        connection.close()
        if seconds is not None:
            self._wake_event.wait(seconds)
        with self._lock:
            if seconds is None and not self._wake_event.is_set():
                self._thread = None
                return False
            self._wake_event.clear()
            return True

    def _forget_thread(self) -> None:
        with self._lock:
            self._thread = None
