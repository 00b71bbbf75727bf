"""One request to the API: with a time limit, sent again when that may help, and conditional where an answer is kept."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx

from vlm_portal_client.errors import Problem, UnexpectedAnswer, Unreachable, problem_of
from vlm_portal_client.keeping import Kept
from vlm_portal_client.queries import Query

VERSION = "0.1.0"
USER_AGENT = f"vlm-portal-client/{VERSION}"
TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 16.0
"""Seconds between tries where the portal does not say how long: doubled each time, and less by chance up to half."""

BUSY = frozenset({429, 503})
"""Statuses of a request that was not carried out."""

BROKEN = frozenset({502, 504})
"""Statuses of a request of which nobody knows whether it was carried out."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Answer(NamedTuple):
    """An answer that has arrived."""

    status: int
    reason: str
    url: str
    headers: httpx.Headers
    content: bytes

    @property
    def media_type(self) -> str:
        """The Content-Type, in words if there is none."""
        return str(self.headers.get("Content-Type", "no content type"))


class Transport:
    """Sends requests to one portal. Safe to use from several threads."""

    def __init__(
        self, url: str, token: str | None, *, timeout: float, patience: float, network: httpx.BaseTransport | None
    ) -> None:
        _check_address(url)
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        if token:
            headers["Authorization"] = f"Bearer {token.strip()}"
        self.base = f"{url.rstrip('/')}/api/v1/"
        self.patience, self._timeout = patience, timeout
        self._http = httpx.Client(headers=headers, timeout=timeout, transport=network)
        self._kept = Kept()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, query: Query = ()) -> dict[str, Any]:
        """Return the JSON object at a path below /api/v1/. Raises PortalError.

        An answer with an ETag is kept, and the next request for it is conditional (RFC 9110, 13).
        """
        request = self._http.build_request("GET", self.base + path, params=query)
        address = str(request.url)
        kept = self._kept.get(address)
        if kept:
            request.headers["If-None-Match"] = kept.tag
        answer = self._send(request, repeatable=True)
        if answer.status == 304 and kept:
            return _object(answer._replace(content=kept.body))
        if tag := answer.headers.get("ETag"):
            self._kept.put(address, tag, answer.content)
        return _object(answer)

    def write(
        self,
        method: str,
        path: str,
        content: bytes,
        *,
        query: Query = (),
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        repeatable: bool,
    ) -> dict[str, Any]:
        """Send a body; return the JSON object of the answer. `repeatable`: sending it twice does it once. Raises
        PortalError."""
        sent = {"Content-Type": media_type, **(headers or {})}
        request = self._http.build_request(method, self.base + path, params=query, content=content, headers=sent)
        return _object(self._send(request, repeatable=repeatable))

    def _send(self, request: httpx.Request, *, repeatable: bool) -> Answer:
        """Send a request until it succeeds, must not be sent again, or patience is at its end."""
        deadline = time.monotonic() + self.patience
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._send_once(request, deadline + self._timeout)
            except (Problem, Unreachable) as failure:
                wait = _wait(failure, attempt)
                may_end = attempt == TRIES or time.monotonic() + wait > deadline
                if may_end or not _may_help_again(failure, repeatable=repeatable):
                    raise
            time.sleep(wait)

    def _send_once(self, request: httpx.Request, deadline: float) -> Answer:
        """Return a successful answer, or 304, that has arrived by the deadline. Raises PortalError."""
        try:
            response = self._http.send(request, stream=True, follow_redirects=request.method == "GET")
            with closing(response):
                answer = Answer(
                    response.status_code,
                    response.reason_phrase,
                    str(response.url),
                    response.headers,
                    b"".join(_until(deadline, response.iter_bytes())),
                )
        except httpx.TooManyRedirects:
            raise UnexpectedAnswer(f"{request.url} leads from one address to another without end.") from None
        except httpx.RequestError as error:
            raise Unreachable(f"{self.base} does not answer: {str(error) or type(error).__name__}.") from error
        if response.is_success or answer.status == 304:
            return answer
        raise _problem(answer)


def _check_address(url: str) -> None:
    """Raise ValueError for what cannot be the address of a portal's home page."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"“{url}” is no address: {error}") from error
    if address.scheme not in ("http", "https") or not address.host or address.query or address.fragment:
        raise ValueError(f"“{url}” is not the address of a portal, such as https://portal.example.org.")


def _until(deadline: float, parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the parts of a body. Raises Unreachable when they come too slowly."""
    for part in parts:
        if time.monotonic() > deadline:
            raise Unreachable("The answer comes so slowly that it does not end in time.")
        yield part


def _wait(failure: Problem | Unreachable, attempt: int) -> float:
    """Return the seconds to wait after a failed try: as the portal says, or longer each time, and by chance."""
    if isinstance(failure, Problem) and failure.retry_after is not None:
        return failure.retry_after
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311 -- no secret


def _may_help_again(failure: Problem | Unreachable, *, repeatable: bool) -> bool:
    if isinstance(failure, Unreachable):
        return repeatable or isinstance(failure.__cause__, NOT_SENT)
    if failure.status in BUSY:
        return True
    return repeatable and (failure.status in BROKEN or (failure.status == 409 and failure.retry_after is not None))


def _problem(answer: Answer) -> Problem:
    """Return the exception of an error response; of one that is not from the portal, with what little it says."""
    members = _parsed(answer.content)
    if not isinstance(members, dict) or "title" not in members:
        detail = f"{answer.url} answers with {answer.media_type}, no problem of a portal."
        members = {"title": answer.reason, "detail": detail}
    return problem_of(answer.status, members, retry_after=_seconds(answer.headers.get("Retry-After")))


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds in a Retry-After header, which may have a date (RFC 9110, 10.2.3); None if it has neither."""
    if retry_after is None:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        then = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    now = datetime.now(UTC)
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())


def _object(answer: Answer) -> dict[str, Any]:
    """Parse an answer. Raises UnexpectedAnswer for what is no JSON object."""
    value = _parsed(answer.content)
    if not isinstance(value, dict):
        raise UnexpectedAnswer(f"{answer.url} answers with {answer.media_type} and no JSON object: is there a portal?")
    return value


def _parsed(content: bytes) -> Any:
    """Return the value of JSON, None for what is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
