"""manage.py generate: a large generated catalogue, for benchmarks and trials."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from catalog.management.generating import ForeignEntries, Plan, generate


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Turn garbage collection off: it takes a quarter of the time of a load, which makes many objects, no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Command(BaseCommand):
    help = "Fill a database of its own with a generated catalogue; the same seed and size give the same entries."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("size", type=int, help="how many papers; a tenth as many datasets, twice as many results")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, size: int, seed: int, **options: Any) -> None:
        if size < 1:
            raise CommandError("The size is a number of papers: 1 or more.")
        started = time.monotonic()
        try:
            with without_garbage_collection():
                written = generate(Plan(size, seed), self.progress if options["verbosity"] > 1 else None)
        except ForeignEntries as refusal:
            raise CommandError(str(refusal)) from None
        if not written:
            self.stdout.write("The generated catalogue is in place; nothing to do.")
            return
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # so that the planner knows what was loaded
        seconds = time.monotonic() - started
        self.stdout.write(
            self.style.SUCCESS(f"Published {written} entries in {seconds:.0f} s, {written / seconds:.0f} a second.")
        )

    def progress(self, kind: str, done: int, total: int) -> None:
        self.stderr.write(f"{kind}: {done} of {total}")
