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
    cache.add(key, 0, timeout=window)
    if cache.incr(key) <= most:
        return 0
    return int(window - now % window) + 1


def limited(scope: str) -> Callable[[View], View]:
    """Let one account POST to a view so often and no more: 429 with Retry-After."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            wait = seconds_to_wait(scope, str(request.user.pk)) if request.method == "POST" else 0
            if not wait:
                return view(request, *args, **kwargs)
            return too_many_requests(request, wait)

        return inner

    return decorate
