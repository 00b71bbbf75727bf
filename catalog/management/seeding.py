"""The seed catalogue: the list as it is, then its curation: corrections and additions, with sources if known."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from catalog.kinds import KINDS
from catalog.ledger.accounts import CURATION, LIST_ACCOUNT
from catalog.ledger.publishing import NothingChanged, PayloadError, publish
from catalog.ledger.trace import Trace
from catalog.management.awesome import ImportReport, import_list
from catalog.models import Entry, Revision

MODERATOR = "list-moderator"
SEEDERS = {LIST_ACCOUNT, CURATION}
FIXTURES = Path(settings.BASE_DIR) / "fixtures"
LIST_FILE = "awesome-vlm-README.md"

CURATION_FILES = {
    "01-components.yaml": "component",
    "02-topics.yaml": "topic",
    "03-datasets.yaml": "dataset",
    "04-benchmarks.yaml": "benchmark",
    "05-papers.yaml": "paper",
    "06-successors.yaml": "component",
    "15-topics.yaml": "topic",
    "16-topics-of-benchmarks.yaml": "benchmark",
    "17-topics-of-datasets.yaml": "dataset",
    "18-topics-of-models.yaml": "paper",
}
Progress = Callable[[int, int], None]


@dataclass
class SeedReport:
    """The outcome of seeding: the import of the list, the number of revisions published, the entries that were not
    changed because people have changed them since, and those whose form refused it, with the reason."""

    imported: ImportReport
    published: int = 0
    left_alone: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SeedItem:
    """An entry of the fixtures: its slug before the first of these revisions, and its revisions in order."""

    kind: str
    slug: str
    revisions: list[dict[str, Any]]


def seed(progress: Progress | None = None) -> SeedReport:
    """Publish the revisions of the fixtures that are not in the ledger, in one transaction.

    A revision of the fixtures is identified by its entry and its comment, so fixtures are appended to and never
    rewritten; they may use former names of fields. An entry whose newest revision is not by one of the seed's accounts
    is not changed. One that the form refuses, because people have added what it collides with or stored what the form
    has come to refuse, is reported and does not keep the others.
    """
    users: Any = get_user_model().objects
    with transaction.atomic():
        text = (FIXTURES / "list" / LIST_FILE).read_text(encoding="utf-8")
        people = {"contributor": users.service(LIST_ACCOUNT), "approver": users.service(MODERATOR)}
        report = SeedReport(import_list(text, name=LIST_FILE, **people))
        _Seeder(report, users.service(CURATION), users.service(MODERATOR)).run(list(items()), progress)
    return report


def items() -> Iterator[SeedItem]:
    """The curation fixtures, in an order in which references exist before they are used."""
    folder = FIXTURES / "curation"
    for name, kind in CURATION_FILES.items():
        yield from _read(folder / name, kind)
    for path in sorted((folder / "results").glob("*.yaml")):
        yield from _read(path, "result")


def _read(path: Path, kind: str) -> Iterator[SeedItem]:
    with path.open(encoding="utf-8") as file:
        for row in yaml.load(file, Loader=yaml.CSafeLoader):
            yield SeedItem(kind, row["slug"], row["revisions"])


class _Seeder:
    """Publishes missing revisions; reads from the ledger, in one query, which are there."""

    def __init__(self, report: SeedReport, curation: Any, moderator: Any) -> None:
        self.report, self.curation, self.moderator = report, curation, moderator
        self.ids: dict[tuple[str, str], int] = {}
        self.newest: dict[tuple[str, int], str] = {}
        self.done: set[tuple[str, int, str]] = set()
        rows = Revision.objects.order_by("id").values_list("kind", "entry_id", "slug", "contributor", "comment")
        for kind, entry_id, slug, contributor, comment in rows.iterator():
            self.remember(kind, entry_id, slug, contributor, comment)

    def remember(self, kind: str, entry_id: int, slug: str, contributor: str, comment: str) -> None:
        self.ids[kind, slug] = entry_id
        self.newest[kind, entry_id] = contributor
        if contributor == CURATION:
            self.done.add((kind, entry_id, comment))

    def run(self, rows: list[SeedItem], progress: Progress | None) -> None:
        for number, item in enumerate(rows, 1):
            self.seed_item(item)
            if progress:
                progress(number, len(rows))

    def seed_item(self, item: SeedItem) -> None:
        entry_id = self.ids.get((item.kind, item.slug))
        missing = [row for row in item.revisions if (item.kind, entry_id, row["comment"]) not in self.done]
        if not missing:
            return
        if entry_id is not None and self.newest[item.kind, entry_id] not in SEEDERS:
            self.report.left_alone.append(f"{item.kind} {item.slug}")
            return
        try:
            for row in missing:
                entry_id = self.publish(item, entry_id, row)
        except PayloadError as error:
            self.report.refused.append(f"{item.kind} {item.slug}: {error}")

    def publish(self, item: SeedItem, entry_id: int | None, row: dict[str, Any]) -> int:
        kind = KINDS[item.kind]
        live: Entry | None = kind.model.objects.with_references().get(pk=entry_id) if entry_id else None
        before = kind.dump(live) if live else {}
        try:
            revision = publish(
                kind=kind,
                payload={**before, **kind.form.upgraded_changes(row["changes"])},
                trace=Trace(self.curation, self.moderator, row["source"], row["comment"]),
                entry=live,
                slug=row.get("slug") or (None if live else item.slug),
                as_given=True,  # a revision of the fixtures says itself what was checked, and where
            )
        except NothingChanged:
            return int(entry_id or 0)
        self.report.published += 1
        self.remember(item.kind, revision.entry_id, revision.slug, CURATION, row["comment"])
        return revision.entry_id
