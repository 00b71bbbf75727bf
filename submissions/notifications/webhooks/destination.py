"""Post to a URL that somebody typed in, without reaching private networks (SSRF).

The host is resolved again for each delivery, and the connection goes to an IP address that was checked
(`submissions.outbound`), so that DNS rebinding has no effect. Redirects are not followed.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from catalog.text.documents import without_forbidden
from submissions.outbound import DNS_TIMEOUT, NotPublic, Unresolved, is_obviously_private, public_addresses

TIMEOUT = 6.0
"""Seconds for each step: connect, write, read a chunk of the response."""

DEADLINE = 15.0
"""Seconds for the whole request, from looking up the host to its answer, whatever resolver and receiver do."""

MAX_ADDRESSES = 2
"""How many of a host's addresses are tried."""

NOT_PUBLIC = "This is not the address of a public server."
"""The one answer for every host that is refused or not known, so that nobody learns which names and addresses there are
in the network of the portal."""

PORTS = (443, 8443)


class BadDestination(ValueError):
    """Nothing may be posted to this URL; the message tells its owner why."""


class NotDelivered(Exception):
    """The receiver could not be reached or did not respond in time."""


@dataclass(frozen=True)
class Destination:
    """A checked URL: connect to one of the IP `addresses`, request `target` of `host`."""

    host: str
    port: int
    target: str
    addresses: tuple[str, ...]
    tls: bool


def resolve_destination(url: str, timeout: float = DNS_TIMEOUT) -> Destination:
    """Check a URL and resolve its host. Raises BadDestination, or NotDelivered if the host does not resolve."""
    parts = _split_url(url)
    host, is_test_host = parts.hostname or "", parts.netloc in settings.FETCH_TEST_HOSTS
    port = parts.port or 443
    try:
        addresses = [host] if is_test_host else public_addresses(host, port, timeout)
    except NotPublic as error:
        raise BadDestination(NOT_PUBLIC) from error
    except Unresolved as error:
        raise NotDelivered(NOT_PUBLIC) from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(host, port, target, tuple(addresses[:MAX_ADDRESSES]), parts.scheme == "https")


def checked_url(url: str) -> str:
    """The URL itself; nothing is resolved. Raises BadDestination unless it may be posted to."""
    _split_url(url)
    return url


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post a body and return the HTTP status of the response. Raises BadDestination or NotDelivered."""
    until = time.monotonic() + DEADLINE
    destination = resolve_destination(url, min(DNS_TIMEOUT, DEADLINE))
    connection_class = http.client.HTTPSConnection if destination.tls else http.client.HTTPConnection
    connection = connection_class(destination.host, destination.port, timeout=TIMEOUT)
    timer: threading.Timer | None = None
    try:
        connection.sock = _connect(destination, until)
        timer = threading.Timer(until - time.monotonic(), lambda: _abort(connection))
        timer.start()
        if destination.tls:
            connection.sock = _wrap_tls(connection.sock, destination.host)
            connection.sock.do_handshake()
        connection.request("POST", destination.target, body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        # a status line that is none is quoted, whatever it holds
        raise NotDelivered(without_forbidden(f"{type(error).__name__}: {error}")[:300]) from error
    finally:
        if timer is not None:
            timer.cancel()
        connection.close()


def _split_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadDestination("This is not the address of a web server.") from error
    if not parts.hostname or not url.isascii() or any(character <= " " for character in url):
        raise BadDestination("This is not the address of a web server.")
    if parts.netloc in settings.FETCH_TEST_HOSTS:
        return parts
    if parts.scheme != "https":
        raise BadDestination("The address must begin with https://.")
    if parts.username is not None or parts.fragment:
        raise BadDestination("The address must have neither a user name nor a part after #.")
    if is_obviously_private(parts.hostname):
        raise BadDestination(NOT_PUBLIC)
    if port not in (None, *PORTS):
        raise BadDestination(f"The port must be one of {', '.join(map(str, PORTS))}.")
    return parts


def _connect(destination: Destination, until: float) -> socket.socket:
    """A socket to the first of the checked addresses that accepts a connection. Raises OSError if none does by
    `until`, a time of the monotonic clock."""
    refusal: OSError = TimeoutError("no time is left")
    for address in destination.addresses:
        if (seconds := min(TIMEOUT, until - time.monotonic())) <= 0:
            break
        try:
            return socket.create_connection((address, destination.port), timeout=seconds)
        except OSError as error:
            refusal = error
    raise refusal


def _wrap_tls(raw: socket.socket, host: str) -> ssl.SSLSocket:
    """Wrap a socket in TLS that verifies the certificate of `host`; the caller does the handshake."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    return context.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)


def _abort(connection: http.client.HTTPConnection) -> None:
    """Shut a connection down from another thread, so that a blocking read raises an error."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # closed already
