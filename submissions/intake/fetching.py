"""An HTTP client that reads metadata from a few allowed hosts only."""

import json
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.core.cache import cache

from submissions.outbound import NotPublic, Unresolved, pinned_session

HOSTS = {
    "export.arxiv.org": "arXiv",
    "arxiv.org": "arXiv",
    "api.crossref.org": "Crossref",
    "huggingface.co": "Hugging Face",
}
MAX_BYTES = 2_000_000
TIMEOUTS = (2.0, 4.0)
DEADLINE = 6.0
MAX_REDIRECTS = 3
PAUSE = 60
"""Seconds for which a site that did not answer is not asked again, so that one contributor waits and not each."""

BY_HAND = "please fill the form by hand."


class NotFetched(Exception):
    """Nothing could be read; the message says so to the contributor."""


class Unreachable(NotFetched):
    """The site did not answer: the network or the site is down."""


def fetch(url: str, *, accept: str = "*/*") -> bytes:
    """The body at a URL of an allowed host. Raises NotFetched.

    https only (a test's double on loopback excepted), no credentials and no proxy of the environment, redirects only
    within the list, only to public addresses (`submissions.outbound`), at most two megabytes, and about ten
    seconds in the worst case (DEADLINE and one more read). A site that did not answer is left alone for a minute.
    """
    if not settings.FETCH_METADATA:
        raise NotFetched(f"Reading from other sites is switched off here; {BY_HAND}")
    until = time.monotonic() + DEADLINE
    with pinned_session() as session:
        session.headers.update({"User-Agent": f"{settings.SITE_NAME} ({settings.SITE_URL})", "Accept": accept})
        for _ in range(MAX_REDIRECTS + 1):
            reply = _ask(session, url, until)
            if isinstance(reply, bytes):
                return reply
            url = reply
    raise NotFetched(f"The address was forwarded too often; {BY_HAND}")


def fetch_json(url: str) -> Any:
    """The JSON at a URL. Raises NotFetched."""
    body = fetch(url, accept="application/json")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotFetched(f"The answer could not be understood; {BY_HAND}") from error


def _ask(session: requests.Session, url: str, until: float) -> bytes | str:
    """The body, or the URL that the site redirects to."""
    host, name = _allowed(url)
    down = f"fetch-down:{host}"
    if cache.get(down):
        raise Unreachable(f"{name} could not be reached a moment ago; {BY_HAND}")
    try:
        with session.get(url, timeout=TIMEOUTS, stream=True, allow_redirects=False) as reply:
            if reply.is_redirect:
                return urljoin(url, reply.headers["Location"])
            return _body(reply, name, until)
    except NotPublic as error:
        raise NotFetched(f"{name} does not answer from a public address here; {BY_HAND}") from error
    except (requests.RequestException, Unresolved) as error:
        cache.set(down, True, PAUSE)
        raise Unreachable(f"{name} could not be reached; {BY_HAND}") from error


def _allowed(url: str) -> tuple[str, str]:
    """The host and the name of the site. Raises NotFetched if the URL is not allowed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.netloc in settings.FETCH_TEST_HOSTS:
        return parts.netloc, host
    if parts.scheme != "https" or host not in HOSTS or parts.netloc not in (host, f"{host}:443"):
        raise NotFetched("That address is not one of the sites that the portal reads from.")
    return host, HOSTS[host]


def _body(reply: requests.Response, name: str, until: float) -> bytes:
    if reply.status_code == requests.codes.not_found:
        raise NotFetched(f"{name} does not know it; please check the id.")
    if reply.status_code == requests.codes.too_many_requests:
        raise NotFetched(f"{name} has been asked too often from here; wait a minute, or {BY_HAND}")
    if not reply.ok:
        raise NotFetched(f"{name} answered with an error ({reply.status_code}); {BY_HAND}")
    body = bytearray()
    for piece in reply.iter_content(65_536):
        body += piece
        if len(body) > MAX_BYTES:
            raise NotFetched(f"{name} sent more than can be read; {BY_HAND}")
        if time.monotonic() > until:
            raise NotFetched(f"{name} is too slow at the moment; {BY_HAND}")
    return bytes(body)
