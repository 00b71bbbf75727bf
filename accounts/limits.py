"""The rate limit on sign-ins."""

from collections.abc import Callable
from typing import cast

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# seconds until a limit resets: see ACCOUNT_RATE_LIMITS
WINDOW = 60
FAILED_WINDOW = 300


def too_many_requests(request: HttpRequest, seconds: int = WINDOW) -> HttpResponse:
    """Render the page for 429, with Retry-After in seconds (RFC 9110, 10.2.3)."""
    response = render(request, "429.html", {"minutes": -(-seconds // 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def limit_sign_ins(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Limit the POST requests to `view` from one IP address to ACCOUNT_RATE_LIMITS["sign_in"]."""
    return cast(Callable[..., HttpResponse], rate_limit(action="sign_in")(view))
