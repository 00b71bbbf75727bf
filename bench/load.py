"""Put load on a server for some seconds: with wrk if it is installed, else with a small Python client."""

import http.client
import json
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

CONNECTIONS = 4  # two per worker: both workers stay busy, and few requests are pending when a run ends

SCRIPT = """
local requests, turn = {}, 0
function init(args)
  for i, item in ipairs(items) do requests[i] = wrk.format("GET", item.path, item.headers) end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency, rates)
  local e = summary.errors
  io.write(string.format('{"count":%d,"seconds":%f,"p50":%f,"p99":%f,"failed":%d}\\n', summary.requests,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, e.status + e.connect + e.read))
end
"""


@dataclass(frozen=True)
class Request:
    """A path on the server, and the headers to send."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Measure:
    """The figures of a run: requests per second, latencies in milliseconds, and failed requests."""

    rps: float
    p50: float
    p99: float
    failed: int = 0


def client() -> str:
    """The name of the client, for the report."""
    return "wrk" if shutil.which("wrk") else "a small client in Python (install wrk for one that costs less)"


def measure(port: int, requests: list[Request], seconds: int) -> Measure:
    """Send the requests in rotation to 127.0.0.1:`port` over CONNECTIONS connections."""
    return _by_wrk(port, requests, seconds) if shutil.which("wrk") else _by_python(port, requests, seconds)


def _by_wrk(port: int, requests: list[Request], seconds: int) -> Measure:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"items = {{{', '.join(map(_lua, requests))}}}\n{SCRIPT}")
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "60s"]
        done = subprocess.run(
            [*command, "-s", script.name, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
        )
    row = json.loads(done.stdout.splitlines()[-1])
    return Measure(row["count"] / row["seconds"], row["p50"], row["p99"], row["failed"])


def _lua(request: Request) -> str:
    headers = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in request.headers)
    return f"{{path = {json.dumps(request.path)}, headers = {{{headers}}}}}"


def _by_python(port: int, requests: list[Request], seconds: int) -> Measure:
    taken: list[float] = []
    failed: list[int] = []
    end = time.monotonic() + seconds

    def send_requests(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        index = first
        while (started := time.monotonic()) < end:
            request = requests[index % len(requests)]
            connection.request("GET", request.path, headers=dict(request.headers))
            response = connection.getresponse()
            response.read()
            taken.append(time.monotonic() - started)
            failed.extend([response.status] if response.status >= 400 else [])
            index += CONNECTIONS
        connection.close()

    threads = [threading.Thread(target=send_requests, args=(number,)) for number in range(CONNECTIONS)]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent, ordered = time.monotonic() - started, sorted(taken)
    p50, p99 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return Measure(len(ordered) / spent, p50, p99, len(failed))
