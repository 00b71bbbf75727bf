"""Merge and retire what the fixtures name."""

from pathlib import Path

from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.publishing import PublishingError, merge, retire
from catalog.management.seed_files import SeedRemoval, read_removals
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
        """Publish a removal, or report why not; one that is in the ledger is done."""
        ledger, name = self.run.ledger, f"{removal.kind} {removal.slug}"
        entry_id = ledger.ids.get((removal.kind, removal.slug))
        if entry_id is None:
            self.run.report.refused.append(f"{name}: {unknown(removal.kind)}")
        elif (removal.kind, entry_id, removal.comment) in ledger.done:
            return
        elif ledger.is_changed(removal.kind, removal.slug):
            self.run.report.left_alone.append(name)
        elif not ledger.is_removed(removal.kind, removal.slug):
            try:
                self.publish(removal, entry_id)
            except PublishingError as error:
                self.run.report.refused.append(f"{name}: {error}")

    def publish(self, removal: SeedRemoval, entry_id: int) -> None:
        """Merge or retire an entry that is in the catalogue. Raises PublishingError."""
        model, trace = KINDS[removal.kind].model, self.run.trace(removal.source, removal.comment)
        entry = model.objects.get(pk=entry_id)
        if not removal.into:
            self.run.remember(retire(entry=entry, trace=trace))
            return
        if (removal.kind, removal.into) not in self.run.ledger.ids:
            raise PublishingError(f"it cannot be merged into “{removal.into}”; {unknown(removal.kind)}")
        into = model.objects.filter(pk=self.run.ledger.entry(removal.kind, removal.into)).first()
        if into is None or into.pk == entry.pk:  # people decided otherwise
            target = f"{removal.kind} {removal.into}, which {removal.slug} was to be merged into"
            self.run.report.left_alone.append(target)
            return
        self.run.remember(merge(entry=entry, into=into, trace=trace))


def unknown(kind: str) -> str:
    """Why nothing can be done with a slug."""
    return f"no {KINDS[kind].label.lower()} has or had this slug."
