"""Nothing is posted to an address inside, whatever its name says."""

import socket
import threading
import time
from ipaddress import ip_address
from typing import Any

import pytest

from submissions import outbound
from submissions.notifications.webhooks import destination
from submissions.notifications.webhooks.destination import (
    BadDestination,
    NotDelivered,
    checked_url,
    post,
    resolve_destination,
)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.org/", "must begin with https://"),
        ("ftp://example.org/", "must begin with https://"),
        ("https://", "not the address of a web server"),
        ("example.org", "not the address of a web server"),
        ("https://exämple.org/", "not the address of a web server"),
        ("https://example.org/a b", "not the address of a web server"),
        ("https://example.org/\r\nX: y", "not the address of a web server"),
        ("https://example.org:99999/", "not the address of a web server"),
        ("https://[::1/", "not the address of a web server"),
        ("https://me@example.org/", "neither a user name"),
        ("https://example.org/#x", "neither a user name"),
        ("https://example.org:22/", "The port must be one of 443, 8443"),
    ],
)
def test_the_form_of_the_address_is_checked(url: str, message: str) -> None:
    with pytest.raises(BadDestination, match=message):
        checked_url(url)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1:8443", "169.254.169.254", "0.0.0.0", "[::1]", "[fe80::1]", "[fd00::1]"),
        *("[::ffff:10.0.0.1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "10.1"),
        *("localhost", "LOCALHOST.", "db", "redis:8443", "a.localhost", "printer.local", "metadata.google.internal"),
        *("router.home.arpa", "nas.lan", "x.test", "db.corp", "x.localdomain"),
    ],
)
def test_an_obviously_private_host_is_refused_when_saved(host: str) -> None:
    with pytest.raises(BadDestination) as refused:
        checked_url(f"https://{host}/")

    assert str(refused.value) == destination.NOT_PUBLIC


def test_all_refusals_of_a_host_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the log of deliveries would tell which names the portal's own network knows."""

    def getaddrinfo(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "unknown.example.org":
            raise socket.gaierror("unknown")
        return resolver("10.0.0.1")(host, 443)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    messages = set()
    for host in ("unknown.example.org", "inside.example.org", "10.0.0.1", "db"):
        with pytest.raises((BadDestination, NotDelivered)) as refused:
            post(f"https://{host}/", b"", {})
        messages.add(str(refused.value))

    assert messages == {destination.NOT_PUBLIC}


@pytest.mark.parametrize("host", ["hooks.invalid", "x.example", "not-known-yet.example.org", "inside.example.org"])
def test_nothing_is_looked_up_when_saved(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Or the answer would tell which names the portal's own network knows, and a slow resolver would refuse a good
    address."""

    def getaddrinfo(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError(f"{args[0]} was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    assert checked_url(f"https://{host}/vlm") == f"https://{host}/vlm"


def test_a_good_address_is_let_through() -> None:
    assert checked_url("https://example.org:8443/a/b?c=d") == "https://example.org:8443/a/b?c=d"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "::127.0.0.1",
        "::1.2.3.4",
        "::ffff:0:127.0.0.1",
        "3fff::1",
        "3fff:fff:ffff::1",
        "5f00::1",
        "100::1",
        "4000::1",
        "2001:db8::1",
        "2001:20::1",
        "192.88.99.1",
        "192.0.0.8",
    ],
)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not outbound.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.1.1", "2001:4860:4860::8888", "2001:200::1", "2a00:1450::1"])
def test_addresses_outside_are(address: str) -> None:
    assert outbound.is_public(ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]"],
)
def test_loopback_in_any_spelling_is_refused(host: str) -> None:
    with pytest.raises((BadDestination, NotDelivered)):
        post(f"https://{host}/", b"", {})


def resolver(*addresses: str) -> Any:
    def getaddrinfo(host: str, port: int, **kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver("8.8.8.8", "10.0.0.1"))
    with pytest.raises(BadDestination, match="not the address of a public server"):
        resolve_destination("https://hook.example.org/")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver("8.8.8.8", "8.8.4.4"))
    connected: list[Any] = []

    def create_connection(address: Any, timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(NotDelivered, match="nobody there"):
        post("https://hook.example.org/", b"{}", {})
    assert connected == [("8.8.8.8", 443), ("8.8.4.4", 443)]


def test_a_name_that_leads_nowhere_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotDelivered):
        post("https://hook.example.org/", b"", {})


class TestDeadline:
    """One deadline holds over looking up, connecting, TLS and the answer."""

    @pytest.fixture(autouse=True)
    def short(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(destination, "DEADLINE", 0.3)

    def seconds_until_given_up(self, url: str) -> float:
        started = time.monotonic()
        with pytest.raises(NotDelivered):
            post(url, b"{}", {})
        return time.monotonic() - started

    def test_a_resolver_that_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        over = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: over.wait(10) and [])

        assert self.seconds_until_given_up("https://hook.example.org/") < 1.5
        over.set()

    def test_many_addresses_that_hang(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", resolver(*(f"8.8.8.{number}" for number in range(1, 24))))
        waited: list[tuple[str, float]] = []

        def create_connection(address: Any, timeout: float) -> socket.socket:
            waited.append((address[0], timeout))
            time.sleep(0.05)
            raise TimeoutError("timed out")

        monkeypatch.setattr(socket, "create_connection", create_connection)

        assert self.seconds_until_given_up("https://hook.example.org/") < 1.5
        assert [address for address, _ in waited] == ["8.8.8.1", "8.8.8.2"]
        assert max(timeout for _, timeout in waited) <= 0.3

    @pytest.mark.parametrize("scheme", ["http", "https"])
    def test_a_receiver_that_is_silent(self, scheme: str, settings: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            netloc = f"127.0.0.1:{server.getsockname()[1]}"
            settings.FETCH_TEST_HOSTS = [netloc]

            assert self.seconds_until_given_up(f"{scheme}://{netloc}/") < 1.5


def test_a_receiver_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(destination, "DEADLINE", 0.2)
    over = threading.Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            while not over.wait(0.02):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        netloc = f"127.0.0.1:{server.getsockname()[1]}"
        settings.FETCH_TEST_HOSTS = [netloc]
        thread = threading.Thread(target=drip, args=(server,))
        thread.start()
        with pytest.raises(NotDelivered):
            post(f"http://{netloc}/", b"{}", {})
        over.set()
        thread.join()
