"""The seed catalogue: the list as it is, then its curation: corrections and additions, with sources if known."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from catalog.kinds import KINDS, Kind
from catalog.ledger.accounts import CURATION, LIST_ACCOUNT
from catalog.ledger.batches import batched
from catalog.ledger.bulk import publish_many, refused_rows
from catalog.ledger.bulk_edits import Edit, edit_many
from catalog.ledger.publishing import NothingChanged, PayloadError, PublishingError, merge, publish, retire
from catalog.ledger.trace import Trace
from catalog.management.awesome import ImportReport, import_list
from catalog.management.seed_files import (
    RESULT,
    SeedItem,
    SeedLine,
    SeedRemoval,
    digest_of,
    item_files,
    line_files,
    read_items,
    read_lines,
    read_removals,
)
from catalog.management.seed_ledger import SEEDERS, Claim, SeedLedger
from catalog.models import Entry, Revision, SeededFixtures

MODERATOR = "list-moderator"
FIXTURES = Path(settings.BASE_DIR) / "fixtures"
LIST_FILE = "awesome-vlm-README.md"
CURATION_OF_LIST, CATALOGUE = "curation", "catalogue"
"""The folders of the fixtures: what corrects and completes the list, and all else."""
ITEMS, LINES = 100, 1_000
"""In a batch. Each is a transaction of about a second, in which nobody else can publish."""
Progress = Callable[[str, int, int], None]
"""Called with the name of a file, the number of its entries that are done, and that of all."""


@dataclass
class SeedReport:
    """The outcome of seeding: the import of the list, the number of revisions published, the entries that were not
    changed because people have changed them since, and those whose form refused it, with the reason."""

    imported: ImportReport = field(default_factory=ImportReport)
    published: int = 0
    left_alone: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def seed(progress: Progress = lambda name, done, total: None, *, list_only: bool = False) -> SeedReport:
    """Publish what the fixtures say and the ledger does not have; with `list_only` the list and its curation.

    The digest of fixtures of which everything is published is kept, so that a further run compares nothing. Otherwise
    they are published in batches, each in a transaction of its own: a run that was interrupted continues where it
    stopped, and in between others can publish. `SeedLedger` says what is known as published, so fixtures are appended
    to and never rewritten; they may use former names of fields. An entry whose newest revision is not by one of the
    seed's accounts is not changed. One that the form refuses, because people have added what it collides with or stored
    what the form has come to refuse, is reported and does not keep the others; the next run reports it again.
    """
    folders = [CURATION_OF_LIST] if list_only else [CURATION_OF_LIST, CATALOGUE]
    digest, report = digest_of(FIXTURES, ["list", *folders]), SeedReport()
    if SeededFixtures.objects.filter(digest=digest).exists():
        return report
    users: Any = get_user_model().objects
    moderator = users.service(MODERATOR)
    report.imported = import_list(
        (FIXTURES / "list" / LIST_FILE).read_text(encoding="utf-8"),
        name=LIST_FILE,
        contributor=users.service(LIST_ACCOUNT),
        approver=moderator,
        progress=lambda done, total: progress(LIST_FILE, done, total),
    )
    seeder = _Seeder(report, users.service(CURATION), moderator, progress)
    for folder in folders:
        seeder.seed_folder(FIXTURES / folder)
    if not report.refused:
        SeededFixtures.objects.get_or_create(digest=digest, defaults={"at": timezone.now()})
    return report


@dataclass(frozen=True)
class _Work:
    """An entry of the fixtures and its revisions that are to be published."""

    item: SeedItem
    rows: list[dict[str, Any]]


class _Seeder:
    """Publishes what is missing, in batches."""

    def __init__(self, report: SeedReport, curation: Any, moderator: Any, progress: Progress) -> None:
        self.report, self.curation, self.moderator, self.progress = report, curation, moderator, progress
        self.ledger = SeedLedger()
        self.read = Counter[Claim]()

    def seed_folder(self, folder: Path) -> None:
        for path, kind in item_files(folder):
            self.seed_items(path, KINDS[kind])
        for path in line_files(folder):
            self.seed_lines(path)
        if (removals := folder / "merges.yaml").exists():
            self.seed_removals(removals)

    def seed_items(self, path: Path, kind: Kind) -> None:
        items = read_items(path, kind.name)
        done = 0
        for batch in self.independent(kind, items):
            with transaction.atomic():
                Revision.objects.take_publish_lock()
                self.ledger.catch_up()
                self.publish_items(kind, batch)
            done += len(batch)
            self.progress(path.name, done, len(items))

    def independent(self, kind: Kind, items: Iterable[SeedItem]) -> Iterator[list[SeedItem]]:
        """Batches of entries in their order: none refers to another of its batch, so they can be published together."""
        batch, own = list[SeedItem](), set[Any]()
        for item in items:
            slugs = {item.slug, *(row["slug"] for row in item.revisions if row.get("slug"))}
            changes = [kind.form.upgraded_changes(row["changes"]) for row in item.revisions]
            named = {slug for one in changes for name, slug in kind.form.references(one) if name == kind.name}
            entries = {self.ledger.entry(kind.name, slug) for slug in slugs}
            met = named | entries | {self.ledger.entry(kind.name, slug) for slug in named}
            if len(batch) == ITEMS or not own.isdisjoint(met):
                yield batch
                batch, own = [], set()
            batch.append(item)
            own |= entries | slugs
        if batch:
            yield batch

    def publish_items(self, kind: Kind, items: list[SeedItem]) -> None:
        """Publish what is missing of a batch."""
        works = [_Work(item, rows) for item in items if (rows := self.ledger.missing(item))]
        changed = [work.item for work in works if self.ledger.is_changed(work.item)]
        self.report.left_alone += [f"{item.kind} {item.slug}" for item in changed]
        self.publish_works(kind, [work for work in works if work.item not in changed])

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
            self.remember(revision)

    def publish_together(self, kind: Kind, works: list[_Work]) -> list[Revision]:
        """Publish the first missing revisions of all, then the second ones, and so on."""
        ids = {work.item.slug: self.ledger.ids.get((kind.name, work.item.slug)) for work in works}
        revisions = list[Revision]()
        for number in range(max((len(work.rows) for work in works), default=0)):
            rows = [(work.item.slug, work.rows[number]) for work in works if number < len(work.rows)]
            new = [(slug, row) for slug, row in rows if ids[slug] is None]
            created = publish_many(
                kind=kind,
                payloads=[kind.form.upgraded_changes(row["changes"]) for _, row in new],
                trace=[self.trace(row["source"], row["comment"]) for _, row in new],
                slugs=[row.get("slug") or slug for slug, row in new],
                as_given=True,  # a revision of the fixtures says itself what was checked, and where
            )
            edited = edit_many(
                kind=kind,
                edits=[
                    Edit(
                        entry_id=entry_id,
                        changes=kind.form.upgraded_changes(row["changes"]),
                        trace=self.trace(row["source"], row["comment"]),
                        slug=row.get("slug") or "",
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
        item, entry_id = work.item, self.ledger.ids.get((kind.name, work.item.slug))
        try:
            for row in work.rows:
                entry_id = self.publish(kind, item, entry_id, row)
        except PublishingError as error:
            self.report.refused.append(f"{item.kind} {item.slug}: {error}")

    def publish(self, kind: Kind, item: SeedItem, entry_id: int | None, row: dict[str, Any]) -> int:
        live: Entry | None = kind.model.objects.with_references().get(pk=entry_id) if entry_id else None
        before = kind.dump(live) if live else {}
        try:
            revision = publish(
                kind=kind,
                payload={**before, **kind.form.upgraded_changes(row["changes"])},
                trace=self.trace(row["source"], row["comment"]),
                entry=live,
                slug=row.get("slug") or (None if live else item.slug),
                as_given=True,
            )
        except NothingChanged:
            return int(entry_id or 0)
        self.remember(revision)
        return revision.entry_id

    def seed_lines(self, path: Path) -> None:
        done, total = 0, sum(1 for _ in read_lines(path))
        for batch in batched(read_lines(path), LINES):
            with transaction.atomic():
                Revision.objects.take_publish_lock()
                self.ledger.catch_up()
                self.publish_lines(self.missing_lines(batch))
            done += len(batch)
            self.progress(path.name, done, total)

    def missing_lines(self, lines: Iterable[SeedLine]) -> list[SeedLine]:
        """The lines whose claims are not in the ledger, or fewer times than there are such lines."""
        missing = []
        for line in lines:
            claim = self.ledger.claim(line.payload)
            self.read[claim] += 1
            if self.read[claim] > self.ledger.claims[claim]:
                missing.append(line)
        return missing

    def publish_lines(self, lines: list[SeedLine]) -> None:
        """Publish results; what the form refuses is reported, unless somebody else has published the same claim."""
        try:
            revisions = publish_many(
                kind=KINDS[RESULT],
                payloads=[KINDS[RESULT].form.upgraded_changes(line.payload) for line in lines],
                trace=[self.trace(line.source, line.comment) for line in lines],
                as_given=True,
            )
        except PayloadError as error:
            refused = refused_rows(error)
            self.report_refused([(lines[index], message) for index, message in refused.items()])
            self.publish_lines([line for index, line in enumerate(lines) if index not in refused])
            return
        for line, revision in zip(lines, revisions, strict=True):
            self.ledger.claims[self.ledger.claim(line.payload)] += 1
            self.remember(revision)

    def seed_removals(self, path: Path) -> None:
        """Merge and retire what the file names, each in a transaction of its own: once, whatever people do with it
        afterwards."""
        removals = read_removals(path)
        for number, removal in enumerate(removals, 1):
            with transaction.atomic():
                Revision.objects.take_publish_lock()
                self.ledger.catch_up()
                self.remove(removal)
            self.progress(path.name, number, len(removals))

    def remove(self, removal: SeedRemoval) -> None:
        kind, entry_id = KINDS[removal.kind], self.ledger.ids.get((removal.kind, removal.slug))
        if entry_id is None or (removal.kind, entry_id, removal.comment) in self.ledger.done:
            return
        entry = kind.model.objects.filter(pk=entry_id).first()
        if entry is None or self.ledger.newest[removal.kind, entry_id] not in SEEDERS:
            self.report.left_alone.append(f"{removal.kind} {removal.slug}")
            return
        trace = self.trace(removal.source, removal.comment)
        try:
            if removal.into:
                into = kind.model.objects.get(pk=self.ledger.ids[removal.kind, removal.into])
                revision = merge(entry=entry, into=into, trace=trace)
            else:
                revision = retire(entry=entry, trace=trace)
        except PublishingError as error:
            self.report.refused.append(f"{removal.kind} {removal.slug}: {error}")
            return
        self.remember(revision)

    def report_refused(self, refused: list[tuple[SeedLine, str]]) -> None:
        form = KINDS[RESULT].form
        own = [set(form.identifiers(line.payload)) for line, _ in refused]
        held = form.fetch_holders(set().union(*own))
        for (line, message), identifiers in zip(refused, own, strict=True):
            if identifiers.isdisjoint(held):
                self.report.refused.append(f"{line.place}: {message}")

    def trace(self, source: str, comment: str) -> Trace:
        return Trace(self.curation, self.moderator, source, comment)

    def remember(self, revision: Revision) -> None:
        self.report.published += 1
        self.ledger.remember(revision)
