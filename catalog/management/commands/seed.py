"""manage.py seed: the catalogue that a new portal starts with."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.management.seed_files import FixtureError
from catalog.management.seeding import seed

PROGRESS_SECONDS = 2.0


class Command(BaseCommand):
    help = "Publish the seed catalogue of fixtures/; what is published already, or was changed by people since, stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--list-only", action="store_true", help="only the list and its curation: a small catalogue"
        )

    def handle(self, *args: Any, list_only: bool, **options: Any) -> None:
        self.started = self.reported = time.monotonic()
        try:
            with fewer_collections():
                report = seed(self.progress, list_only=list_only)
        except FixtureError as error:
            raise CommandError(str(error)) from error
        for line in report.left_alone:
            self.stdout.write(f"Left alone, people have changed it since: {line}.")
        for line in report.refused:
            self.stderr.write(f"Not published: {line}")
        new = len(report.imported.created)
        if not new and not report.published:
            self.stdout.write("The seed catalogue is in place; nothing to do.")
            return
        self.stdout.write(
            self.style.SUCCESS(f"Published {new} entries of the list and {report.published} sourced revisions.")
        )

    def progress(self, name: str, done: int, total: int) -> None:
        """Report the progress, at most every PROGRESS_SECONDS, wherever the output goes: a log shows it, too."""
        now = time.monotonic()
        if now - self.reported >= PROGRESS_SECONDS:
            self.reported = now
            self.stdout.write(f"Seed  {now - self.started:.0f} s: {name}, {done} of {total}")
            self.stdout.flush()


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Look for unreachable objects less often: those of a batch live as long as the batch, and looking through them
    took a tenth of the time."""
    former = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*former)
        gc.unfreeze()
