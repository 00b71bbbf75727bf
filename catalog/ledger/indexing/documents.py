"""From an entry to its search document."""

from collections.abc import Iterable
from typing import Any

from catalog.models import Entry, Paper, SearchDocument
from catalog.text.folding import compact, fold

WEIGHTS = {"paper": 0, "dataset": 1, "benchmark": 1, "topic": 2, "component": 2, "result": 4}
LONGEST_BODY = 8000
LINE = 300

IDENTIFIERS = ("arxiv_id", "doi", "huggingface_id")
PEOPLE = ("authors", "organisation", "reported_by")
BODY = (
    *(
        "summary",
        "notes",
        "venue",
        "architecture",
        "modalities",
        "modalities_in",
        "tasks",
        "languages",
        "points",
        "licence",
    ),
    *("size", "availability", "family", "type", "metric", "subset", "split", "setting", "emoji"),
)


UPDATED = [
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
    """Write the documents of entries that were fetched `with_references()`, new or known."""
    SearchDocument.objects.bulk_create(
        [document(entry) for entry in entries],
        update_conflicts=True,
        unique_fields=["kind", "entry_id"],
        update_fields=UPDATED,
        batch_size=500,
    )


def remove_document(entry: Entry) -> None:
    """Delete the document of an entry that leaves the catalogue."""
    SearchDocument.objects.filter(kind=entry.kind, entry_id=entry.pk).delete()


def document(entry: Entry) -> SearchDocument:
    """The document of an entry that was fetched `with_references()`; not saved."""
    names = [entry.name, *entry.aliases, *_texts(entry, "variant"), *_variants(entry)]
    titles = [*_texts(entry, "title"), *[str(paper["title"]) for paper in getattr(entry, "papers", [])]]
    ids = [text for field in IDENTIFIERS for text in _texts(entry, field)]
    ids += [str(paper[key]) for paper in getattr(entry, "papers", []) for key in ("arxiv_id", "doi") if paper[key]]
    body = [text for field in BODY for text in _texts(entry, field)]
    body += [*_related(entry), *titles[1:], *[topic.name for topic in entry.topics.all()]]
    compact_words = dict.fromkeys(compact(text) for text in [*names, *titles, *ids, entry.slug])
    return SearchDocument(
        kind=entry.kind,
        entry_id=entry.pk,
        slug=entry.slug,
        name=entry.name,
        line=(entry.summary or ", ".join(titles) or ", ".join(_related(entry)))[:LINE],
        year=entry.year,
        weight=WEIGHTS[entry.kind],
        names=fold(" ".join([*names, *titles])),
        compact=" ".join(filter(None, compact_words)),
        compact_name=compact(entry.name),
        identifiers=fold(" ".join(ids)),
        people=fold(" ".join(text for field in PEOPLE for text in _texts(entry, field))),
        body=fold(" ".join(body))[:LONGEST_BODY],
    )


def _texts(entry: Entry, field: str) -> list[str]:
    value: Any = getattr(entry, field, None)
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


def _variants(entry: Entry) -> list[str]:
    return [row["name"] for row in getattr(entry, "variants", []) if row["name"]]


def _related(entry: Entry) -> list[str]:
    """The names of the entries that this one is made of or about."""
    if isinstance(entry, Paper):
        return [part.component.name for part in entry.parts.all()] + [row.name for row in entry.training_rows.all()]
    targets = (getattr(entry, field, None) for field in ("paper", "benchmark"))
    return [target.name for target in targets if target is not None]
