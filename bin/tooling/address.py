"""Where the site listens: reading and checking HOST and PORT, and the URL to open."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tooling.base import ScriptError

WILDCARD_HOSTS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 -- only compared with, never bound here


@dataclass(frozen=True)
class Address:
    """A host and a TCP port to listen on."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """The host to use on this machine: loopback when listening on all interfaces."""
        return WILDCARD_HOSTS.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The URL to open in a browser on this machine, without a trailing slash."""
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def from_environment() -> Address:
    """HOST (default 127.0.0.1) and PORT (default 8000). Raises ScriptError for an invalid port."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ScriptError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return Address(host=(os.environ.get("HOST") or "127.0.0.1").strip("[]"), port=int(text))


def require_free(address: Address) -> None:
    """Listen on `address` briefly. Raises ScriptError if it is in use, forbidden or not an address of this machine."""
    trial, sockaddr = _socket_for(address, socket.SOCK_STREAM)
    with trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(sockaddr)
            trial.listen(1)
        except OSError as error:
            raise ScriptError(listen_error(address, error)) from None


@contextmanager
def reserved(address: Address) -> Iterator[None]:
    """Keep `address` to this start of the site, from its preparations to the end of its server.

    The TCP port cannot do that: granian's processes share it by SO_REUSEPORT, and so would those of a second start. The
    UDP port of the same number, which is not used otherwise, belongs to one process, until this one ends. Raises
    ScriptError as `require_free` does, and if another process has that UDP port, of the site or of any other program.
    """
    require_free(address)
    mark, sockaddr = _socket_for(address, socket.SOCK_DGRAM)
    with mark:
        try:
            mark.bind(sockaddr)
        except OSError as error:
            raise ScriptError(mark_error(address, error)) from None
        yield


def _socket_for(address: Address, kind: socket.SocketKind) -> tuple[socket.socket, tuple[Any, ...]]:
    """A socket of this kind, and what to bind it to. Raises ScriptError if HOST is no address."""
    try:
        candidates = socket.getaddrinfo(address.host, address.port, type=kind, flags=socket.AI_PASSIVE)
    except OSError:
        raise ScriptError(f"HOST {address.host!r} is not an address of this machine.") from None
    family, _, protocol, _, sockaddr = candidates[0]
    return socket.socket(family, kind, protocol), sockaddr


def mark_error(address: Address, error: OSError) -> str:
    """Why the UDP port by which a start of the site is known could not be taken, and what to do about it."""
    if error.errno != errno.EADDRINUSE:
        return listen_error(address, error)
    return (
        f"UDP port {address.port} on {address.host} is in use: by this site, if it runs or is being started there "
        f"already ({address.url}), or by another program (Linux: ss -ulpn, macOS: lsof -i UDP:{address.port}); "
        f"stop that one or choose another port: make run PORT={address.port % 65535 + 1}"
    )


def listen_error(address: Address, error: OSError) -> str:
    """Why listening on `address` failed, and what to do about it."""
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST {address.host!r} is not an address of this machine."
    if error.errno == errno.EACCES:
        return f"port {address.port} needs root; choose one from 1024 upwards: make run PORT=8000"
    problem = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return (
        f"port {address.port} on {address.host} {problem}; choose another one: make run PORT={address.port % 65535 + 1}"
    )
