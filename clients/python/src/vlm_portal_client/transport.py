"""One request to the API: with a time limit, sent again when that may help, and conditional where an answer is kept."""

import json
import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

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


class Transport:
    """Sends requests to one portal. Safe to use from several threads."""

    def __init__(
        self, url: str, token: str | None, *, timeout: float, patience: float, network: httpx.BaseTransport | None
    ) -> None:
        address = httpx.URL(url)
        if address.scheme not in ("http", "https") or not address.host:
            raise ValueError(f"“{url}” is not the address of a portal, such as https://portal.example.org.")
        headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.base = f"{url.rstrip('/')}/api/v1/"
        self.patience = patience
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
        if answer.status_code == 304 and kept:
            return _object(kept.body, answer)
        if tag := answer.headers.get("ETag"):
            self._kept.put(address, tag, answer.content)
        return _object(answer.content, answer)

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
        answer = self._send(request, repeatable=repeatable)
        return _object(answer.content, answer)

    def _send(self, request: httpx.Request, *, repeatable: bool) -> httpx.Response:
        """Send a request until it succeeds, must not be sent again, or patience is at its end."""
        deadline = time.monotonic() + self.patience
        for attempt in range(1, TRIES + 1):
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311 -- no secret
            failure: Problem | Unreachable
            try:
                answer = self._http.send(request, follow_redirects=request.method == "GET")
            except httpx.RequestError as error:
                failure = Unreachable(f"{self.base} does not answer: {str(error) or type(error).__name__}.")
                failure.__cause__ = error
                again = repeatable or isinstance(error, NOT_SENT)
            else:
                if answer.is_success or answer.status_code == 304:
                    return answer
                failure = _problem(answer)
                again = _may_help_again(failure, repeatable=repeatable)
                wait = wait if failure.retry_after is None else failure.retry_after
            if not again or attempt == TRIES or time.monotonic() + wait > deadline:
                raise failure
            time.sleep(wait)
        raise AssertionError("the last try returns or raises")


def _may_help_again(problem: Problem, *, repeatable: bool) -> bool:
    if problem.status in BUSY:
        return True
    return repeatable and (problem.status in BROKEN or (problem.status == 409 and problem.retry_after is not None))


def _problem(answer: httpx.Response) -> Problem:
    """Return the exception of an error response; of one that is not from the portal, with what little it says."""
    try:
        members = json.loads(answer.content)
    except ValueError:
        members = None
    if not isinstance(members, dict) or "title" not in members:
        kind = answer.headers.get("Content-Type", "no content type")
        members = {
            "title": answer.reason_phrase,
            "detail": f"{answer.url} answers with {kind}, no problem of a portal.",
        }
    return problem_of(answer.status_code, members, retry_after=_seconds(answer.headers.get("Retry-After")))


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


def _object(content: bytes, answer: httpx.Response) -> dict[str, Any]:
    """Parse an answer. Raises UnexpectedAnswer for what is no JSON object."""
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        kind = answer.headers.get("Content-Type", "no content type")
        raise UnexpectedAnswer(f"{answer.url} answers with {kind} and no JSON object: is there a portal?")
    return value
