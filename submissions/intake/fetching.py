"""An HTTP client that reads metadata from a few allowed hosts only."""

import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import requests
from django.conf import settings
from django.core.cache import cache

from submissions.outbound import NotPublic, Unresolved, pinned_session

ALLOWED_HOSTS = {
    "export.arxiv.org": "arXiv",
    "arxiv.org": "arXiv",
    "api.crossref.org": "Crossref",
    "huggingface.co": "Hugging Face",
}
MAX_BYTES = 2_000_000
TIMEOUTS = (2.0, 4.0)
DEADLINE = 6.0
MAX_REDIRECTS = 3
RETRY_AFTER_SECONDS = 60
"""How long a site that did not answer gets no further requests, so that only one contributor waits for it."""

CHECK_THE_FORM = "please check the form and fill in what is missing."


class NotFetched(Exception):
    """Nothing could be read; the message is for the contributor."""


class Unreachable(NotFetched):
    """The site did not answer: the network or the site is down."""


def fetch(url: str, *, accept: str = "*/*") -> bytes:
    """The body at a URL of an allowed host. Raises NotFetched.

    Only https (test servers on loopback excepted), public IP addresses (`submissions.outbound`) and redirects between
    allowed hosts; no credentials or proxies of the environment; at most MAX_BYTES; at most about ten seconds (DEADLINE
    and one more read). A site that did not answer gets no request for RETRY_AFTER_SECONDS.
    """
    if not settings.FETCH_METADATA:
        raise NotFetched(f"Reading from other sites is switched off here; {CHECK_THE_FORM}")
    until = time.monotonic() + DEADLINE
    with pinned_session() as session:
        session.headers.update({"User-Agent": f"{settings.SITE_NAME} ({settings.SITE_URL})", "Accept": accept})
        for _ in range(MAX_REDIRECTS + 1):
            reply = _request(session, url, until)
            if isinstance(reply, bytes):
                return reply
            url = reply
    raise NotFetched(f"The address was forwarded too often; {CHECK_THE_FORM}")


def fetch_json(url: str) -> Any:
    """The JSON at a URL. Raises NotFetched, also for JSON that no database stores, such as lone surrogates."""
    body = fetch(url, accept="application/json")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotFetched(f"The answer could not be understood; {CHECK_THE_FORM}") from error


def _request(session: requests.Session, url: str, until: float) -> bytes | str:
    """The body, or the URL that the site redirects to."""
    host, name = _allowed(url)
    down = f"fetch-down:{host}"
    if cache.get(down):
        raise Unreachable(f"{name} could not be reached a moment ago; {CHECK_THE_FORM}")
    try:
        with session.get(url, timeout=TIMEOUTS, stream=True, allow_redirects=False) as reply:
            if reply.is_redirect:
                return urljoin(url, reply.headers["Location"])
            return _body(reply, name, until)
    except NotPublic as error:
        raise NotFetched(f"{name} does not answer from a public address here; {CHECK_THE_FORM}") from error
    except (requests.RequestException, Unresolved) as error:
        cache.set(down, True, RETRY_AFTER_SECONDS)
        raise Unreachable(f"{name} could not be reached; {CHECK_THE_FORM}") from error


def _allowed(url: str) -> tuple[str, str]:
    """The host and the name of its site. Raises NotFetched if the URL is not allowed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.netloc in settings.FETCH_TEST_HOSTS:
        return parts.netloc, host
    if parts.scheme != "https" or host not in ALLOWED_HOSTS or parts.netloc not in (host, f"{host}:443"):
        raise NotFetched("That address is not one of the sites that the portal reads from.")
    return host, ALLOWED_HOSTS[host]


def _body(reply: requests.Response, name: str, until: float) -> bytes:
    if reply.status_code == requests.codes.not_found:
        raise NotFetched(f"{name} does not know it; please check the id.")
    if reply.status_code == requests.codes.too_many_requests:
        raise NotFetched(f"{name} has been asked too often from here: wait a minute, or fill in what is missing.")
    if not reply.ok:
        raise NotFetched(f"{name} answered with an error ({reply.status_code}); {CHECK_THE_FORM}")
    body = bytearray()
    for chunk in reply.iter_content(65_536):
        body += chunk
        if len(body) > MAX_BYTES:
            raise NotFetched(f"{name} sent more than can be read; {CHECK_THE_FORM}")
        if time.monotonic() > until:
            raise NotFetched(f"{name} is too slow at the moment; {CHECK_THE_FORM}")
    return bytes(body)
