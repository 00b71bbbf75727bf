"""Search documents of entries."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models

from catalog.kinds import Kind, kind_of
from catalog.models import Entry, SearchDocument
from catalog.text.folding import compact, fold

MAX_BODY_LENGTH = 8000
LINE = 300

UPDATED_FIELDS = [
    "slug",
    "name",
    "line",
    "year",
    "weight",
    "names",
    "compact",
    "compact_name",
    "identifiers",
    "people",
    "body",
]


def write_documents(entries: Iterable[Entry]) -> None:
    """Create or update the documents of entries, fetched `with_references()`."""
    SearchDocument.objects.bulk_create(
        [document(entry) for entry in entries],
        update_conflicts=True,
        unique_fields=["kind", "entry_id"],
        update_fields=UPDATED_FIELDS,
        batch_size=500,
    )


def remove_document(entry: Entry) -> None:
    """Delete the document of an entry that leaves the catalogue."""
    SearchDocument.objects.filter(kind=entry.kind, entry_id=entry.pk).delete()


def document(entry: Entry) -> SearchDocument:
    """The unsaved document of an entry, fetched `with_references()`."""
    kind = kind_of(entry)
    searched = kind.searched
    names = [entry.name, *entry.aliases, *texts_at(entry, searched.names)]
    titles, related = texts_at(entry, searched.titles), texts_at(entry, searched.related)
    ids = texts_at(entry, searched.identifiers)
    body = texts_at(entry, all_texts(kind) if searched.body is None else searched.body)
    body += [*related, *titles[1:], *[topic.name for topic in entry.topics.all()]]
    compact_words = dict.fromkeys(compact(text) for text in [*names, *titles, *ids, entry.slug])
    return SearchDocument(
        kind=entry.kind,
        entry_id=entry.pk,
        slug=entry.slug,
        name=entry.name,
        line=(entry.summary or ", ".join(titles) or ", ".join(related))[:LINE],
        year=entry.year,
        weight=searched.weight,
        names=fold(" ".join([*names, *titles])),
        compact=" ".join(filter(None, compact_words)),
        compact_name=compact(entry.name),
        identifiers=fold(" ".join(ids)),
        people=fold(" ".join(texts_at(entry, searched.people))),
        body=fold(" ".join(body))[:MAX_BODY_LENGTH],
    )


def texts_at(entry: Entry, paths: Iterable[str]) -> list[str]:
    """The texts that paths of attributes, related rows and row keys lead to: "parts.component.name"."""
    return [str(value) for path in paths for value in values_at([entry], path.split(".")) if value]


def values_at(found: list[Any], steps: list[str]) -> list[Any]:
    """The values at the end of a path; lists and related rows are followed one by one."""
    for step in steps:
        values = [value.get(step) if isinstance(value, dict) else getattr(value, step, None) for value in found]
        found = []
        for value in values:
            rows = value.all() if isinstance(value, models.Manager) else value
            found += rows if isinstance(rows, list | models.QuerySet) else [rows]
    return found


@cache
def all_texts(kind: Kind) -> tuple[str, ...]:
    """The payload keys of a kind that hold searchable text."""
    return tuple(key for key, field in kind.form.payload_fields().items() if field.searchable and key != "name")
