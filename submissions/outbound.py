"""HTTP connections to public IP addresses only (SSRF protection).

A host name is resolved once, all its addresses are checked, and the socket connects to a checked address, so that
DNS rebinding has no effect.
"""

import ipaddress
import socket
import threading
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError

DNS_TIMEOUT = 2.0
"""Seconds for a DNS lookup: the system's resolver has no timeout and may take half a minute without a network."""

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


def pinned_session() -> requests.Session:
    """A session that connects to checked addresses only and ignores the environment (proxies, .netrc)."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _PinnedAdapter())
    session.mount("http://", _PinnedAdapter())
    return session


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


def _connect_to_public_address(connection: HTTPConnection) -> socket.socket:
    """A socket to the first checked address that accepts a connection. Test servers on loopback are not checked."""
    is_test_host = f"{connection.host}:{connection.port}" in settings.FETCH_TEST_HOSTS
    port = connection.port or 443
    addresses = [connection.host] if is_test_host else public_addresses(connection.host, port)
    last_error: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=connection.timeout)
        except OSError as error:
            last_error = error
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
