"""How many requests a client may make: a tier for each sort of client, counted in the shared cache, told in headers.

RateLimit-Policy and RateLimit follow draft-ietf-httpapi-ratelimit-headers (structured fields): q the quota, w the
window in seconds, r what remains, t the seconds until the window ends.
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
class Spent:
    """What somebody has used of a quota in its present window, the request at hand included."""

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
    """token, signed-in or anonymous; settings.API_RATES holds (requests, seconds) for each."""
    if request.auth is not None:
        return "token"
    return "signed-in" if request.user.is_authenticated else "anonymous"


def spend(name: str, who: str, rate: tuple[int, int], now: float | None = None) -> Spent:
    """Count one more of `name` for `who`; `rate` is the quota and the window in seconds."""
    quota, window = rate
    now = time.time() if now is None else now
    key = f"rate:{name}:{who}:{int(now // window)}"
    used = 1 if cache.add(key, 1, timeout=window) else _one_more(key)
    return Spent(name, quota, window, used, int(window - now % window) + 1)


def _one_more(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two
        return 1


def count_stranger(request: HttpRequest) -> Spent:
    """Count a request of nobody we know, by network address (settings.REST_FRAMEWORK NUM_PROXIES), once."""
    address = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # asks META alone
    spent = spend("anonymous", address, settings.API_RATES["anonymous"])
    request.rate_limit = spent  # type: ignore[attr-defined]
    return spent


class Tier(BaseThrottle):
    """The tier of the client, by account or by network address; a request is counted once, perhaps before the view."""

    spent: Spent | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        tier, plain = tier_of(request), request._request
        if tier == "anonymous":
            self.spent = getattr(plain, "rate_limit", None) or count_stranger(plain)
        else:
            self.spent = spend(tier, str(request.user.pk), settings.API_RATES[tier])
            plain.rate_limit = self.spent  # type: ignore[attr-defined]
        return not self.spent.exceeded

    def wait(self) -> float | None:
        return float(self.spent.seconds_left - 1) if self.spent else None


TOLD = ("RateLimit-Policy", "RateLimit")


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write what is left into the headers."""
    spent: Spent | None = getattr(request, "rate_limit", None)
    if spent:
        response["RateLimit-Policy"] = f'"{spent.name}";q={spent.quota};w={spent.window}'
        response["RateLimit"] = f'"{spent.name}";r={spent.remaining};t={spent.seconds_left}'
