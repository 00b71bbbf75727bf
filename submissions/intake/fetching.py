"""The one way out: a client that reads metadata from a few named hosts, and from nowhere else."""

import ipaddress
import json
import socket
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings

HOSTS = {
    "export.arxiv.org": "arXiv",
    "arxiv.org": "arXiv",
    "api.crossref.org": "Crossref",
    "huggingface.co": "Hugging Face",
}
MOST_BYTES = 2_000_000
TIMEOUTS = (3.05, 6.0)
DEADLINE = 10.0
MOST_REDIRECTS = 3


class NotFetched(Exception):
    """Nothing could be read; the message says so to the contributor."""


def fetch(url: str, *, accept: str = "*/*") -> bytes:
    """The body at an address of an allowed host. Raises NotFetched.

    https only (a test's double on loopback excepted), no credentials, redirects only within the list, no private
    address, at most two megabytes and ten seconds.
    """
    if not settings.FETCH_METADATA:
        raise NotFetched("Reading from other sites is switched off here; please fill the form by hand.")
    until = time.monotonic() + DEADLINE
    for _ in range(MOST_REDIRECTS + 1):
        name = _allowed(url)
        try:
            with requests.get(
                url,
                headers={"User-Agent": f"{settings.SITE_NAME} ({settings.SITE_URL})", "Accept": accept},
                timeout=TIMEOUTS,
                stream=True,
                allow_redirects=False,
            ) as reply:
                if not reply.is_redirect:
                    return _body(reply, name, until)
                url = urljoin(url, reply.headers["Location"])
        except requests.RequestException as error:
            raise NotFetched(f"{name} could not be reached; please fill the form by hand.") from error
    raise NotFetched("The address was forwarded too often; please fill the form by hand.")


def fetch_json(url: str) -> Any:
    """The JSON at an address. Raises NotFetched."""
    body = fetch(url, accept="application/json")
    try:
        return json.loads(body)
    except ValueError as error:
        raise NotFetched("The answer could not be understood; please fill the form by hand.") from error


def _allowed(url: str) -> str:
    """The name of the site; NotFetched where the address is none of the allowed."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.netloc in settings.FETCH_TEST_HOSTS:
        return host
    if parts.scheme != "https" or host not in HOSTS or parts.port not in (None, 443) or parts.username:
        raise NotFetched("That address is not one of the sites that the portal reads from.")
    try:
        found = {ipaddress.ip_address(row[4][0]) for row in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, ValueError) as error:
        raise NotFetched(f"{HOSTS[host]} could not be reached; please fill the form by hand.") from error
    if not all(address.is_global for address in found):
        raise NotFetched(f"{HOSTS[host]} does not answer from a public address here; please fill the form by hand.")
    return HOSTS[host]


def _body(reply: requests.Response, name: str, until: float) -> bytes:
    if reply.status_code == requests.codes.not_found:
        raise NotFetched(f"{name} does not know it; please check the id.")
    if not reply.ok:
        raise NotFetched(f"{name} answered with an error ({reply.status_code}); please fill the form by hand.")
    body = bytearray()
    for piece in reply.iter_content(65_536):
        body += piece
        if len(body) > MOST_BYTES:
            raise NotFetched(f"{name} sent more than can be read; please fill the form by hand.")
        if time.monotonic() > until:
            raise NotFetched(f"{name} is too slow at the moment; please fill the form by hand.")
    return bytes(body)
