"""The one way out: allowed hosts, public addresses, limits of size and time, and sentences when it fails."""

import gzip
import socket
import time
from typing import Any

import pytest

from submissions import outbound
from submissions.intake.lookups import client
from submissions.intake.lookups.client import ATOM, BIBTEX, HTML, JSON, fetch, fetch_json
from submissions.intake.lookups.sites import ARXIV, CHECK_THE_FORM, NotFetched, Site, Unknown
from tests.metadata_double import MetadataDouble

PLACE = Site("place", "The Place", ("place.example",))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, settings: Any) -> dict[str, list[list[str]]]:
    """By host, the resolver's successive answers; the network is not used."""
    settings.FETCH_METADATA = True
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


def soon(seconds: float = 3.0) -> float:
    return time.monotonic() + seconds


def read(url: str, site: Site = PLACE, media_type: str = JSON, seconds: float = 3.0) -> bytes:
    return fetch(site, url, media_type, soon(seconds))


def refusal(url: str, site: Site = PLACE, media_type: str = JSON, seconds: float = 3.0) -> str:
    with pytest.raises(NotFetched) as caught:
        read(url, site, media_type, seconds)
    return str(caught.value)


class TestFetch:
    def test_gives_the_body_and_says_who_asks(self, double: MetadataDouble, settings: Any) -> None:
        settings.CONTACT_URL = "mailto:people@example.org"
        double.replies["/a"] = "hello"

        assert read(f"{double.url}/a") == b"hello"
        assert double.headers == {
            "Host": double.host,
            "User-Agent": f"{settings.SITE_NAME} ({settings.SITE_URL}; mailto:people@example.org)",
            "Accept": "application/json, */*;q=0.1",
            "Accept-Encoding": double.headers["Accept-Encoding"],
            "Connection": "keep-alive",
        }

    def test_a_name_that_no_header_holds_is_transliterated(self, double: MetadataDouble, settings: Any) -> None:
        settings.SITE_NAME, settings.CONTACT_URL = "视觉\r\nX-Evil: 1", ""
        double.replies["/a"] = "hello"

        read(f"{double.url}/a")

        assert double.headers["User-Agent"] == f"ShiJue X-Evil: 1 ({settings.SITE_URL})"

    @pytest.mark.parametrize(
        ("is_on", "all_but", "sentence"),
        [
            (False, [], f"Reading from other sites is switched off here; {CHECK_THE_FORM}"),
            (True, ["place"], f"Reading from The Place is switched off here; {CHECK_THE_FORM}"),
        ],
    )
    def test_says_that_it_is_switched_off(
        self, double: MetadataDouble, settings: Any, is_on: bool, all_but: list[str], sentence: str
    ) -> None:
        settings.FETCH_METADATA, settings.FETCH_METADATA_EXCEPT = is_on, all_but

        assert refusal(f"{double.url}/a") == sentence
        assert double.requested == []

    def test_follows_a_redirect_within_the_service(self, double: MetadataDouble) -> None:
        double.replies |= {"/a": (302, {"Location": "/b", "Set-Cookie": "who=me"}, ""), "/b": "there"}

        assert read(f"{double.url}/a") == b"there"
        assert "Cookie" not in double.headers

    @pytest.mark.parametrize(
        "elsewhere",
        ["http://127.0.0.1:1/secret", "https://arxiv.org/abs/1", "file:///etc/passwd", "//evil.example/"],
    )
    def test_follows_no_redirect_to_another_host(self, double: MetadataDouble, elsewhere: str) -> None:
        double.replies["/a"] = (302, {"Location": elsewhere}, "")

        assert refusal(f"{double.url}/a") == f"The Place points to another site, which is not read; {CHECK_THE_FORM}"

    def test_a_redirect_to_what_is_no_address_is_reported(self, double: MetadataDouble) -> None:
        double.replies["/a"] = (302, {"Location": "http://[::1"}, "")

        assert refusal(f"{double.url}/a") == f"The Place's answer could not be understood; {CHECK_THE_FORM}"

    def test_ends_a_circle_of_redirects(self, double: MetadataDouble) -> None:
        double.replies["/a"] = (302, {"Location": "/a"}, "")

        assert refusal(f"{double.url}/a") == f"The Place forwarded too often; {CHECK_THE_FORM}"
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
            "https://huggingface.co/",
            "file:///etc/passwd",
            "https://169.254.169.254/",
            "https://[::1",
            "",
        ],
    )
    def test_asks_no_other_site(self, url: str, settings: Any, connections: list[Any]) -> None:
        settings.FETCH_METADATA = True

        assert refusal(url, ARXIV) == f"arXiv points to another site, which is not read; {CHECK_THE_FORM}"
        assert connections == []

    def test_reads_no_more_than_two_megabytes(self, double: MetadataDouble) -> None:
        double.replies["/a"] = b"x" * (client.MAX_BYTES + 1)

        assert refusal(f"{double.url}/a") == f"The Place sent more than can be read; {CHECK_THE_FORM}"

    def test_counts_what_a_compressed_answer_unpacks_to(self, double: MetadataDouble) -> None:
        double.replies["/a"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * (client.MAX_BYTES + 1)))

        assert refusal(f"{double.url}/a") == f"The Place sent more than can be read; {CHECK_THE_FORM}"

    @pytest.mark.parametrize(
        ("wanted", "stated"),
        [
            (JSON, "text/html; charset=utf-8"),
            (JSON, "application/jsonp"),
            (ATOM, "text/html"),
            (ATOM, "application/xhtml+xml"),
            (HTML, "application/pdf"),
            (BIBTEX, "text/html"),
        ],
    )
    def test_takes_no_other_media_type(self, double: MetadataDouble, wanted: str, stated: str) -> None:
        """Such as the page of a network that wants its visitors to sign in."""
        double.replies["/a"] = (200, {"Content-Type": stated}, "{}")

        assert (
            refusal(f"{double.url}/a", media_type=wanted)
            == f"The Place's answer could not be understood; {CHECK_THE_FORM}"
        )

    @pytest.mark.parametrize(
        ("wanted", "stated"),
        [
            (JSON, "application/vnd.api+json"),
            (ATOM, "application/atom+xml; charset=utf-8"),
            (ATOM, "text/xml"),
            (HTML, "Text/HTML"),
            (BIBTEX, "text/x-bibtex"),
            (BIBTEX, "text/plain"),
        ],
    )
    def test_takes_what_may_be_of_the_media_type(self, double: MetadataDouble, wanted: str, stated: str) -> None:
        double.replies["/a"] = (200, {"Content-Type": stated}, "hello")

        assert read(f"{double.url}/a", media_type=wanted) == b"hello"

    @pytest.mark.parametrize(
        ("status", "message"),
        [
            (404, "The Place does not know it; please check the id."),
            (410, "The Place does not know it; please check the id."),
            (401, f"The Place does not show it to this site (it may be private, or the id wrong); {CHECK_THE_FORM}"),
            (403, f"The Place does not show it to this site (it may be private, or the id wrong); {CHECK_THE_FORM}"),
            (429, "The Place has been asked too often from here: wait a minute, or fill in what is missing."),
            (400, f"The Place answered with an error (400); {CHECK_THE_FORM}"),
            (204, f"The Place answered with an error (204); {CHECK_THE_FORM}"),
            (302, f"The Place answered with an error (302); {CHECK_THE_FORM}"),
            (500, f"The Place answered with an error (500); {CHECK_THE_FORM}"),
            (503, f"The Place answered with an error (503); {CHECK_THE_FORM}"),
        ],
    )
    def test_tells_what_the_site_answered(self, double: MetadataDouble, status: int, message: str) -> None:
        double.replies["/a"] = (status, {}, "")

        assert refusal(f"{double.url}/a") == message

    def test_only_what_is_not_there_is_unknown(self, double: MetadataDouble) -> None:
        with pytest.raises(Unknown):
            read(f"{double.url}/a")

    @pytest.mark.parametrize("body", ["[" * 100_000, "{", '["\\ud800"]', '["\\udc00\\ud800"]', "NaN", "", "\xff"])
    def test_invalid_json_is_reported(self, double: MetadataDouble, body: str) -> None:
        """Lone surrogates among it, which no database stores."""
        double.replies["/a"] = body.encode("latin-1")

        with pytest.raises(NotFetched, match="The Place's answer could not be understood"):
            fetch_json(PLACE, f"{double.url}/a", soon())


