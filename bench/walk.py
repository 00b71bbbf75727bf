"""`python -m bench.walk` reads all entries (DATABASE_URL) with the API's cursors, in this process, and prints the CPU
time per page from the first page to the last."""

import os
import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlsplit

import django
from tooling.base import print_progress

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
os.environ |= {"API_RATE_ANONYMOUS": "1000000000", "PAGE_CACHE_MB": "0", "ALLOWED_HOSTS": "testserver"}
django.setup()

from django.test import Client  # noqa: E402 -- Django must be set up first

from catalog.kinds import KINDS  # noqa: E402

PAGE_SIZE = 200


def pages(url: str) -> Iterator[tuple[int, float]]:
    """The number of entries on each page, and its CPU time in milliseconds."""
    client, next_url = Client(), url
    while next_url:
        started = time.process_time()
        body = client.get(next_url).json()
        yield len(body["results"]), 1000 * (time.process_time() - started)
        next_url = urlsplit(body["next"] or "")._replace(scheme="", netloc="").geturl()


def main() -> None:
    """Walk through each kind and print a line about it."""
    entries, started = 0, time.monotonic()
    for kind in KINDS.values():
        page_costs = list(pages(f"/api/v1/{kind.plural}/?page_size={PAGE_SIZE}"))
        count, step = sum(rows for rows, _ in page_costs), max(len(page_costs) // 10, 1)
        tenths = [
            median(cost for _, cost in page_costs[start : start + step]) for start in range(0, len(page_costs), step)
        ][:10]
        entries += count
        print_progress(
            kind.label_plural, f"{count:,} entries; ms per page, by tenths: {' '.join(f'{ms:.1f}' for ms in tenths)}"
        )
    print_progress("Total", f"{entries:,} entries in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
