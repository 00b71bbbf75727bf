"""Where the site listens, and the message when it cannot."""

import pytest
from tooling.address import Address, from_environment, require_free
from tooling.base import ScriptError


@pytest.fixture(autouse=True)
def _no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("PORT", raising=False)


def test_from_environment_defaults_to_this_machine_only():
    assert from_environment() == Address("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("0.0.0.0", "8123", "http://127.0.0.1:8123"),
        ("::", "8123", "http://[::1]:8123"),
        ("[::1]", "80", "http://[::1]:80"),
        ("localhost", "", "http://localhost:8000"),
        ("", "8001", "http://127.0.0.1:8001"),
    ],
)
def test_url_is_one_that_a_browser_here_can_open(monkeypatch: pytest.MonkeyPatch, host: str, port: str, url: str):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", port)
    assert from_environment().url == url


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "8000 ", "٣"])
def test_from_environment_refuses_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch, port: str):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ScriptError) as error:
        from_environment()
    assert str(error.value) == f"PORT must be a number from 1 to 65535, not {port!r}."


def test_require_free_lets_a_free_port_pass(free_port: int):
    require_free(Address("127.0.0.1", free_port))


def test_require_free_names_the_taken_port_and_the_way_out(taken_port: int):
    with pytest.raises(ScriptError) as error:
        require_free(Address("127.0.0.1", taken_port))
    assert str(error.value) == (
        f"port {taken_port} on 127.0.0.1 is in use; choose another one: make run PORT={taken_port + 1}"
    )


def test_require_free_refuses_an_address_of_another_machine():
    with pytest.raises(ScriptError, match="HOST '192.0.2.1' is not an address of this machine."):
        require_free(Address("192.0.2.1", 8000))
