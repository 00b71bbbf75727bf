"""The representation of an entry in exports and the API, shared by JSON, JSON Lines and CSV."""

from collections.abc import Iterator
from typing import Any

from catalog.kinds import Kind
from catalog.ledger.batches import batched
from catalog.models import Entry, EntryQuerySet

BATCH = 200

Envelope = dict[str, Any]


def envelope(kind: Kind, entry: Entry, site_url: str) -> Envelope:
    """Kind, slug, URL, revision and times (ISO 8601, UTC), and the payload as `fields`; fetch `with_references()`."""
    return {
        "kind": kind.name,
        "slug": entry.slug,
        "url": f"{site_url}{entry.get_absolute_url()}",
        "revision": entry.revision,
        "created": entry.created.isoformat(),
        "updated": entry.updated.isoformat(),
        "fields": kind.dump(entry),
    }


def envelopes(kind: Kind, rows: EntryQuerySet, site_url: str) -> Iterator[Envelope]:
    """The envelopes of entries, in order, in constant memory and a fixed number of queries per batch."""
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    for ids in batched(keys, BATCH):
        entries = {entry.pk: entry for entry in kind.model.objects.with_references().filter(pk__in=ids)}
        for pk in ids:
            if pk in entries:  # it may have been retired since the keys were read
                yield envelope(kind, entries[pk], site_url)
