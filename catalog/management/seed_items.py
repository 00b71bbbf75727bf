"""Publish the entries of the fixtures: what is missing of their revisions, in batches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from catalog.kinds import KINDS, Kind
from catalog.ledger.bulk import publish_many
from catalog.ledger.bulk_edits import Edit, edit_many
from catalog.ledger.publishing import NothingChanged, PublishingError, publish
from catalog.management.seed_files import SeedFile, SeedItem, SeedRevision
from catalog.management.seed_run import SeedRun
from catalog.models import Entry, Revision

ITEMS = 100
"""In a batch, which is a transaction of about a second, in which nobody else can publish."""


@dataclass(frozen=True)
class _Work:
    """An entry of the fixtures and its revisions that are to be published."""

    item: SeedItem
    rows: list[SeedRevision]


class ItemSeeder:
    """Publishes the files of entries."""

    def __init__(self, run: SeedRun, files: Iterable[SeedFile]) -> None:
        self.run = run
        self.coming = defaultdict[tuple[str, str], list[SeedItem]](list)
        for item in (item for file in files for item in file.items):
            self.coming[item.kind, item.slug].append(item)

    def seed(self, file: SeedFile) -> None:
        """Publish the next of the files."""
        kind, done = KINDS[file.kind], 0
        for batch in self.independent(kind, file.items):
            with transaction.atomic():
                Revision.objects.take_publish_lock()
                self.run.ledger.catch_up()
                self.publish_items(kind, batch)
            done += len(batch)
            self.run.progress(file.name, done, len(file.items))

    def independent(self, kind: Kind, items: Iterable[SeedItem]) -> Iterator[list[SeedItem]]:
        """Batches of entries in their order: none refers to another of its batch, so they can be published together."""
        batch, own = list[SeedItem](), set[Any]()
        for item in items:
            slugs = {item.slug, *(row.slug for row in item.revisions if row.slug)}
            references = (found for row in item.revisions for found in kind.form.references(row.changes))
            named = {slug for name, slug in references if name == kind.name}
            entries = {self.run.ledger.entry(kind.name, slug) for slug in slugs}
            met = named | entries | {self.run.ledger.entry(kind.name, slug) for slug in named}
            if len(batch) == ITEMS or not own.isdisjoint(met):
                yield batch
                batch, own = [], set()
            batch.append(item)
            own |= entries | slugs
        if batch:
            yield batch

    def publish_items(self, kind: Kind, items: list[SeedItem]) -> None:
        """Publish what is missing of a batch."""
        ledger, works = self.run.ledger, list[_Work]()
        for item in items:
            rows = ledger.missing(item, self.later(item))
            if rows and ledger.is_changed(item.kind, item.slug):
                self.run.report.left_alone.append(f"{item.kind} {item.slug}")
            elif rows and not ledger.is_removed(item.kind, item.slug):  # where a removal came first, it stays
                works.append(_Work(item, rows))
        self.publish_works(kind, works)

    def later(self, item: SeedItem) -> list[SeedItem]:
        """The items of the same entry in the rest of the files; call it once for each item, in their order."""
        self.coming[item.kind, item.slug].pop(0)  # it is the next one
        entry_id = self.run.ledger.ids.get((item.kind, item.slug), 0)
        slugs = self.run.ledger.slugs.get((item.kind, entry_id), ())
        return [later for slug in slugs for later in self.coming.get((item.kind, slug), ())]

    def publish_works(self, kind: Kind, works: list[_Work]) -> None:
        """Publish entries together; if something in them is refused, in halves, down to one that is refused alone."""
        if len(works) <= 1:
            for work in works:
                self.publish_alone(kind, work)
            return
        try:
            with transaction.atomic():
                revisions = self.publish_together(kind, works)
        except PublishingError:
            middle = len(works) // 2
            self.publish_works(kind, works[:middle])
            self.publish_works(kind, works[middle:])
            return
        for revision in revisions:
            self.run.remember(revision)

    def publish_together(self, kind: Kind, works: list[_Work]) -> list[Revision]:
        """Publish the first missing revisions of all, then the second ones, and so on."""
        ids = {work.item.slug: self.run.ledger.ids.get((kind.name, work.item.slug)) for work in works}
        revisions = list[Revision]()
        for number in range(max((len(work.rows) for work in works), default=0)):
            rows = [(work.item.slug, work.rows[number]) for work in works if number < len(work.rows)]
            new = [(slug, row) for slug, row in rows if ids[slug] is None]
            created = publish_many(
                kind=kind,
                payloads=[row.changes for _, row in new],
                trace=[self.run.trace(row.source, row.comment) for _, row in new],
                slugs=[row.slug or slug for slug, row in new],
                as_given=True,  # a revision of the fixtures says itself what was checked, and where
            )
            edited = edit_many(
                kind=kind,
                edits=[
                    Edit(
                        entry_id=entry_id,
                        changes=row.changes,
                        trace=self.run.trace(row.source, row.comment),
                        slug=row.slug,
                    )
                    for slug, row in rows
                    if (entry_id := ids[slug]) is not None
                ],
            )
            ids |= {slug: revision.entry_id for (slug, _), revision in zip(new, created, strict=True)}
            revisions += [*created, *filter(None, edited)]
        return revisions

    def publish_alone(self, kind: Kind, work: _Work) -> None:
        """Publish the missing revisions of one entry, up to one that is refused."""
        item, entry_id = work.item, self.run.ledger.ids.get((kind.name, work.item.slug))
        try:
            for row in work.rows:
                entry_id = self.publish(kind, item, entry_id, row)
        except PublishingError as error:
            self.run.report.refused.append(f"{item.kind} {item.slug}: {error}")

    def publish(self, kind: Kind, item: SeedItem, entry_id: int | None, row: SeedRevision) -> int:
        live: Entry | None = kind.model.objects.with_references().get(pk=entry_id) if entry_id else None
        before = kind.dump(live) if live else {}
        try:
            revision = publish(
                kind=kind,
                payload={**before, **row.changes},
                trace=self.run.trace(row.source, row.comment),
                entry=live,
                slug=row.slug or (None if live else item.slug),
                as_given=True,
            )
        except NothingChanged:
            return int(entry_id or 0)
        self.run.remember(revision)
        return revision.entry_id
