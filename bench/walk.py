"""`python -m bench.walk` reads a whole catalogue (DATABASE_URL) through the API's cursors, in this process, and says
what a page costs from the first to the last."""

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
    """The entries of each page, and the milliseconds of CPU that it took."""
    client, following = Client(), url
    while following:
        started = time.process_time()
        body = client.get(following).json()
        yield len(body["results"]), 1000 * (time.process_time() - started)
        following = urlsplit(body["next"] or "")._replace(scheme="", netloc="").geturl()


def main() -> None:
    """Walk through each kind, and say a line of it."""
    entries, started = 0, time.monotonic()
    for kind in KINDS.values():
        found = list(pages(f"/api/v1/{kind.plural}/?page_size={SIZE}"))
        count, step = sum(rows for rows, _ in found), max(len(found) // 10, 1)
        tenths = [median(cost for _, cost in found[start : start + step]) for start in range(0, len(found), step)][:10]
        entries += count
        say(kind.label_plural, f"{count:,} entries; ms a page, by tenths: {' '.join(f'{ms:.1f}' for ms in tenths)}")
    say("In all", f"{entries:,} entries in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
