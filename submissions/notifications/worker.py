"""A background worker: one thread in each process, which starts when there is work and ends when there is none."""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


class Worker:
    """Calls `work` whenever `pause` (seconds until something is due, None when nothing waits) has passed or on wake().

    The work waits in the database, so that a crash loses none; several processes may do it at once.
    """

    def __init__(self, name: str, pause: Callable[[], float | None], work: Callable[[], object]) -> None:
        self.name, self.pause, self.work = name, pause, work
        self._bell = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Start or wake this process's thread; does nothing if settings.POSTMAN is off."""
        if not settings.POSTMAN:
            return
        with self._lock:
            self._bell.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._go, name=self.name, daemon=True)
                self._thread.start()

    def _go(self) -> None:
        try:
            while self._may_go_on():
                self.work()
        except DatabaseError:
            logger.exception("The %s stopped; what waits is taken up at the next call.", self.name)
            self._leave()
        finally:
            connection.close()

    def _may_go_on(self) -> bool:
        """Sleep until something is due. Return False to end the thread if there is no work left."""
        pause = self.pause()
        connection.close()
        if pause is not None:
            self._bell.wait(pause)
        with self._lock:
            if pause is None and not self._bell.is_set():
                self._thread = None
                return False
            self._bell.clear()
            return True

    def _leave(self) -> None:
        with self._lock:
            self._thread = None
