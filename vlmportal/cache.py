"""The shared cache in Redis or Valkey, without which the site goes on.

While it is away, each process uses its own memory instead, as a site without REDIS_URL does: nothing is refused, and
rate limits go on, counted for each process.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds after a failure in which Redis is left alone, so that a request waits for it once at most."""
LOG_EVERY = 60.0
"""Seconds between two warnings, at least."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class CacheState:
    """What became of the shared cache in this process: `since` is when it stopped answering, None while it answers;
    `skipped` counts the operations since the start of the process that went on without it."""

    since: datetime | None
    skipped: int


class CircuitBreaker:
    """Runs operations on Redis, or what replaces them for PAUSE seconds after one has failed.

    After the pause a single operation tries again while the others are still replaced. One for each process: Django
    makes a cache object for each thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.since: datetime | None = None
        self.skipped = 0
        self.retry_at = self.log_at = float("-inf")
        self.unlogged = 0

    @property
    def state(self) -> CacheState:
        with self.lock:
            return CacheState(self.since, self.skipped)

    def run(self, operation: Callable[[], Result], instead: Callable[[], Result]) -> Result:
        """The result of `operation`, or of `instead` while Redis is away. Other errors than Redis's are raised."""
        if self.since is None or self._may_try():
            try:
                result = operation()
            except RedisError as error:
                self._fail(error)
            else:
                if self.since is not None:
                    self._recover()
                return result
        with self.lock:
            self.skipped += 1
        return instead()

    def _may_try(self) -> bool:
        with self.lock:
            now = self.clock()
            if now < self.retry_at:
                return False
            self.retry_at = now + PAUSE
            return True

    def _fail(self, error: RedisError) -> None:
        with self.lock:
            self.since = self.since or timezone.now()
            self.retry_at = self.clock() + PAUSE
            reason = f"{type(error).__name__}: {error}"
            self._warn(f"The shared cache does not answer ({reason}); each process uses its own.")

    def _recover(self) -> None:
        with self.lock:
            self.since = None
            self._warn("The shared cache answers again.")

    def _warn(self, message: str) -> None:
        """Log what happened and how often the cache was done without, at most once in LOG_EVERY seconds."""
        now = self.clock()
        if now < self.log_at:
            self.unlogged += 1
            return
        log.warning(
            "%s %d operations went on without it since this process began; %d such messages were left out.",
            message,
            self.skipped,
            self.unlogged,
        )
        self.log_at, self.unlogged = now + LOG_EVERY, 0


breaker = CircuitBreaker()


def optional(name: str) -> Callable[..., Any]:
    """The operation `name` of a cache: in Redis, or in the memory of this process while Redis is away."""
    shared, local = getattr(RedisCache, name), getattr(LocMemCache, name)

    @wraps(shared)
    def operation(self: "OptionalRedisCache", *args: Any, **kwargs: Any) -> Any:
        return breaker.run(
            lambda: shared(self, *args, **kwargs),
            lambda: local(self.local, *args, **kwargs),
        )

    return operation


class OptionalRedisCache(RedisCache):
    """Django's cache in Redis, whose operations never fail because Redis does.

    An operation is tried once: redis-py would repeat it with pauses. OPTIONS has the timeouts; parameters of the same
    names in the URL take precedence.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        super().__init__(server, {**params, "OPTIONS": options})
        self.local = LocMemCache("while Redis is away", {**params, "OPTIONS": {"MAX_ENTRIES": 100_000}})

    def state(self) -> CacheState:
        """What became of Redis in this process, after asking it, unless it failed a moment ago."""
        self.has_key("state")
        return breaker.state

    add = optional("add")
    get = optional("get")
    set = optional("set")
    touch = optional("touch")
    delete = optional("delete")
    has_key = optional("has_key")
    incr = optional("incr")
    get_many = optional("get_many")
    set_many = optional("set_many")
    delete_many = optional("delete_many")
    clear = optional("clear")
