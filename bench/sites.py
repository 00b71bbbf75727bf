"""Run the two sites under test, each with two workers, on free local ports."""

import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tooling import environment
from tooling.base import ScriptError
from tooling.processes import Process, child

from bench.databases import Pair
from bench.load import Request

WORKERS = 2
START_TIMEOUT = 60.0
APPLICATIONS = {"portal": "vlmportal.wsgi:application", "naive": "bench.naive.wsgi:application"}
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
UNCACHED = {"PAGE_CACHE_MB": "0"}
# a run sends more requests per second than a client may send per minute
UNTHROTTLED = {"API_RATE_ANONYMOUS": "1000000000", "LOCAL_DEMO": "0"}


@dataclass(frozen=True)
class Response:
    """A response: status, ETag ("" if it has none), size in bytes, and duration in milliseconds."""

    status: int
    etag: str
    size: int
    milliseconds: float


@dataclass(frozen=True)
class Site:
    """A site under test: its port, and the parent process of its workers."""

    port: int
    pid: int

    def memory(self) -> float:
        """The memory of the workers in MB, shared pages counted once (the kernel's PSS, so on Linux only)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        rollups = [Path(f"/proc/{worker}/smaps_rollup").read_text() for worker in children]
        return sum(int(kilobytes) for text in rollups for kilobytes in PSS.findall(text)) / 1000


@contextmanager
def site(pair: Pair, site_name: str, **settings: str) -> Iterator[Site]:
    """Start "portal" or "naive" on its database of the pair, and stop it afterwards."""
    port = free_port()
    flags = f"--interface wsgi --host 127.0.0.1 --port {port} --workers {WORKERS} --blocking-threads 1".split()
    command: list[str | Path] = [
        environment.python(),
        "-m",
        "granian",
        *flags,
        "--log-level",
        "warning",
        APPLICATIONS[site_name],
    ]
    with child(command, env={**pair.environment(site_name), **UNTHROTTLED, **settings}) as process:
        wait_for(process, port)
        yield Site(port, process.pid)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(process: Process, port: int) -> None:
    """Wait until the site answers. Raises ScriptError if it stops or does not answer for a minute."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            send(port, Request("/papers/"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise ScriptError("a site under test does not start (see above).")


def send(port: int, request: Request) -> Response:
    """Send a request and return the response. Raises OSError if the site cannot be reached."""
    outgoing = urllib.request.Request(f"http://127.0.0.1:{port}{request.path}", headers=dict(request.headers))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    started = time.monotonic()
    try:
        with opener.open(outgoing, timeout=START_TIMEOUT) as response:
            size, status, etag = len(response.read()), response.status, response.headers.get("ETag", "")
    except urllib.error.HTTPError as error:
        size, status, etag = len(error.read()), error.code, error.headers.get("ETag", "")
    return Response(status, etag, size, 1000 * (time.monotonic() - started))


def drain(port: int) -> None:
    """Wait until the pending requests of a run are answered; each worker answers in order."""
    for _ in range(3 * WORKERS):
        send(port, Request("/healthz"))
