"""The page that says in plain words how the site is doing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from background.status import work


@dataclass(frozen=True)
class Part:
    """A part of the page: its template gets what `state` returns as `state`."""

    template: str
    state: Callable[[], Any]


PARTS: tuple[Part, ...] = (Part("status/work.html", work),)
"""The parts of the page, in order."""


@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """The status page."""
    parts = [(part.template, part.state()) for part in PARTS]
    return render(request, "status.html", {"parts": parts})
