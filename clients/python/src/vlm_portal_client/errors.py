"""What a call may raise. All are a PortalError; what the portal itself refuses is a Problem (RFC 9457)."""

from collections.abc import Iterator, Mapping
from typing import Any


class PortalError(Exception):
    """Base class of all errors of this package."""


class Unreachable(PortalError):
    """The portal does not answer: no connection, or none in time."""


class UnexpectedAnswer(PortalError):
    """An answer that is not one of a portal's API."""


class NoSuchKind(PortalError, ValueError):
    """A kind of entries that the portal does not have; the message lists those that it has."""


class NoSuchBoard(PortalError, LookupError):
    """A board that the benchmark does not have; the message lists those that it has."""


class PandasMissing(PortalError, ImportError):
    """A data frame was asked for, and pandas is not installed."""


class Problem(PortalError):
    """An error response. `errors` gives messages by parameter, member or field, nested as the values were sent;
    `members` has all members of the document; `retry_after` is in seconds, None if the portal names no time."""

    def __init__(self, status: int, members: Mapping[str, Any], *, retry_after: float | None = None) -> None:
        self.status = status
        self.members = dict(members)
        self.retry_after = retry_after
        super().__init__(self._sentence())

    @property
    def type(self) -> str:
        """The URI of the type of problem, which explains it."""
        return str(self.members.get("type", "about:blank"))

    @property
    def title(self) -> str:
        """The status in words."""
        return str(self.members.get("title", ""))

    @property
    def detail(self) -> str:
        """What is wrong in this case."""
        return str(self.members.get("detail", ""))

    @property
    def errors(self) -> dict[str, Any]:
        """Messages by what they are about; empty if the problem is not about a value."""
        errors = self.members.get("errors")
        return errors if isinstance(errors, dict) else {}

    def _sentence(self) -> str:
        heading = f"{self.status} {self.title}".strip()
        return "\n".join([f"{heading}: {self.detail}" if self.detail else heading, *_lines(self.errors)])


class Unauthorized(Problem):
    """401: there is no token, or it is unknown, expired or revoked."""


class Forbidden(Problem):
    """403: the token or its account may not do this."""


class NotFound(Problem):
    """404: there never was such an entry, or it was not there yet at that time."""


class Conflict(Problem):
    """409: it cannot be done now, or was proposed already."""


class Retired(Problem):
    """410: the entry was retired or merged; `members` has the `reason` and where its `revisions` are."""


class Stale(Problem):
    """412: the entry or the proposal was changed since the revision that the call named."""


class Invalid(Problem):
    """400 or 422: some values are not right; `errors` says which, and why."""


class TooManyRequests(Problem):
    """429: the quota is used up; `retry_after` says for how many seconds."""


BY_STATUS: dict[int, type[Problem]] = {
    400: Invalid,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Retired,
    412: Stale,
    422: Invalid,
    429: TooManyRequests,
}


def problem_of(status: int, members: Mapping[str, Any], *, retry_after: float | None = None) -> Problem:
    """Make the exception for an error response."""
    return BY_STATUS.get(status, Problem)(status, members, retry_after=retry_after)


def _lines(errors: Any, place: str = "") -> Iterator[str]:
    """Yield a line for each message, with the place of what it is about."""
    if isinstance(errors, Mapping):
        for name, below in errors.items():
            yield from _lines(below, f"{place}.{name}" if place else str(name))
    elif isinstance(errors, list):
        for below in errors:
            yield from _lines(below, place)
    else:
        yield f"  {place}: {errors}" if place else f"  {errors}"
