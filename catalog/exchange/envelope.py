"""The representation of an entry in exports and the API, shared by JSON, JSON Lines and CSV."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.kinds import Kind
from catalog.ledger.batches import batched
from catalog.models import Entry, EntryQuerySet
from catalog.reading.sources import class_of_address, class_of_row, source_rows, stated_class

BATCH = 200

Envelope = dict[str, Any]


def envelope(kind: Kind, entry: Entry, site_url: str) -> Envelope:
    """Kind, slug, URL, revision and times (ISO 8601, UTC), the payload as `fields`, and the classes of the addresses
    that it names as sources; fetch `with_references()`."""
    payload = kind.dump(entry)
    return {
        "kind": kind.name,
        "slug": entry.slug,
        "url": f"{site_url}{entry.get_absolute_url()}",
        "revision": entry.revision,
        "created": entry.created.isoformat(),
        "updated": entry.updated.isoformat(),
        "fields": payload,
        "source_classes": source_classes(payload),
    }


def source_classes(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The class of each address that a payload names as a source, by field ("" if it is unknown), and whether the
    payload states it. Damaged rows of a past day are left out."""
    rows = source_rows(payload["sources"])
    classes = [
        {"field": row["field"], "url": row["url"], "class": class_of_row(row), "stated": bool(stated_class(row))}
        for row in rows
        if row["url"]
    ]
    if url := payload.get("source_url"):
        stated = any(stated_class(row) for row in rows if row["url"] == url)
        classes.append({"field": "source_url", "url": url, "class": class_of_address(url, rows), "stated": stated})
    return classes


def envelopes(kind: Kind, rows: EntryQuerySet, site_url: str) -> Iterator[Envelope]:
    """The envelopes of entries, in order, in constant memory and a fixed number of queries per batch."""
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    for ids in batched(keys, BATCH):
        entries = {entry.pk: entry for entry in kind.model.objects.with_references().filter(pk__in=ids)}
        for pk in ids:
            if pk in entries:  # it may have been retired since the keys were read
                yield envelope(kind, entries[pk], site_url)
