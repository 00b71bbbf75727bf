"""Whether this process answers, and whether it can do its work: for load balancers and supervisors."""

import logging
import threading
from concurrent.futures import Future
from functools import cache
from typing import Any

from django.core.cache import caches
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from vlmportal.errors import RETRY_AFTER

log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that the database has to answer."""

_lock = threading.Lock()
_asked: Future[str] | None = None


def database_trouble() -> str:
    """What is wrong with the database, in one line for anybody to read; empty if nothing is.

    A thread of its own asks over a connection of its own, so that a database that hangs holds up nobody for longer than
    PATIENCE. While it hangs no further thread is started.
    """
    global _asked  # noqa: PLW0603 -- one question at a time in each process
    newest_migrations()  # not on the thread's time
    with _lock:
        if _asked is None or _asked.done():
            _asked = Future()
            threading.Thread(target=_ask, args=(_asked,), name="database health", daemon=True).start()
        asked = _asked
    try:
        return asked.result(PATIENCE)
    except TimeoutError:
        return f"has not answered for {PATIENCE:.0f} s"


def _ask(answer: Future[str]) -> None:
    try:
        missing = newest_migrations() - set(MigrationRecorder(connection).applied_migrations())
        answer.set_result("lacks migrations" if missing else "")
    except Error as error:
        log.warning("The database does not answer: %s", " ".join(str(error).split()))
        answer.set_result("does not answer")
    except BaseException as error:  # noqa: BLE001 -- raised where the answer is read
        answer.set_exception(error)
    finally:
        connection.close()


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app, as (app, name)."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def cache_state() -> Any:
    """The state of the shared cache as this process knows it (`vlmportal.cache.CacheState`); None if none is shared."""
    shared = getattr(caches["default"], "state", None)
    return shared and shared()


def cache_words() -> str:
    """That state in one line."""
    state = cache_state()
    if state is None:
        return "not shared"
    return f"has not answered since {state.since:%Y-%m-%dT%H:%M:%SZ}; not required" if state.since else "answers"


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process is up, whatever it depends on."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers and is migrated, else 503. The cache is reported, but not required."""
    trouble = database_trouble()
    text = f"database: {trouble or 'answers'}\ncache: {cache_words()}\n"
    response = HttpResponse(text, status=503 if trouble else 200, content_type="text/plain; charset=utf-8")
    if trouble:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
