"""Rate limits by account, shared by the pages and the API: settings.LIMITS."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.limits import too_many_requests
from catalog.api.throttles import QuotaUsage, count_request

View = Callable[..., HttpResponse]


def count(scope: str, account: str) -> QuotaUsage:
    """Count one request of `account` in `scope`."""
    return count_request(scope, account, settings.LIMITS[scope])


def limit_posts(scope: str) -> Callable[[View], View]:
    """Let one account POST to a view so often and no more: 429 with Retry-After.

    A form that only asks for another row or for a preview proposes nothing: it counts as "help".
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                asks = "add" in request.POST or "preview" in request.POST
                usage = count("help" if asks else scope, str(request.user.pk))
                if usage.exceeded:
                    return too_many_requests(request, usage.seconds_left)
            return view(request, *args, **kwargs)

        return inner

    return decorate
