"""Rate limits by tier of client, counted in the shared cache and reported in headers.

RateLimit-Policy and RateLimit follow draft-ietf-httpapi-ratelimit-headers (structured fields): q the quota, w the
window in seconds, r the remaining requests, t the seconds until the window ends.
"""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle


@dataclass(frozen=True)
class QuotaUsage:
    """How much of a quota one client has used in the current window, including the current request."""

    name: str
    quota: int
    window: int
    used: int
    seconds_left: int

    @property
    def remaining(self) -> int:
        return max(0, self.quota - self.used)

    @property
    def exceeded(self) -> bool:
        return self.used > self.quota


def tier_of(request: Request) -> str:
    """Return token, signed-in or anonymous; settings.API_RATES has (requests, seconds) for each."""
    if request.auth is not None:
        return "token"
    return "signed-in" if request.user.is_authenticated else "anonymous"


def count_request(name: str, client: str, rate: tuple[int, int], now: float | None = None) -> QuotaUsage:
    """Count one request of `client` in the scope `name`; `rate` is the quota and the window in seconds."""
    quota, window = rate
    now = time.time() if now is None else now
    key = f"rate:{name}:{client}:{int(now // window)}"
    used = 1 if cache.add(key, 1, timeout=window) else _increment(key)
    return QuotaUsage(name, quota, window, used, int(window - now % window) + 1)


def _increment(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # the window ended since cache.add
        return 1


def count_anonymous(request: HttpRequest) -> QuotaUsage:
    """Count a request of an anonymous client by IP address (settings.REST_FRAMEWORK NUM_PROXIES)."""
    ip_address = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only
    usage = count_request("anonymous", ip_address, settings.API_RATES["anonymous"])
    request.rate_limit = usage  # type: ignore[attr-defined]
    return usage


class TierThrottle(BaseThrottle):
    """Limit clients by account or IP address. Each request is counted once, perhaps by middleware before the view."""

    usage: QuotaUsage | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        tier, django_request = tier_of(request), request._request
        if tier == "anonymous":
            self.usage = getattr(django_request, "rate_limit", None) or count_anonymous(django_request)
        else:
            self.usage = count_request(tier, str(request.user.pk), settings.API_RATES[tier])
            django_request.rate_limit = self.usage  # type: ignore[attr-defined]
        return not self.usage.exceeded

    def wait(self) -> float | None:
        return float(self.usage.seconds_left - 1) if self.usage else None


RATE_LIMIT_HEADERS = ("RateLimit-Policy", "RateLimit")


def set_rate_limit_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """Report the usage of the quota in the response headers, if the request was counted."""
    usage: QuotaUsage | None = getattr(request, "rate_limit", None)
    if usage:
        response["RateLimit-Policy"] = f'"{usage.name}";q={usage.quota};w={usage.window}'
        response["RateLimit"] = f'"{usage.name}";r={usage.remaining};t={usage.seconds_left}'
