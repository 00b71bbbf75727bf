"""Which errors mean that the database is away, and how they are logged."""

import logging
from typing import Any

from django.db import InterfaceError, OperationalError

PASSING = ("08", "28", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's errors that may pass: connection, sign-in, conflict, resources, lock, operator, system."""
SQLITE_ERROR = 1
"""SQLite's code for what is wrong with a statement, such as a table that does not exist."""


def is_outage(error: BaseException | None) -> bool:
    """Whether a database error is one that passes: it is away, hangs, is full, locked or took too long.

    The other errors of the same class are faults of the program: psycopg and sqlite3 sort them by where they occur.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause: Any = error.__cause__
    if hasattr(cause, "sqlite_errorcode"):
        return isinstance(error, OperationalError) and cause.sqlite_errorcode != SQLITE_ERROR
    if hasattr(cause, "sqlstate"):
        return cause.sqlstate is None or cause.sqlstate.startswith(PASSING)
    return False


class ShortOutages(logging.Filter):
    """Log an outage in one line: a traceback for each request would say no more."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_outage(error):
            record.msg, record.args = f"{record.getMessage()}: {' '.join(str(error).split())}", ()
            record.exc_info = record.exc_text = None
        return True
