"""Connections to public addresses only: a name is looked up once, each of its addresses is judged, and the socket goes
to the very address that was judged, so that an answer that changes in between (DNS rebinding) changes nothing."""

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

LOOK_UP = 2.0
"""Seconds for a look-up: the system's resolver knows no timeout and may take half a minute without a network."""


# global by the registry, and yet they stand for others (a translator at our edge would lead them inside) or once were
# somebody's own
DISGUISES = [
    ipaddress.ip_network(net)
    for net in ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
]


class NotPublic(Exception):
    """The name leads to a private, loopback or otherwise reserved address."""


class Unresolved(Exception):
    """The name leads nowhere, or the resolver is silent."""


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of a host, all of them public (RFC 6890). Raises NotPublic or Unresolved."""
    found = _looked_up(host, port)
    if not all(is_public(ipaddress.ip_address(address.partition("%")[0])) for address in found):
        raise NotPublic(host)
    return found


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one host of the public Internet, and no disguise of another one."""
    disguised = any(address.version == net.version and address in net for net in DISGUISES)
    return address.is_global and not address.is_multicast and not disguised


def pinned_session() -> requests.Session:
    """A session whose connections go to judged addresses; nothing of the environment (proxies, .netrc) is used."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _PinnedAdapter())
    session.mount("http://", _PinnedAdapter())
    return session


def _looked_up(host: str, port: int) -> list[str]:
    """In a thread of its own, which is left behind when the resolver does not answer in time."""
    answer: list[str] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return  # an empty answer says so
        answer.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    asking = threading.Thread(target=ask, name=f"look-up of {host}", daemon=True)
    asking.start()
    asking.join(LOOK_UP)
    if asking.is_alive() or not answer:
        raise Unresolved(host)
    return answer


def _judged_socket(connection: HTTPConnection) -> socket.socket:
    """A socket to the first judged address that answers; a test's double on loopback needs no judgement."""
    double = f"{connection.host}:{connection.port}" in settings.FETCH_TEST_HOSTS
    port = connection.port or 443
    addresses = [connection.host] if double else public_addresses(connection.host, port)
    trouble: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=connection.timeout)
        except OSError as error:
            trouble = error
    raise NewConnectionError(connection, f"No address of {connection.host} answers: {trouble}")


class _PinnedHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _judged_socket(self)


class _PinnedHTTPS(HTTPSConnection):
    """The certificate is still asked for by name: only the socket is ours."""

    def _new_conn(self) -> socket.socket:
        return _judged_socket(self)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _PinnedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PinnedHTTPS


class _PinnedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
