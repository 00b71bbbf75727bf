"""A request that hangs ends its process, and a new one answers: with a real server of one process."""

import faulthandler
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.journeys.conftest import ROOT, free_port
from tests.vlmportal.hanging import HANGING
from vlmportal.time_limit import Limited

PATIENCE = 60.0  # seconds to wait for a process, on a busy machine
GRANIAN = [
    "--interface",
    "wsgi",
    "--host",
    "127.0.0.1",
    "--workers",
    "1",
    "--blocking-threads",
    "1",
    "--respawn-failed-workers",
    "--port",
]


LINES = {path: function.__code__.co_firstlineno + 2 + (path == "/stream") for path, function in HANGING.items()}


class Server:
    """The running server and what it wrote to standard error."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address
        self.log = log

    def pid(self) -> str:
        """The process that answers, as soon as one does."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return requests.get(self.address, timeout=5).text
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """granian with the application of hanging.py, as `bin/portal serve` runs it."""
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "granian", *GRANIAN, str(port), "tests.vlmportal.hanging:application"]
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=ROOT, stderr=stream, stdout=stream, start_new_session=True)
        yield Server(f"http://127.0.0.1:{port}", log)
        process.terminate()
        process.wait(PATIENCE)


@pytest.mark.parametrize("path", HANGING)
def test_a_request_that_hangs_frees_the_server(server: Server, path: str) -> None:
    before = server.pid()

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _ = requests.get(server.address + path, timeout=PATIENCE).content

    assert int(server.pid()) != int(before)
    assert f'hanging.py", line {LINES[path]} in {path[1:]}\n' in server.log.read_text()


def test_a_response_in_parts_may_take_longer(server: Server) -> None:
    before = server.pid()

    content = requests.get(f"{server.address}/parts", timeout=PATIENCE).content

    assert (content, server.pid()) == (b"partpartpart", before)


@pytest.fixture
def alarms() -> Iterator[list[float]]:
    """The seconds that were left of the alarm at each step of a response."""
    yield []
    faulthandler.unregister(signal.SIGALRM)


def test_the_alarm_is_set_only_while_the_application_runs(alarms: list[float]) -> None:
    class Response:
        def __iter__(self) -> Iterator[bytes]:
            alarms.append(signal.getitimer(signal.ITIMER_REAL)[0])
            yield b"part"

        def close(self) -> None:
            alarms.append(signal.getitimer(signal.ITIMER_REAL)[0])

    response = Limited(lambda environ, start: Response(), 500.0)({}, lambda *_: None)
    between = [signal.getitimer(signal.ITIMER_REAL)[0]]
    parts = list(response)
    between.append(signal.getitimer(signal.ITIMER_REAL)[0])
    response.close()  # type: ignore[attr-defined]
    between.append(signal.getitimer(signal.ITIMER_REAL)[0])

    assert parts == [b"part"]
    assert between == [0, 0, 0]
    assert [400 < left <= 500 for left in alarms] == [True, True]


def test_the_alarm_is_that_of_the_earliest_request(alarms: list[float]) -> None:
    limited = Limited(lambda environ, start: [], 500.0)
    with limited.limit():
        limited.seconds = 900.0
        with limited.limit():
            alarms.append(signal.getitimer(signal.ITIMER_REAL)[0])
        alarms.append(signal.getitimer(signal.ITIMER_REAL)[0])

    assert [400 < left <= 500 for left in alarms] == [True, True]
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
