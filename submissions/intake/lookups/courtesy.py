"""When a service may be asked: not in the pause that it asked for, nor while it is down, and not too fast.

All of it is kept in Django's cache: processes that share Redis share it; without Redis each keeps its own.
"""

import math
import time

from django.core.cache import cache
from django.utils.http import parse_http_date_safe
from requests import Response

from submissions.intake.lookups.sites import CHECK_THE_FORM, NotFetched, Site

DOWN_SECONDS = 60
"""How long a service that did not answer gets no further requests, so that only one contributor waits for it."""
ERROR_SECONDS = 30
"""The same for one that answered with an error of its own (5xx)."""
LONGEST_PAUSE = 3600
PATIENCE = 1.5
"""Seconds that somebody waits for the turn of the portal at most."""
POLL = 0.05


def pause(site: Site, sentence: str, seconds: float) -> None:
    """Ask the service nothing for some seconds; who needs it meanwhile reads the sentence."""
    cache.set(f"lookup-pause:{site.key}", sentence, max(1, min(math.ceil(seconds), LONGEST_PAUSE)))


def refuse_in_pause(site: Site) -> None:
    """Raise NotFetched while the service is to be left alone."""
    if sentence := cache.get(f"lookup-pause:{site.key}"):
        raise NotFetched(str(sentence))


def take_turn(site: Site, until: float) -> None:
    """Wait until the last request is long enough ago. Raises NotFetched after PATIENCE seconds, or at `until`."""
    until = min(until, time.monotonic() + PATIENCE)
    while not cache.add(f"lookup-turn:{site.key}", True, site.interval):
        if time.monotonic() + POLL > until:
            raise NotFetched(f"Others are looking things up at {site.name} just now; {CHECK_THE_FORM}")
        time.sleep(POLL)


def seconds_to_wait(reply: Response) -> float | None:
    """How long the service asks not to be asked; None if it does not say that there were too many requests.

    By `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); GitHub answers 403 with `X-RateLimit-Remaining: 0` and
    says when that ends (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).
    """
    remaining = reply.headers.get("X-RateLimit-Remaining", "")
    stated = reply.headers.get("Retry-After", "").strip()
    if reply.status_code not in (429, 503) and not (reply.status_code == 403 and (remaining == "0" or stated)):
        return None
    if reply.status_code == 503 and not stated:
        return None
    reset = reply.headers.get("X-RateLimit-Reset", "").strip()
    if stated.isascii() and stated.isdigit():
        return min(float(stated[:9]), LONGEST_PAUSE)
    when = parse_http_date_safe(stated) if stated else int(reset[:18]) if reset.isascii() and reset.isdigit() else None
    return min(max(when - time.time(), 1), LONGEST_PAUSE) if when is not None else DOWN_SECONDS


def in_words(seconds: float) -> str:
    """A time to wait, rounded up: “a minute”, “5 minutes”."""
    minutes = math.ceil(seconds / 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
