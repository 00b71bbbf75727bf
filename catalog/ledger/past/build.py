"""Fill the database of a past catalogue from the ledger: the revisions up to a time, the entries as of it, their facets
and search documents.

What the ledger does not have is that of today: sections of the list, and the layout of an imported list.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.functions import Cast

from catalog.forms.references import prefetched
from catalog.kinds import KINDS, Kind
from catalog.ledger import as_of
from catalog.ledger.batches import batched
from catalog.ledger.indexing.inserting import insert
from catalog.ledger.indexing.upgrade import INDEXES
from catalog.ledger.past.positions import positions
from catalog.models import Entry, FormerSlug, ListLayout, Revision, RevisionAction, Section
from catalog.models.database import catalogue_connection

BATCH = 500
LARGEST_INTEGER = 2**63 - 1
READ_INDEXES = [index for index in INDEXES if index.name not in ("keys", "sourcing")]
"""The indexes that pages of readers read; the others are for proposals and moderators."""

logger = logging.getLogger(__name__)


def fill(at: datetime) -> None:
    """Fill the empty past catalogue that is open with the catalogue as of a time."""
    create_tables()
    copy_revisions(Revision.objects.using(DEFAULT_DB_ALIAS).filter(at__lte=at))
    Section.objects.bulk_create(Section.objects.using(DEFAULT_DB_ALIAS).order_by("pk"))
    ListLayout.objects.bulk_create(ListLayout.objects.using(DEFAULT_DB_ALIAS).order_by("pk"))
    write_former_slugs()
    for kind in KINDS.values():
        write_entries(kind)
    for kind in KINDS.values():
        write_indexes(kind)


def create_tables() -> None:
    """Create the catalogue's tables and the search index of SQLite, as `migrate` does in seconds."""
    with catalogue_connection().schema_editor() as editor:
        for model in apps.get_app_config("catalog").get_models():
            editor.create_model(model)
        for statement in import_module("catalog.migrations.0003_search").SQLITE:
            editor.execute(statement, params=None)
    catalogue_connection().disable_constraint_checking()  # entries of one kind may refer to those of the next


def copy_revisions(ledger: models.QuerySet[Revision]) -> None:
    """Copy revisions of the present database as they are stored."""
    columns = [field.attname for field in Revision._meta.concrete_fields]
    texts = {
        field.attname: f"{field.attname}_text"
        for field in Revision._meta.concrete_fields
        if isinstance(field, models.JSONField)
    }
    rows = ledger.order_by("id").annotate(**{text: Cast(name, models.TextField()) for name, text in texts.items()})
    moment = columns.index("at")
    adapt = catalogue_connection().ops.adapt_datetimefield_value
    for batch in batched(rows.values_list(*(texts.get(column, column) for column in columns)).iterator(BATCH), BATCH):
        insert(Revision, columns, [(*row[:moment], adapt(row[moment]), *row[moment + 1 :]) for row in batch])


def write_former_slugs() -> None:
    """Write the former slugs of that time: those an entry had before, and the last one of a merged entry."""
    slugs: dict[tuple[str, int], list[str]] = defaultdict(list)
    for kind, entry_id, slug in Revision.objects.order_by("id").values_list("kind", "entry_id", "slug"):
        slugs[kind, entry_id].append(slug)
    former = [
        FormerSlug(kind=kind, slug=slug, entry_id=entry_id)
        for (kind, entry_id), names in slugs.items()
        for slug in sorted(set(names) - {names[-1]})
    ]
    merged = as_of.last_revisions().filter(action=RevisionAction.MERGE)
    former += [
        FormerSlug(kind=kind, slug=slug, entry_id=into_id)
        for kind, slug, into_id in merged.values_list("kind", "slug", "into_id")
        if into_id is not None
    ]
    FormerSlug.objects.bulk_create(former)


def write_entries(kind: Kind) -> None:
    """Write the entries of a kind with their rows and topics, from their current revisions."""
    ids = list(as_of.current_revisions(kind=kind).order_by("entry_id").values_list("pk", flat=True))
    placed = positions(kind)
    for chunk in batched(ids, BATCH):
        revisions = as_of.with_creation(Revision.objects.filter(pk__in=chunk)).order_by("entry_id")
        entries = [entry for entry in as_of.entries(kind, list(revisions), None) if is_complete(entry)]
        for entry in entries:
            entry.position = placed.get(entry.pk, 0)
        kind.model._default_manager.bulk_create(entries)
        write_rows(kind, entries)


def is_complete(row: models.Model) -> bool:
    """Whether a row can be saved; a damaged snapshot may lack what it must refer to, and the row is then left out.

    An empty value of a payload becomes the empty value of its column, as the form of the kind makes it.
    """
    columns = [field for field in row._meta.concrete_fields if not field.generated]
    for field in columns:
        value = getattr(row, field.attname)
        if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            setattr(row, field.attname, None)
    required = [field for field in columns if not field.null]
    empty = [field for field in required if getattr(row, field.attname) is None]
    for field in empty:
        if not (field.is_relation or field.primary_key):
            setattr(row, field.attname, field.get_default())
    missing = [field.name for field in empty if field.is_relation]
    if missing:
        logger.warning("%s %s is left out of a past catalogue: no %s", row._meta.label, row.pk, ", ".join(missing))
    return not missing


def write_rows(kind: Kind, entries: Iterable[Entry]) -> None:
    """Write the rows of entries that have tables of their own, and those of their many-to-many fields."""
    rows: dict[Any, list[models.Model]] = defaultdict(list)
    plain_links = {field.name: field for field in kind.model._meta.many_to_many}
    for entry in entries:
        for accessor, related in prefetched(entry).items():
            if field := plain_links.get(accessor):
                through: Any = field.remote_field.through
                own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
                rows[through] += [through(**{f"{own}_id": entry.pk, f"{other}_id": row.pk}) for row in related]
                continue
            manager = getattr(kind.model, accessor).rel
            for row in related:
                setattr(row, manager.field.name, entry)
            rows[manager.related_model] += [row for row in related if is_complete(row)]
    for model, found in rows.items():
        model._default_manager.bulk_create(found, batch_size=BATCH)


def write_indexes(kind: Kind) -> None:
    """Write the facets and search documents of the entries of a kind."""
    ids: Sequence[int] = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
    for chunk in batched(ids, BATCH):
        entries = list(kind.model.objects.with_references().filter(pk__in=chunk))
        for index in READ_INDEXES:
            index.fill(kind, entries)
    for index in READ_INDEXES:
        index.finish(kind)
