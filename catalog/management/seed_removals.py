"""Merge and retire what the fixtures name."""

from pathlib import Path

from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.publishing import PublishingError, merge, retire
from catalog.management.seed_files import SeedRemoval, read_removals
from catalog.management.seed_ledger import SEEDERS
from catalog.management.seed_run import SeedRun
from catalog.models import Revision


class RemovalSeeder:
    """Publishes the files of removals."""

    def __init__(self, run: SeedRun) -> None:
        self.run = run

    def seed(self, path: Path) -> None:
        """Merge and retire what the file names, each in a transaction of its own: once, whatever people do with it
        afterwards."""
        removals = read_removals(path)
        for number, removal in enumerate(removals, 1):
            with transaction.atomic():
                Revision.objects.take_publish_lock()
                self.run.ledger.catch_up()
                self.remove(removal)
            self.run.progress(path.name, number, len(removals))

    def remove(self, removal: SeedRemoval) -> None:
        kind, entry_id = KINDS[removal.kind], self.run.ledger.ids.get((removal.kind, removal.slug))
        if entry_id is None or (removal.kind, entry_id, removal.comment) in self.run.ledger.done:
            return
        entry = kind.model.objects.filter(pk=entry_id).first()
        if entry is None or self.run.ledger.newest[removal.kind, entry_id] not in SEEDERS:
            self.run.report.left_alone.append(f"{removal.kind} {removal.slug}")
            return
        trace = self.run.trace(removal.source, removal.comment)
        try:
            if removal.into:
                into = kind.model.objects.get(pk=self.run.ledger.ids[removal.kind, removal.into])
                revision = merge(entry=entry, into=into, trace=trace)
            else:
                revision = retire(entry=entry, trace=trace)
        except PublishingError as error:
            self.run.report.refused.append(f"{removal.kind} {removal.slug}: {error}")
            return
        self.run.remember(revision)
