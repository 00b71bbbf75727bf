"""The one way out: a request to a service, with every limit that protects the portal and the service."""

import logging
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
import requests
from anyascii import anyascii
from django.conf import settings
from urllib3.exceptions import HTTPError

from catalog.text.documents import without_forbidden
from submissions.intake.lookups.courtesy import (
    DOWN_SECONDS,
    ERROR_SECONDS,
    in_words,
    pause,
    refuse_in_pause,
    seconds_to_wait,
    take_turn,
)
from submissions.intake.lookups.sites import CHECK_THE_FORM, NotFetched, Site
from submissions.outbound import NotPublic, Unresolved, pinned_session

log = logging.getLogger(__name__)

MAX_BYTES = 2_000_000
CONNECT_SECONDS = 2.0
CHUNK = 16_384
MAX_REDIRECTS = 3

JSON, ATOM, HTML, BIBTEX = "application/json", "application/atom+xml", "text/html", "application/x-bibtex"
ENDINGS = {
    JSON: ("/json", "+json"),
    ATOM: ("/xml", "/atom+xml"),
    HTML: ("/html", "/xhtml+xml"),
    BIBTEX: ("bibtex", "/plain", "/octet-stream"),
}
"""How the media types end that an answer may have where one is wanted."""


def fetch(site: Site, url: str, media_type: str, until: float) -> bytes:
    """The body at a URL of the service, not later than `until`, a time of the monotonic clock. Raises NotFetched.

    Only https (test servers on loopback excepted), the service's hosts, also in redirects, and public IP addresses
    (`submissions.outbound`); no cookies, credentials or proxies; at most MAX_BYTES; only media types that can be
    `media_type`.
    """
    if not site.is_on:
        raise site.switched_off()
    refuse_in_pause(site)
    take_turn(site, until)
    with pinned_session(until) as session:
        session.headers.update({"User-Agent": user_agent(), "Accept": f"{media_type}, */*;q=0.1"})
        for _ in range(MAX_REDIRECTS + 1):
            reply = _request(site, session, url, media_type, until)
            if isinstance(reply, bytes):
                return reply
            url = reply
    raise NotFetched(f"{site.name} forwarded too often; {CHECK_THE_FORM}")


def fetch_json(site: Site, url: str, until: float) -> Any:
    """The JSON at a URL. Raises NotFetched, also for JSON that no database stores, such as lone surrogates."""
    body = fetch(site, url, JSON, until)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise site.not_understood() from error


def user_agent() -> str:
    """Who asks, in the ASCII that a header holds: the site, its address and where its people can be reached."""
    where = "; ".join(filter(None, (settings.SITE_URL, settings.CONTACT_URL)))
    return " ".join(anyascii(f"{settings.SITE_NAME} ({where})").split())


def _request(site: Site, session: requests.Session, url: str, media_type: str, until: float) -> bytes | str:
    """The body, or the URL that the service redirects to."""
    _check(site, url)
    left = until - time.monotonic()
    if left <= 0:
        raise _too_slow(site)
    try:
        with session.get(url, timeout=(min(CONNECT_SECONDS, left), left), stream=True, allow_redirects=False) as reply:
            if reply.is_redirect:
                session.cookies.clear()
                return _joined(site, url, reply.headers["Location"])
            _check_status(site, reply)
            _check_media_type(site, reply, media_type)
            return _body(site, reply, until)
    except NotPublic as error:
        raise NotFetched(f"{site.name} does not answer from a public address here; {CHECK_THE_FORM}") from error
    except (requests.RequestException, HTTPError, Unresolved) as error:
        if time.monotonic() >= until:
            raise _too_slow(site) from error
        log.warning(
            "%s could not be reached: %s", site.name, without_forbidden(f"{type(error).__name__}: {error}")[:500]
        )
        pause(site, f"{site.name} could not be reached a moment ago; {CHECK_THE_FORM}", DOWN_SECONDS)
        raise NotFetched(f"{site.name} could not be reached; {CHECK_THE_FORM}") from error


def _check(site: Site, url: str) -> None:
    """Raise NotFetched for a URL that is not one of the service."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:  # brackets without a partner
        parts, host = urlsplit(""), ""
    is_own = parts.scheme == "https" and host in site.hosts and parts.netloc in (host, f"{host}:443")
    if not is_own and parts.netloc not in settings.FETCH_TEST_HOSTS:
        raise NotFetched(f"{site.name} points to another site, which is not read; {CHECK_THE_FORM}")


def _joined(site: Site, url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise site.not_understood() from error


def _check_status(site: Site, reply: requests.Response) -> None:
    """Raise NotFetched for an answer that has not what was asked for."""
    if (seconds := seconds_to_wait(reply)) is not None:
        wait = f"wait {in_words(seconds)}, or fill in what is missing."
        sentence = f"{site.name} has been asked too often from here: {wait}"
        pause(site, sentence, seconds)
        raise NotFetched(sentence)
    if reply.status_code in (requests.codes.not_found, requests.codes.gone):
        raise site.unknown()
    if reply.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise NotFetched(
            f"{site.name} does not show it to this site (it may be private, or the id wrong); {CHECK_THE_FORM}"
        )
    if reply.status_code != requests.codes.ok:
        sentence = f"{site.name} answered with an error ({reply.status_code}); {CHECK_THE_FORM}"
        if reply.status_code >= requests.codes.server_error:
            pause(site, sentence, ERROR_SECONDS)
        raise NotFetched(sentence)


def _check_media_type(site: Site, reply: requests.Response, wanted: str) -> None:
    stated = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if stated and not stated.endswith(ENDINGS[wanted]):
        raise site.not_understood()


def _body(site: Site, reply: requests.Response, until: float) -> bytes:
    body = bytearray()
    for chunk in reply.iter_content(CHUNK):
        body += chunk
        if len(body) > MAX_BYTES:
            raise NotFetched(f"{site.name} sent more than can be read; {CHECK_THE_FORM}")
    if time.monotonic() >= until:  # then the connection was shut down, and the body may lack its end
        raise _too_slow(site)
    return bytes(body)


def _too_slow(site: Site) -> NotFetched:
    """The error for a service that is not done in time; the next contributor does not wait for it."""
    sentence = f"{site.name} is too slow at the moment; {CHECK_THE_FORM}"
    pause(site, sentence, DOWN_SECONDS)
    return NotFetched(sentence)
