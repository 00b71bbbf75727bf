"""`python -m bench.checkouts OTHER` compares the CPU time of requests in this checkout and in another one.

Each checkout migrates and seeds an SQLite database of its own and answers the same requests in a process of its own.
The two take turns, so that what else the machine does slows both; the page cache is off. It prints a Markdown table.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import IO, cast

ROOT = Path(__file__).resolve().parent.parent
URLS = (
    "/api/v1/papers/",
    "/api/v1/papers/?architecture=decoder-only",
    "/api/v1/results/",
    "/api/v1/papers/clip/",
    "/papers/",
    "/papers/?architecture=decoder-only",
    "/papers/clip/",
    "/search/?q=clip",
    "/",
)
REQUESTS = 10
"""The requests of one turn."""

# runs in either checkout, so it uses nothing of this project but its settings
WORKER = """
import gc, logging, sys, time
import django
django.setup()
logging.disable(logging.WARNING)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(HTTP_HOST="localhost")
for line in sys.stdin:
    url, count = line.split()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    queries = len(captured)
    assert response.status_code == 200, (url, response.status_code)
    gc.collect()
    started = time.process_time()
    for _ in range(int(count)):
        client.get(url)
    print((time.process_time() - started) / int(count), queries, flush=True)
"""


class Checkout:
    """A checkout with its database, and the process that answers its requests."""

    def __init__(self, path: Path, data: Path) -> None:
        self.environment = os.environ | {
            "DATA_DIR": str(data),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "vlmportal.settings",
            "PYTHONPATH": str(path),
            "API_RATE_ANONYMOUS": "1000000000",
            "PAGE_CACHE_MB": "0",
        }
        for command in (["migrate", "--verbosity=0"], ["seed"], ["collectstatic", "--no-input", "--verbosity=0"]):
            self._run([str(path / "manage.py"), *command], path)
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=path,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.stdin, self.stdout = cast(IO[str], self.process.stdin), cast(IO[str], self.process.stdout)

    def _run(self, command: list[str], path: Path) -> None:
        subprocess.run(
            [sys.executable, *command], cwd=path, env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def measure(self, url: str, count: int = REQUESTS) -> tuple[float, int]:
        """The CPU seconds of a request, averaged over `count`, and its number of queries. Raises ValueError if the
        checkout does not answer it with 200."""
        self.stdin.write(f"{url} {count}\n")
        self.stdin.flush()
        seconds, queries = self.stdout.readline().split()
        return float(seconds), int(queries)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def compare(here: Checkout, other: Checkout, url: str, rounds: int) -> str:
    """A line of the table: milliseconds in the fastest turns, their ratio, the median ratio of the turns, queries."""
    for checkout in (here, other):
        checkout.measure(url, 3 * REQUESTS)
    pairs = []
    for number in range(rounds):
        first, second = (here, other) if number % 2 else (other, here)
        seconds = {first: first.measure(url), second: second.measure(url)}
        pairs.append((seconds[other], seconds[here]))
    fastest = [min(pair[side][0] for pair in pairs) for side in (0, 1)]
    ratios = median(mine / theirs for (theirs, _), (mine, _) in pairs)
    queries = "{} / {}".format(*(pairs[0][side][1] for side in (0, 1)))
    times = " | ".join(f"{1000 * seconds:.2f}" for seconds in fastest)
    return f"| `{url}` | {times} | {fastest[1] / fastest[0]:.2f} | {ratios:.2f} | {queries} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.checkouts", description=__doc__)
    parser.add_argument("other", type=Path, help="the root of the other checkout")
    parser.add_argument("--urls", nargs="+", default=URLS, help="other requests than the usual ones")
    parser.add_argument("--rounds", type=int, default=40, help=f"turns of {REQUESTS} requests each (40)")
    options = parser.parse_args()
    with TemporaryDirectory() as data:
        other, here = (
            Checkout(path, Path(data, name)) for name, path in (("other", options.other.resolve()), ("here", ROOT))
        )
        print("| request | other, ms | here, ms | ratio | median ratio | queries, other / here |")
        print("|---|--:|--:|--:|--:|--:|")
        for url in options.urls:
            print(compare(here, other, url, options.rounds), flush=True)
        for checkout in (other, here):
            checkout.close()


if __name__ == "__main__":
    main()
