"""Rate limits of an account on pages and in the API, from settings.LIMITS."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.limits import too_many_requests
from catalog.api.throttles import QuotaUsage, count_request

View = Callable[..., HttpResponse]
HELP = frozenset({"add", "preview", "use"})
"""The buttons of a form that send nothing."""


def count(scope: str, client: str) -> QuotaUsage:
    """Count a request in the limit `scope` for a client: an account id or an IP address."""
    return count_request(scope, client, settings.LIMITS[scope])


def limit_posts(scope: str) -> Callable[[View], View]:
    """Limit how often one account may POST to a view; beyond the limit, respond with 429 and Retry-After.

    A POST that only adds a row, previews the form or takes a suggested name counts as "help"; one that submits as well
    does not.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                is_help = "submit" not in request.POST and not HELP.isdisjoint(request.POST)
                usage = count("help" if is_help else scope, str(request.user.pk))
                if usage.exceeded:
                    return too_many_requests(request, usage.seconds_left)
            return view(request, *args, **kwargs)

        return inner

    return decorate
