"""`python -m bench.walk` reads a whole catalogue (DATABASE_URL) by the API's cursors, in this process, and prints what
a page costs from first to last."""

import os
import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlsplit

import django
from house.base import say

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
os.environ |= {"API_RATE_ANONYMOUS": "1000000000", "PAGE_CACHE_MB": "0", "ALLOWED_HOSTS": "testserver"}
django.setup()

from django.test import Client  # noqa: E402 -- Django must be set up first

from catalog.kinds import KINDS  # noqa: E402

SIZE = 200


def pages(url: str) -> Iterator[tuple[int, float]]:
    """The number of entries on each page, and its CPU time in milliseconds."""
    client, following = Client(), url
    while following:
        started = time.process_time()
        body = client.get(following).json()
        yield len(body["results"]), 1000 * (time.process_time() - started)
        following = urlsplit(body["next"] or "")._replace(scheme="", netloc="").geturl()


def main() -> None:
    """Walk through each kind and print a line about it."""
    entries, started = 0, time.monotonic()
    for kind in KINDS.values():
        walked = list(pages(f"/api/v1/{kind.plural}/?page_size={SIZE}"))
        count, step = sum(rows for rows, _ in walked), max(len(walked) // 10, 1)
        tenths = [median(cost for _, cost in walked[start : start + step]) for start in range(0, len(walked), step)][
            :10
        ]
        entries += count
        say(kind.label_plural, f"{count:,} entries; ms per page, by tenths: {' '.join(f'{ms:.1f}' for ms in tenths)}")
    say("Total", f"{entries:,} entries in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
