"""The one way out: allowed hosts, public addresses, limits of size and time, and sentences when it fails."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from submissions import outbound
from submissions.intake import fetching
from submissions.intake.fetching import CHECK_THE_FORM, NotFetched, Unreachable, fetch, fetch_json
from tests.metadata_double import MetadataDouble


@pytest.fixture
def double(settings: Any) -> Iterator[MetadataDouble]:
    settings.FETCH_METADATA = True
    cache.clear()
    with MetadataDouble() as double:
        settings.FETCH_TEST_HOSTS = [double.host]
        yield double


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, list[list[str]]]:
    """By host, the resolver's successive answers; the network is not used."""
    settings.FETCH_METADATA = True
    cache.clear()
    answers: dict[str, list[list[str]]] = {}

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        if not answers.get(host):
            raise socket.gaierror("no such name")
        addresses = answers[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Where sockets were to go; none of them gets there."""
    tried: list[tuple[str, int]] = []

    def create_connection(address: tuple[str, int], **_: Any) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError("closed")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return tried


def silent(*_: Any, **__: Any) -> list[Any]:
    """A resolver that has no network."""
    time.sleep(1)
    return []


def refusal(url: str) -> str:
    with pytest.raises(NotFetched) as caught:
        fetch(url)
    return str(caught.value)


class TestFetch:
    def test_gives_the_body_and_says_who_asks(self, double: MetadataDouble, settings: Any) -> None:
        double.replies["/a"] = "hello"

        assert fetch(f"{double.url}/a") == b"hello"
        assert double.headers["User-Agent"] == f"{settings.SITE_NAME} ({settings.SITE_URL})"
        assert "Cookie" not in double.headers
        assert "Authorization" not in double.headers

    def test_says_that_it_is_switched_off(self, settings: Any) -> None:
        settings.FETCH_METADATA = False

        assert (
            refusal("https://arxiv.org/abs/2301.12597")
            == f"Reading from other sites is switched off here; {CHECK_THE_FORM}"
        )

    def test_follows_a_redirect_within_the_list(self, double: MetadataDouble) -> None:
        double.replies |= {"/a": (302, {"Location": "/b"}, ""), "/b": "there"}

        assert fetch(f"{double.url}/a") == b"there"

    def test_follows_no_redirect_off_the_list(self, double: MetadataDouble) -> None:
        double.replies["/a"] = (302, {"Location": "http://127.0.0.1:1/secret"}, "")

        assert refusal(f"{double.url}/a") == "That address is not one of the sites that the portal reads from."

    def test_ends_a_circle_of_redirects(self, double: MetadataDouble) -> None:
        double.replies["/a"] = (302, {"Location": "/a"}, "")

        assert refusal(f"{double.url}/a") == f"The address was forwarded too often; {CHECK_THE_FORM}"
        assert len(double.requested) == 4

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org/",
            "http://arxiv.org/abs/1",
            "https://arxiv.org:8443/",
            "https://user:word@arxiv.org/",
            "https://arxiv.org@127.0.0.1/",
            "https://arxiv.org.evil.example/",
            "file:///etc/passwd",
            "https://169.254.169.254/",
            "",
        ],
    )
    def test_asks_no_other_site(self, url: str, settings: Any, connections: list[Any]) -> None:
        settings.FETCH_METADATA = True

        assert refusal(url) == "That address is not one of the sites that the portal reads from."
        assert connections == []

    def test_reads_no_more_than_two_megabytes(self, double: MetadataDouble) -> None:
        double.replies["/a"] = b"x" * (fetching.MAX_BYTES + 1)

        assert "sent more than can be read" in refusal(f"{double.url}/a")

    def test_counts_what_a_compressed_answer_unpacks_to(self, double: MetadataDouble) -> None:
        import gzip  # noqa: PLC0415 -- for this test alone

        double.replies["/a"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * (fetching.MAX_BYTES + 1)))

        assert "sent more than can be read" in refusal(f"{double.url}/a")

    def test_waits_for_no_slow_site(self, double: MetadataDouble, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(fetching, "TIMEOUTS", (0.2, 0.2))
        double.pause = 1.0
        double.replies["/a"] = "late"

        assert refusal(f"{double.url}/a") == f"127.0.0.1 could not be reached; {CHECK_THE_FORM}"

    def test_leaves_a_site_alone_for_a_while_when_it_did_not_answer(
        self, settings: Any, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [["151.101.3.42"], ["151.101.3.42"]]

        with pytest.raises(Unreachable):
            fetch("https://arxiv.org/abs/1")
        assert refusal("https://arxiv.org/abs/1") == f"arXiv could not be reached a moment ago; {CHECK_THE_FORM}"
        assert connections == [("151.101.3.42", 443)]

    @pytest.mark.parametrize(
        ("status", "message"),
        [
            (404, "127.0.0.1 does not know it; please check the id."),
            (429, "127.0.0.1 has been asked too often from here: wait a minute, or fill in what is missing."),
            (503, f"127.0.0.1 answered with an error (503); {CHECK_THE_FORM}"),
        ],
    )
    def test_tells_what_the_site_answered(self, double: MetadataDouble, status: int, message: str) -> None:
        double.replies["/a"] = (status, {}, "")

        assert refusal(f"{double.url}/a") == message

    @pytest.mark.parametrize("body", ["[" * 100_000, "{", '["\\ud800"]', '["\\udc00\\ud800"]', "NaN"])
    def test_invalid_json_is_reported(self, double: MetadataDouble, body: str) -> None:
        """Lone surrogates among it, which no database stores."""
        double.replies["/a"] = body

        with pytest.raises(NotFetched, match="could not be understood"):
            fetch_json(f"{double.url}/a")


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fd00::1"],
    )
    def test_a_name_that_leads_inside_is_not_connected_to(
        self, address: str, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [[address]]

        assert (
            refusal("https://arxiv.org/abs/1") == f"arXiv does not answer from a public address here; {CHECK_THE_FORM}"
        )
        assert connections == []

    def test_one_inner_address_among_public_ones_is_enough_to_refuse(
        self, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [["151.101.3.42", "127.0.0.1"]]

        assert "public address" in refusal("https://arxiv.org/abs/1")
        assert connections == []

    def test_the_socket_goes_to_the_address_that_was_checked_though_the_name_moves_on(
        self, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [["151.101.3.42"], ["127.0.0.1"]]  # rebound between check and connection

        with pytest.raises(Unreachable):
            fetch("https://arxiv.org/abs/1")

        assert connections == [("151.101.3.42", 443)]
        assert names["arxiv.org"] == [["127.0.0.1"]]  # resolved once

    def test_a_host_that_does_not_resolve_is_reported(self, names: dict[str, list[list[str]]]) -> None:
        assert refusal("https://arxiv.org/abs/1") == f"arXiv could not be reached; {CHECK_THE_FORM}"

    def test_a_silent_resolver_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        settings.FETCH_METADATA = True
        cache.clear()
        monkeypatch.setattr(outbound, "DNS_TIMEOUT", 0.05)
        monkeypatch.setattr(socket, "getaddrinfo", silent)

        assert refusal("https://arxiv.org/abs/1") == f"arXiv could not be reached; {CHECK_THE_FORM}"

    def test_a_proxy_of_the_environment_is_not_used(
        self, double: MetadataDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        double.replies["/a"] = "straight"

        assert fetch(f"{double.url}/a") == b"straight"
