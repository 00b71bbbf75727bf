"""What a request gets while the database is away: 503 instead of 500."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from catalog.web.context_processors import site

RETRY_AFTER = 10
"""Seconds after which a client should try again."""
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
    cause = error.__cause__
    if hasattr(cause, "sqlite_errorcode"):
        return isinstance(error, OperationalError) and cause.sqlite_errorcode != SQLITE_ERROR
    if hasattr(cause, "sqlstate"):
        return cause.sqlstate is None or cause.sqlstate.startswith(PASSING)
    return False


def handle_error(request: HttpRequest) -> HttpResponse:
    """Answer what no view or middleware has caught: 503 in an outage of the database, else 500.

    As Django's handler for 500 it sees the errors of middleware too, which loads the session and the account.
    """
    return unavailable(request) if is_outage(sys.exception()) else server_error(request)


def unavailable(request: HttpRequest, template: str = "503.html", **context: object) -> HttpResponse:
    """A page with status 503 that is made without the database, so without session and account."""
    content = render_to_string(template, {**site(request), **context})
    return HttpResponse(content, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})


class ShortOutages(logging.Filter):
    """Log an outage in one line: a traceback for each request would say no more."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_outage(error):
            record.msg, record.args = f"{record.getMessage()}: {' '.join(str(error).split())}", ()
            record.exc_info = record.exc_text = None
        return True
