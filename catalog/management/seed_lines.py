"""Publish the results of the fixtures, one of them a line, in batches."""

from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.batches import batched
from catalog.ledger.bulk import publish_many, refused_rows
from catalog.ledger.publishing import PayloadError
from catalog.management.seed_files import RESULT, SeedLine, read_lines
from catalog.management.seed_ledger import Claims
from catalog.management.seed_run import SeedRun
from catalog.models import Revision

LINES = 1_000
"""In a batch, which is a transaction of about a second, in which nobody else can publish."""


class LineSeeder:
    """Publishes the files of results."""

    def __init__(self, run: SeedRun) -> None:
        self.run = run
        self.read = Claims(run.ledger)

    def seed(self, path: Path) -> None:
        """Publish what is missing of a file."""
        lines, done = list(read_lines(path)), 0
        for batch in batched(lines, LINES):
            with transaction.atomic():
                Revision.objects.take_publish_lock()
                self.run.ledger.catch_up()
                self.publish_lines(self.missing_lines(batch))
            done += len(batch)
            self.run.progress(path.name, done, len(lines))

    def missing_lines(self, lines: Iterable[SeedLine]) -> list[SeedLine]:
        """The lines whose claims are not in the ledger, or fewer times than there are such lines."""
        missing = []
        for line in lines:
            claim = self.run.ledger.claim(line.payload)
            self.read.add(claim)
            if self.read[claim] > self.run.ledger.claims[claim]:
                missing.append(line)
        return missing

    def publish_lines(self, lines: list[SeedLine]) -> None:
        """Publish results; what the form refuses is reported, unless somebody else has published the same claim."""
        try:
            revisions = publish_many(
                kind=KINDS[RESULT],
                payloads=[line.payload for line in lines],
                trace=[self.run.trace(line.source, line.comment) for line in lines],
                as_given=True,
            )
        except PayloadError as error:
            refused = refused_rows(error)
            self.report_refused([(lines[index], message) for index, message in refused.items()])
            self.publish_lines([line for index, line in enumerate(lines) if index not in refused])
            return
        for revision in revisions:
            self.run.remember(revision)

    def report_refused(self, refused: list[tuple[SeedLine, str]]) -> None:
        form = KINDS[RESULT].form
        own = [set(form.identifiers(line.payload)) for line, _ in refused]
        held = form.fetch_holders(set().union(*own))
        for (line, message), identifiers in zip(refused, own, strict=True):
            if identifiers.isdisjoint(held):
                self.run.report.refused.append(f"{line.place}: {message}")
