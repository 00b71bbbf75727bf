"""An application for the test of the time limit: it hangs in several ways, and else answers with its process."""

import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from vlmportal.time_limit import Limited


def site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; see HANGING and /parts."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    path = environ["PATH_INFO"]
    if path in HANGING:
        return HANGING[path]()
    return parts() if path == "/parts" else [str(os.getpid()).encode()]


def wait() -> list[bytes]:
    """Wait for what never comes, as for a lock or a database."""
    threading.Event().wait()
    return []


def match() -> list[bytes]:
    """Match for years, with Python's lock held."""
    re.match(r"(a+)+$", "a" * 60 + "b")
    return []


def stream() -> Iterator[bytes]:
    """Hang after the first part."""
    yield b"first"
    threading.Event().wait()


def parts() -> Iterator[bytes]:
    """Take longer than the limit for all parts, and less for each."""
    for _ in range(3):
        threading.Event().wait(0.5)
        yield b"part"


HANGING: dict[str, Callable[[], Iterable[bytes]]] = {"/wait": wait, "/match": match, "/stream": stream}
application = Limited(site, 1.0)
