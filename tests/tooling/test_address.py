"""Where the site listens, and the message when it cannot."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tooling.address import Address, from_environment, require_free, reserved
from tooling.base import ROOT, ScriptError


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


UDP_IN_USE = (
    "UDP port {port} on 127.0.0.1 is in use: by this site, if it runs or is being started there already "
    "(http://127.0.0.1:{port}), or by another program (Linux: ss -ulpn, macOS: lsof -i UDP:{port}); "
    "stop that one or choose another port: make run PORT={next}"
)
HOLD = """
import sys, time
from tooling.address import Address, reserved
with reserved(Address(sys.argv[1], int(sys.argv[2]))):
    print("held", flush=True)
    time.sleep(60)
"""


def held_by_another_process(host: str, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, host, str(port)]
    other = subprocess.Popen(command, env={"PYTHONPATH": "bin"}, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "held\n"
    return other


@pytest.mark.parametrize(("first", "second"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_reserved_keeps_a_second_start_away_before_anything_listens(first: str, second: str, free_port: int):
    with held_by_another_process(first, free_port) as other:
        with (
            pytest.raises(ScriptError, match="is in use: by this site, if it runs or is being started there already"),
            reserved(Address(second, free_port)),
        ):
            pass
        other.kill()
        other.wait()

    with reserved(Address(second, free_port)):  # free at once, however the other one ended
        pass


def test_reserved_blames_nobody_for_a_port_that_another_program_has():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as foreign:
        foreign.bind(("127.0.0.1", 0))
        port = foreign.getsockname()[1]

        with pytest.raises(ScriptError) as error, reserved(Address("127.0.0.1", port)):
            pass

    assert str(error.value) == UDP_IN_USE.format(port=port, next=port % 65535 + 1)


def test_reserved_lets_a_server_listen_and_another_port_be(free_port: int):
    with (
        reserved(Address("127.0.0.1", free_port)),
        socket.create_server(("127.0.0.1", free_port)),
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        port = other.getsockname()[1]
        other.close()
        with reserved(Address("127.0.0.1", port)):
            pass


def test_reserved_refuses_what_require_free_refuses(taken_port: int):
    with (
        pytest.raises(ScriptError, match=f"^port {taken_port} on 127.0.0.1 is in use"),
        reserved(Address("127.0.0.1", taken_port)),
    ):
        pass


@pytest.mark.parametrize("command", ["run", "dev", "serve"])
def test_a_second_start_says_so_and_touches_nothing(command: str, free_port: int, tmp_path: Path):
    env = {**os.environ, "HOST": "127.0.0.1", "PORT": str(free_port), "DATA_DIR": str(tmp_path / "data")}
    with held_by_another_process("127.0.0.1", free_port) as other:
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, "bin/portal", command], env=env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        took = time.monotonic() - started
        other.kill()

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: " + UDP_IN_USE.format(port=free_port, next=free_port + 1))
    assert not (tmp_path / "data").exists()
    assert took < 30
