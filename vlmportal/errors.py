"""The responses to errors that nothing has caught: 503 while the database is away, else 500."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from catalog.web.context_processors import site
from vlmportal.outages import is_outage

RETRY_AFTER = 10
"""Seconds after which a client should try again."""


def handle_error(request: HttpRequest) -> HttpResponse:
    """Answer what no view or middleware has caught: 503 in an outage of the database, else 500.

    As Django's handler for 500 it sees the errors of middleware too, which loads the session and the account.
    """
    return unavailable(request) if is_outage(sys.exception()) else server_error(request)


def unavailable(request: HttpRequest, template: str = "503.html", **context: object) -> HttpResponse:
    """A page with status 503 that is made without the database, so without session and account."""
    content = render_to_string(template, {**site(request), **context})
    return HttpResponse(content, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"})
