"""Posting to an address that somebody typed in: only to public ones, and only to the one that was looked at.

The name is resolved anew for each delivery and the connection goes to an address that was judged
(`submissions.outbound`): a name that leads elsewhere a moment later gains nothing. Redirects are not followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from submissions.outbound import NotPublic, Unresolved, public_addresses

TIMEOUT = 6.0
"""Seconds for each step: connect, write, a piece of the answer."""

DEADLINE = 15.0
"""Seconds for all of it, whatever the receiver does."""

PORTS = (443, 8443)


class BadDestination(ValueError):
    """Nothing is sent to this address; the message says why to its owner."""


class NotDelivered(Exception):
    """The receiver could not be reached, or did not answer in time."""


@dataclass(frozen=True)
class Destination:
    """A checked place: connect to one of `addresses`, ask for `host`."""

    host: str
    port: int
    target: str
    addresses: tuple[str, ...]
    tls: bool


def destination_of(url: str) -> Destination:
    """The checked place that a URL leads to now. Raises BadDestination, or NotDelivered where it leads nowhere."""
    parts = _parts(url)
    host, doubled = parts.hostname or "", parts.netloc in settings.FETCH_TEST_HOSTS
    port = parts.port or 443
    try:
        found = [host] if doubled else public_addresses(host, port)
    except NotPublic as error:
        raise BadDestination(f"{host} is not a public address.") from error
    except Unresolved as error:
        raise NotDelivered(f"{host} has no address at the moment.") from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(host, port, target, tuple(found), parts.scheme == "https")


def checked_url(url: str) -> str:
    """The URL, if its form is one that may be posted to; nothing is resolved. Raises BadDestination."""
    _parts(url)
    return url


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post a body and give the status of the answer. Raises BadDestination or NotDelivered."""
    place = destination_of(url)
    kind = http.client.HTTPSConnection if place.tls else http.client.HTTPConnection
    connection = kind(place.host, place.port, timeout=TIMEOUT)
    guard = threading.Timer(DEADLINE, lambda: _cut(connection))
    guard.start()
    try:
        connection.sock = _connected(place)
        if place.tls:
            connection.sock = _secured(connection.sock, place.host)
            connection.sock.do_handshake()
        connection.request("POST", place.target, body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(f"{type(error).__name__}: {error}"[:300]) from error
    finally:
        guard.cancel()
        connection.close()


def _parts(url: str) -> SplitResult:
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
    if port not in (None, *PORTS):
        raise BadDestination(f"The port must be one of {', '.join(map(str, PORTS))}.")
    return parts


def _connected(place: Destination) -> socket.socket:
    """A connection to the first of the checked addresses that takes one."""
    for address in place.addresses[:-1]:
        try:
            return socket.create_connection((address, place.port), timeout=TIMEOUT)
        except OSError:
            continue
    return socket.create_connection((place.addresses[-1], place.port), timeout=TIMEOUT)


def _secured(raw: socket.socket, host: str) -> ssl.SSLSocket:
    """TLS over it, for a certificate of `host`; the handshake is still to be made."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    return context.wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a connection from another thread: whoever waits for a byte is woken with an error."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself
