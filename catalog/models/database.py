"""Which database the catalogue is read from: the present one, or a past catalogue while it is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

ALIAS = "past"
WHILE_BUILT = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF;"

_open: ContextVar[bool] = ContextVar("past_catalogue_is_open", default=False)


class Router:
    """Lead queries of the catalogue's tables to the past catalogue that is open in this thread, if any."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return ALIAS if is_open() and model._meta.app_label == "catalog" else None

    db_for_write = db_for_read


def is_open() -> bool:
    """Whether this thread reads a past catalogue."""
    return _open.get()


def catalogue_connection() -> BaseDatabaseWrapper:
    """The connection to the database that the catalogue is read from, for queries that are not the ORM's."""
    return connections[ALIAS if is_open() else DEFAULT_DB_ALIAS]


@contextmanager
def present() -> Iterator[None]:
    """Read the present catalogue until the block ends, in a thread that may have a past one open."""
    token = _open.set(False)
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def connected(path: Path, *, writable: bool = False) -> Iterator[BaseDatabaseWrapper]:
    """Open the SQLite file of a past catalogue in this thread. Raises OperationalError if there is no such file.

    The connection is no configured database: nothing migrates it, and no other thread or request sees it.
    """
    name = f"file:{path}?mode=rwc" if writable else f"file:{path}?mode=ro&immutable=1"
    engine = {"ENGINE": settings.SQLITE_ENGINE, "NAME": name}
    options = {"init_command": WHILE_BUILT} if writable else {}
    wrapper = ConnectionHandler({DEFAULT_DB_ALIAS: {}, ALIAS: {**engine, "OPTIONS": options}})[ALIAS]
    wrapper.ensure_connection()
    connections[ALIAS] = wrapper
    token = _open.set(True)
    try:
        yield wrapper
    finally:
        _open.reset(token)
        del connections[ALIAS]
        wrapper.close()
