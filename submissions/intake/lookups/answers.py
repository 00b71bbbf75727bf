"""What services answered, kept for a while; who asks the same at the same time shares one look-up."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.cache import cache

from submissions.intake.lookups.sites import CHECK_THE_FORM, NotFetched, Site, Unknown

KEPT = 6 * 3600
KEPT_UNKNOWN = 600
KEPT_FAILED = 3
"""Seconds that an answer, a “there is none” and a failure are kept. Failures of a whole service also pause it."""
LOCKED = 15
"""Seconds after which somebody else may look up what a process that was killed was looking up."""
POLL = 0.05


@dataclass(frozen=True)
class Answer:
    """What a service says: values by payload key, and the URL where people can read the same, if there is
    one."""

    url: str
    fields: dict[str, Any] = field(default_factory=dict)


Reader = Callable[[str, float], Answer]
"""Reads what is known about an identifier, not later than a time of the monotonic clock. Raises NotFetched."""


def answer(site: Site, reader: Reader, argument: str, until: float) -> Answer:
    """The service's answer, from the cache if it was given before. Raises NotFetched."""
    digest = hashlib.sha256(f"{site.key}\n{reader.__name__}\n{argument}".encode()).hexdigest()
    kept, lock = f"lookup-answer:{digest}", f"lookup-lock:{digest}"
    while (known := cache.get(kept)) is None:
        if cache.add(lock, True, LOCKED):
            try:
                return _looked_up(kept, reader, argument, until)
            finally:
                cache.delete(lock)
        if time.monotonic() + POLL > until:
            raise NotFetched(f"{site.name} is too slow at the moment; {CHECK_THE_FORM}")
        time.sleep(POLL)
    if "error" in known:
        raise Unknown(known["error"]) if known["unknown"] else NotFetched(known["error"])
    return Answer(**known)


def _looked_up(kept: str, reader: Reader, argument: str, until: float) -> Answer:
    try:
        found = reader(argument, until)
    except NotFetched as error:
        is_unknown = isinstance(error, Unknown)
        failure = {"error": str(error), "unknown": is_unknown}
        cache.set(kept, failure, KEPT_UNKNOWN if is_unknown else KEPT_FAILED)
        raise
    cache.set(kept, asdict(found), KEPT)  # as plain values, which another release can read
    return found