class TestTime:
    def test_does_not_wait_for_a_silent_site(self, double: MetadataDouble) -> None:
        double.pause = 2.0
        double.replies["/a"] = "late"
        began = time.monotonic()

        assert refusal(f"{double.url}/a", seconds=0.3) == f"The Place is too slow at the moment; {CHECK_THE_FORM}"
        assert time.monotonic() - began < 1.0

    def test_does_not_wait_for_a_site_that_sends_a_byte_now_and_then(self, double: MetadataDouble) -> None:
        """Each byte comes within any timeout of a read."""
        double.drip = 0.1
        double.replies["/a"] = "x" * 100
        began = time.monotonic()

        assert refusal(f"{double.url}/a", seconds=0.5) == f"The Place is too slow at the moment; {CHECK_THE_FORM}"
        assert time.monotonic() - began < 1.2

    def test_redirects_have_no_time_of_their_own(self, double: MetadataDouble) -> None:
        double.pause = 0.3
        double.replies["/a"] = (302, {"Location": "/a"}, "")

        assert refusal(f"{double.url}/a", seconds=0.5) == f"The Place is too slow at the moment; {CHECK_THE_FORM}"
        assert len(double.requested) == 2

    def test_one_hung_site_costs_one_wait(self, double: MetadataDouble) -> None:
        double.pause = 2.0
        double.replies["/a"] = "late"
        first = refusal(f"{double.url}/a", seconds=0.3)
        began = time.monotonic()

        assert refusal(f"{double.url}/b") == first
        assert time.monotonic() - began < 0.2
        assert double.requested == ["/a"]

    def test_leaves_a_site_alone_for_a_while_when_it_did_not_answer(
        self, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [["151.101.3.42"], ["151.101.3.42"]]

        assert refusal("https://arxiv.org/abs/1", ARXIV) == f"arXiv could not be reached; {CHECK_THE_FORM}"
        assert refusal("https://arxiv.org/a", ARXIV) == f"arXiv could not be reached a moment ago; {CHECK_THE_FORM}"
        assert connections == [("151.101.3.42", 443)]

    def test_a_broken_connection_is_reported(self, double: MetadataDouble, caplog: pytest.LogCaptureFixture) -> None:
        double.replies["/a"] = (200, {"Content-Length": "100"}, "short")

        assert refusal(f"{double.url}/a") == f"The Place could not be reached; {CHECK_THE_FORM}"
        assert caplog.messages[0].startswith("The Place could not be reached: ChunkedEncodingError: ")


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
            refusal("https://arxiv.org/abs/1", ARXIV)
            == f"arXiv does not answer from a public address here; {CHECK_THE_FORM}"
        )
        assert connections == []

    def test_one_inner_address_among_public_ones_is_enough_to_refuse(
        self, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [["151.101.3.42", "127.0.0.1"]]

        assert "public address" in refusal("https://arxiv.org/abs/1", ARXIV)
        assert connections == []

    def test_the_socket_goes_to_the_address_that_was_checked_though_the_name_moves_on(
        self, names: dict[str, list[list[str]]], connections: list[Any]
    ) -> None:
        names["arxiv.org"] = [["151.101.3.42"], ["127.0.0.1"]]  # rebound between check and connection

        assert refusal("https://arxiv.org/abs/1", ARXIV) == f"arXiv could not be reached; {CHECK_THE_FORM}"

        assert connections == [("151.101.3.42", 443)]
        assert names["arxiv.org"] == [["127.0.0.1"]]  # resolved once

    def test_a_host_that_does_not_resolve_is_reported(self, names: dict[str, list[list[str]]]) -> None:
        assert refusal("https://arxiv.org/abs/1", ARXIV) == f"arXiv could not be reached; {CHECK_THE_FORM}"

    def test_a_silent_resolver_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
        settings.FETCH_METADATA = True
        monkeypatch.setattr(outbound, "DNS_TIMEOUT", 0.05)
        monkeypatch.setattr(socket, "getaddrinfo", silent)

        assert refusal("https://arxiv.org/abs/1", ARXIV) == f"arXiv could not be reached; {CHECK_THE_FORM}"

    def test_a_proxy_of_the_environment_is_not_used(
        self, double: MetadataDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        double.replies["/a"] = "straight"

        assert read(f"{double.url}/a") == b"straight"
