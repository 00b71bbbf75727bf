"""Where the site listens: HOST and PORT read and tried, and the address that a person opens."""

import errno
import os
import socket
from dataclasses import dataclass

from house.base import HouseError

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 -- compared with, never bound here


@dataclass(frozen=True)
class Address:
    """A host and a TCP port to listen on."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """The host as this machine itself reaches it: loopback when listening everywhere."""
        return ANY.get(self.host, self.host)

    @property
    def url(self) -> str:
        """What to type into a browser on this machine, without a closing slash."""
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def from_environment() -> Address:
    """HOST (default 127.0.0.1) and PORT (default 8000). Raises HouseError for a port that is none."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise HouseError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return Address(host=(os.environ.get("HOST") or "127.0.0.1").strip("[]"), port=int(text))


def require_free(address: Address) -> None:
    """Try to listen on `address` for a moment. Raises HouseError when it is taken, forbidden or not of this machine."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise HouseError(f"HOST {address.host!r} is not an address of this machine.") from None
    family, kind, protocol, _, where = found[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(where)
            trial.listen(1)
        except OSError as error:
            raise HouseError(reason(address, error)) from None


def reason(address: Address, error: OSError) -> str:
    """Why it is not possible to listen on `address`, and what to do about it."""
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST {address.host!r} is not an address of this machine."
    if error.errno == errno.EACCES:
        return f"port {address.port} is for root; choose one from 1024 up: make run PORT=8000"
    taken = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return (
        f"port {address.port} on {address.host} {taken}; choose another one: make run PORT={address.port % 65535 + 1}"
    )
