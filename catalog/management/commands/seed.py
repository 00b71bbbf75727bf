"""manage.py seed: the catalogue that a new portal starts with."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.management.seeding import seed

PROGRESS_INTERVAL = 100


class Command(BaseCommand):
    help = "Publish the seed list and its sourced corrections; what is there already, or changed since, stays."

    def handle(self, *args: Any, **options: Any) -> None:
        report = seed(self.progress if options["verbosity"] > 1 or self.stderr.isatty() else None)
        for line in report.left_alone:
            self.stdout.write(f"Left alone, people have changed it since: {line}.")
        for line in report.refused:
            self.stderr.write(f"Refused by the form, edit it by hand: {line}")
        new = len(report.imported.created)
        if not new and not report.published:
            self.stdout.write("The seed catalogue is in place; nothing to do.")
            return
        self.stdout.write(
            self.style.SUCCESS(f"Published {new} entries of the list and {report.published} sourced revisions.")
        )

    def progress(self, done: int, total: int) -> None:
        if done % PROGRESS_INTERVAL == 0 or done == total:
            self.stderr.write(f"{done} of {total} entries")
