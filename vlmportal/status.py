"""The page that says in plain words how the site is doing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from background.status import work
from vlmportal.errors import unavailable
from vlmportal.health import cache_state, database_trouble


@dataclass(frozen=True)
class Part:
    """A part of the page: its template gets what `state` returns as `state`. It is left out while the database is away
    if it reads it."""

    template: str
    state: Callable[[], Any]
    reads_database: bool = True


PARTS: tuple[Part, ...] = (
    Part("status/work.html", work),
    Part("status/cache.html", cache_state, reads_database=False),
)
"""The parts after that about the database, in order."""


@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """The status page: 503 while the database is away, which it then says."""
    trouble = database_trouble()
    parts = [(part.template, part.state()) for part in PARTS if not (trouble and part.reads_database)]
    context = {"trouble": trouble, "parts": parts}
    if trouble:
        return unavailable(request, "status.html", layout="plain.html", **context)
    return render(request, "status.html", {"layout": "base.html", **context})
