"""Too many sign-ins: 429, and when to come back."""

from collections.abc import Callable
from typing import cast

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# seconds after which a full count is empty again: see ACCOUNT_RATE_LIMITS
WINDOW = 60
FAILED_WINDOW = 300


def too_many_requests(request: HttpRequest, seconds: int = WINDOW) -> HttpResponse:
    """The page for 429, with Retry-After in seconds (RFC 9110, 10.2.3)."""
    response = render(request, "429.html", {"minutes": -(-seconds // 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def limited_by_address(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """`view`, for no more POSTs from one address of the network than ACCOUNT_RATE_LIMITS["sign_in"] says."""
    return cast(Callable[..., HttpResponse], rate_limit(action="sign_in")(view))
