"""A time limit for each request, after which its process ends.

Nothing in Python interrupts a thread that matches a pattern or waits for a lock or a socket. The kernel can end the
process, and granian starts another one in its place.
"""

import faulthandler
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Limited:
    """A WSGI application whose process ends when one request takes longer than `seconds`.

    The clock is the kernel's (SIGALRM), so it goes on while a thread holds Python's lock. It runs while our code does:
    for the call, for each part of a response and for closing it, but not while a client reads. Before the process
    ends, it writes to standard error where each of its threads was.
    """

    def __init__(self, application: Application, seconds: float) -> None:
        self.application = application
        self.seconds = seconds
        self.deadlines: dict[object, float] = {}  # of what is running, the earliest first
        self.lock = threading.Lock()
        faulthandler.register(signal.SIGALRM, file=sys.stderr, all_threads=True, chain=True)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.limit():
            response = self.application(environ, start_response)
        return LimitedResponse(response, self)

    @contextmanager
    def limit(self) -> Iterator[None]:
        """End the process if the block takes longer than the limit."""
        key = object()
        with self.lock:
            self.deadlines[key] = time.monotonic() + self.seconds
            self._set_alarm()
        try:
            yield
        finally:
            with self.lock:
                del self.deadlines[key]
                self._set_alarm()

    def _set_alarm(self) -> None:
        """Set the process's one timer to the earliest deadline, or stop it."""
        earliest = next(iter(self.deadlines.values()), None)
        left = 0.0 if earliest is None else max(earliest - time.monotonic(), 0.001)  # 0 stops the timer
        signal.setitimer(signal.ITIMER_REAL, left)


class LimitedResponse:
    """A response each part of which has the time limit."""

    def __init__(self, response: Iterable[bytes], limited: Limited) -> None:
        self.response = response
        self.parts = iter(response)
        self.limited = limited

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self.limited.limit():
            return next(self.parts)

    def close(self) -> None:
        if close := getattr(self.response, "close", None):
            with self.limited.limit():
                close()
