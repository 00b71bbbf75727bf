"""What the ledger has of the fixtures already."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.accounts import CURATION, LIST_ACCOUNT
from catalog.ledger.payloads import as_object, read
from catalog.management.seed_files import RESULT, SeedItem, SeedRevision
from catalog.models import REMOVED_ACTIONS, Revision, RevisionAction

SEEDERS = {LIST_ACCOUNT, CURATION}
REFERENCES = ("paper", "benchmark", "protocol")
PRINTED = ("value", "model_revision", "data_revision", "source_url", "locator")
"""What a revision holds of a line to the character: names such as that of the split are written as they are listed."""
COLUMNS = ("pk", "kind", "entry_id", "slug", "contributor", "comment", "action", "into_id", "part_of_id")
Claim = tuple[Any, ...]


FIRST_OF_RESULT = {"kind": RESULT, "number": 1, "contributor": CURATION}
"""The revisions that make the claims of the fixtures."""


class Claims:
    """How many results make a claim, also where their models and benchmarks are merged while they are counted.

    Each claim is kept as it was made, and compared by what its entries have become.
    """

    def __init__(self, ledger: "SeedLedger") -> None:
        self.ledger, self.merges = ledger, 0
        self.made, self.present = Counter[Claim](), Counter[Claim]()

    def add(self, claim: Claim) -> None:
        self.made[claim] += 1
        self.present[self.ledger.present(claim)] += 1

    def __getitem__(self, claim: Claim) -> int:
        if self.merges != self.ledger.merges:
            self.merges, self.present = self.ledger.merges, Counter()
            for one, times in self.made.items():
                self.present[self.ledger.present(one)] += times
        return self.present[self.ledger.present(claim)]


class SeedLedger:
    """The revisions of the ledger, by what the fixtures say of them.

    A revision of the fixtures is known by its entry and its comment; one that changed nothing left none. An entry is
    known by any slug that it ever had, since no other entry can get it. A line is known by its claim: model, benchmark
    and protocol, whatever their slugs are now and whatever they were merged into, and what the source prints where. The
    first revision of a result stays as it was, so that a claim is known however people have changed, retired or merged
    the result since. Where lines share a claim, their number tells.

    Who changed an entry last is a question of changes that somebody made of it. What a merge or a restoration wrote at
    it, because it refers to the one merged, is none.
    """

    def __init__(self) -> None:
        self.last = 0
        self.ids: dict[tuple[str, str], int] = {}
        self.slugs: dict[tuple[str, int], tuple[str, ...]] = {}
        self.newest: dict[tuple[str, int], str] = {}
        self.done: set[tuple[str, int, str]] = set()
        self.merged: dict[tuple[str, int], int] = {}
        self.removed: set[tuple[str, int]] = set()
        self.merges = 0
        self.claims = Claims(self)

    def catch_up(self) -> None:
        """Read the revisions since the last time; the caller holds the publish lock."""
        since = self.last
        rows = Revision.objects.filter(pk__gt=since).order_by("pk").values_list(*COLUMNS, named=True)
        for row in rows.iterator():
            self.note(row)
        first = Revision.objects.filter(pk__gt=since, **FIRST_OF_RESULT)
        for snapshot, shape in first.values_list("snapshot", "shape").iterator():
            self.count(snapshot, shape)

    def remember(self, revision: Revision) -> None:
        """Note a revision that the seed has just published."""
        self.note(revision)
        if all(getattr(revision, name) == value for name, value in FIRST_OF_RESULT.items()):
            self.count(revision.snapshot, revision.shape)

    def count(self, snapshot: Any, shape: int | None) -> None:
        """Count the claim that the first revision of a result makes."""
        self.claims.add(self.claim(as_object(read(KINDS[RESULT], snapshot, shape))))

    def note(self, revision: Any) -> None:
        """Take in the COLUMNS of a revision; they are taken in in the order of the ledger."""
        entry = (revision.kind, revision.entry_id)
        self.last = max(self.last, revision.pk)
        self.ids[revision.kind, revision.slug] = revision.entry_id
        if revision.slug not in (slugs := self.slugs.get(entry, ())):
            self.slugs[entry] = (*slugs, revision.slug)
        if revision.part_of_id is None:
            self.newest[entry] = revision.contributor
            if revision.contributor == CURATION:
                self.done.add((*entry, revision.comment))
        if revision.action in REMOVED_ACTIONS:
            self.removed.add(entry)
        if revision.action == RevisionAction.MERGE:
            self.merged[entry] = revision.into_id
            self.merges += 1
        elif revision.action == RevisionAction.RESTORE:
            self.removed.discard(entry)
            self.merges += self.merged.pop(entry, None) is not None

    def missing(self, item: SeedItem, later: Iterable[SeedItem] = ()) -> list[SeedRevision]:
        """The revisions of an item that are not in the ledger, without what later ones there say of the same fields.

        `later` are the items of the same entry that follow. Where a later revision is in the ledger, an earlier one
        that is not there changed nothing when its turn came, or was appended since: it is not to undo the later one.
        """
        entry = (item.kind, self.ids.get((item.kind, item.slug)))
        said = {
            key for one in later for row in one.revisions if (*entry, row.comment) in self.done for key in row.changed
        }
        missing = []
        for row in reversed(item.revisions):
            if (*entry, row.comment) in self.done:
                said |= row.changed
            elif not said:
                missing.append(row)
            elif (rest := row.without(said)).changed:
                missing.append(rest)
        return missing[::-1]

    def is_changed(self, kind: str, slug: str) -> bool:
        """Whether somebody else than the seed made the last change of an entry."""
        entry_id = self.ids.get((kind, slug))
        return entry_id is not None and self.newest[kind, entry_id] not in SEEDERS

    def is_removed(self, kind: str, slug: str) -> bool:
        """Whether an entry was in the catalogue and is not any more."""
        return (kind, self.ids.get((kind, slug))) in self.removed

    def claim(self, payload: Mapping[str, Any]) -> Claim:
        """What a payload of a result claims: the ids of its entries, as they were named, and what the source prints."""
        entries = (self.ids.get((kind, str(slug)), slug) for kind in REFERENCES for slug in [payload.get(kind)])
        printed = (unicodedata.normalize("NFC", str(payload.get(key) or "")).strip() for key in PRINTED)
        return (*entries, *printed)

    def present(self, claim: Claim) -> Claim:
        """A claim, of what its entries have been merged into since."""
        entries = (self.followed(kind, one) for kind, one in zip(REFERENCES, claim, strict=False))
        return (*entries, *claim[len(REFERENCES) :])

    def entry(self, kind: str, slug: str) -> Any:
        """The id of the entry that a slug leads to; the slug itself if no entry ever had it."""
        return self.followed(kind, self.ids.get((kind, slug), slug))

    def followed(self, kind: str, entry: Any) -> Any:
        """The id of an entry, or of what it was merged into."""
        while (kind, entry) in self.merged:
            entry = self.merged[kind, entry]
        return entry
