"""How often one account may do a thing: a counter in the shared cache for each window of time."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from accounts.limits import too_many_requests

View = Callable[..., HttpResponse]


def seconds_to_wait(scope: str, who: str) -> int:
    """Count one more of `scope` for `who`; 0 while within the limit of settings.LIMITS, else seconds to wait."""
    most, window = settings.LIMITS[scope]
    now = time.time()
    key = f"limit:{scope}:{who}:{int(now // window)}"
    if cache.add(key, 1, timeout=window) or _one_more(key) <= most:
        return 0
    return int(window - now % window) + 1


def _one_more(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two questions
        return 1


def limited_by_account(scope: str) -> Callable[[View], View]:
    """Let one account POST to a view so often and no more: 429 with Retry-After.

    A form that only asks for another row or for a preview proposes nothing: it counts as "help".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asks = "add" in request.POST or "preview" in request.POST
            wait = 0
            if request.method == "POST":
                wait = seconds_to_wait("help" if asks else scope, str(request.user.pk))
            if not wait:
                return view(request, *args, **kwargs)
            return too_many_requests(request, wait)

        return inner

    return decorate
