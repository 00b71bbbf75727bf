"""HTTP connections to public IP addresses only (SSRF protection).

A host name is resolved once, all its addresses are checked, and the socket connects to a checked address, so that
DNS rebinding has no effect.
"""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

DNS_TIMEOUT = 2.0
"""Seconds for a DNS lookup: the system's resolver has no timeout and may take half a minute without a network."""

MAX_ADDRESSES = 2
"""How many of a host's addresses a session tries."""

LOCAL_DOMAINS = (
    *(".localhost", ".local", ".internal", ".home.arpa", ".test"),
    *(".lan", ".home", ".corp", ".intranet", ".private", ".localdomain"),
)
"""Domains of local networks: RFC 6761, 6762, 8375, ICANN's reserved .internal, and habits."""

UNICAST_V6 = ipaddress.ip_network("2000::/3")
"""All that IANA has given out of IPv6. Outside are, besides what is reserved, all ways to write an IPv4 address in an
IPv6 one, which a translator would route inside: ::/96, ::ffff:0:0/96, ::ffff:0:0:0/96, 64:ff9b::/96."""

# what is special within (IANA's registries of special-purpose addresses), and not all of it to every Python: protocol
# assignments with Teredo, documentation, 6to4, and the relays of 6to4
REFUSED_NETWORKS = [
    ipaddress.ip_network(net)
    for net in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]


class NotPublic(Exception):
    """The host name resolves to a private, loopback or otherwise reserved address."""


class Unresolved(Exception):
    """The host name does not resolve, or the resolver does not answer in time."""


def public_addresses(host: str, port: int, timeout: float = DNS_TIMEOUT) -> list[str]:
    """The IP addresses of a host, all of them public (RFC 6890). Raises NotPublic or, after `timeout` seconds at the
    latest, Unresolved."""
    addresses = _resolve(host, port, timeout)
    if not all(is_public(ipaddress.ip_address(address.partition("%")[0])) for address in addresses):
        raise NotPublic(host)
    return addresses


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is a unicast address of the public Internet outside REFUSED_NETWORKS."""
    refused = any(address in net for net in REFUSED_NETWORKS)
    unicast = address.version == 4 or address in UNICAST_V6
    return unicast and address.is_global and not address.is_multicast and not refused


@contextmanager
def pinned_session(until: float) -> Iterator[requests.Session]:
    """A session that connects to checked addresses only and ignores the environment (proxies, .netrc).

    At `until`, a time of the monotonic clock, its connections are shut down whatever they wait for: a site that sends a
    byte every second is within every timeout of a read. What was read until then may be cut off.
    """
    deadline = _Deadline(until)
    token = _deadline.set(deadline)
    try:
        with _Session() as session:
            session.trust_env = False
            session.mount("https://", _PinnedAdapter())
            session.mount("http://", _PinnedAdapter())
            yield session
    finally:
        _deadline.reset(token)
        deadline.close()


def is_obviously_private(host: str) -> bool:
    """Whether a host cannot be on the public Internet by its very name: an IP address in any spelling that resolvers
    take (127.1, 0x7f000001), a name without a dot, or one of a local domain. Nothing is looked up: a name that resolves
    to nothing, or to a private address, is none of these."""
    host = host.rstrip(".").lower()
    try:
        return not is_public(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        pass  # it is a name, or an IPv4 address in an old spelling
    try:
        return not is_public(ipaddress.IPv4Address(socket.inet_aton(host)))
    except OSError:
        return "." not in host or f".{host}".endswith(LOCAL_DOMAINS)


def _resolve(host: str, port: int, timeout: float) -> list[str]:
    """Resolve in a thread, which is abandoned when the resolver does not answer in time. Raises Unresolved."""
    addresses: list[str] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return  # then `addresses` stays empty
        addresses.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    thread = threading.Thread(target=look_up, name=f"DNS lookup of {host}", daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive() or not addresses:
        raise Unresolved(host)
    return addresses


class _Session(requests.Session):
    """Leaves redirects to its user: requests reads their bodies, whatever their size, and parses where they lead to,
    even if it is not to follow them."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class _Deadline:
    """Shuts sockets down at a time of the monotonic clock, from a thread of its own."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.lock = threading.Lock()
        self.handles: list[socket.socket] = []
        self.timer = threading.Timer(max(0.0, self.left), self._shut_down)
        self.timer.daemon = True
        self.timer.start()

    @property
    def left(self) -> float:
        """The seconds that are left; negative ones are over."""
        return self.until - time.monotonic()

    def watch(self, connected: socket.socket) -> None:
        """Shut down the connection of a socket in time; TLS takes the socket itself over, so a duplicate is kept."""
        with self.lock:
            self.handles.append(connected.dup())
        if self.left <= 0:
            self._shut_down()

    def close(self) -> None:
        """Watch no longer."""
        self.timer.cancel()
        with self.lock:
            for handle in self.handles:
                handle.close()
            self.handles.clear()

    def _shut_down(self) -> None:
        with self.lock:
            for handle in self.handles:
                try:
                    handle.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # closed by the other side


_deadline: ContextVar[_Deadline] = ContextVar("_deadline")
"""That of the session in use."""


def _connect_to_public_address(connection: HTTPConnection) -> socket.socket:
    """A socket to the first checked address that accepts a connection. Test servers on loopback are not checked."""
    deadline = _deadline.get()
    is_test_host = f"{connection.host}:{connection.port}" in settings.FETCH_TEST_HOSTS
    port = connection.port or 443
    seconds = min(DNS_TIMEOUT, deadline.left)
    addresses = [connection.host] if is_test_host else public_addresses(connection.host, port, seconds)
    last_error: OSError = TimeoutError("no time is left")
    for address in addresses[:MAX_ADDRESSES]:
        if (seconds := min(float(connection.timeout or DNS_TIMEOUT), deadline.left)) <= 0:
            break
        try:
            connected = socket.create_connection((address, port), timeout=seconds)
        except OSError as error:
            last_error = error
        else:
            deadline.watch(connected)
            return connected
    raise NewConnectionError(connection, f"No address of {connection.host} answers: {last_error}")


class _PinnedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect_to_public_address(self)


class _PinnedHTTPS(HTTPSConnection):
    """The certificate is still verified against the host name: only the socket differs."""

    def _new_conn(self) -> socket.socket:
        return _connect_to_public_address(self)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _PinnedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedHTTPS


class _PinnedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
