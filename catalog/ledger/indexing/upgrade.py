"""Rebuild derived indexes when their definition changes, after `migrate`.

For each kind and index, a digest of the definition is stored. After each `migrate` the digests are compared, in one
query; where one differs, the index of that kind is rebuilt in one transaction.
"""

import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, transaction

from catalog.kinds import KINDS, Kind
from catalog.kinds.shared.inheritance import link_tables
from catalog.ledger.indexing import insert_facets, insert_keys
from catalog.ledger.indexing.closure import MOST_STEPS, MOST_TARGETS
from catalog.ledger.indexing.digests import digest
from catalog.ledger.indexing.documents import all_texts, document, write_documents
from catalog.ledger.indexing.exposure import has_exposure, insert_exposures
from catalog.ledger.indexing.facets import rebuild_sets
from catalog.ledger.indexing.sourcing import counts_by_field, empty_sourcing, fill_sourcing
from catalog.models import Entry, EntryKey, Exposure, FacetValue, IndexDefinition, Revision

BATCH = 500


@dataclass(frozen=True)
class Index:
    """An index of the entries of a kind: its definition, and how to empty it, add entries to it and finish it.

    Raise `version` after a change of its content that the digest of its definition does not cover.
    """

    name: str
    definition: Callable[[Kind], Any]
    fill: Callable[[Kind, list[Entry]], None]
    empty: Callable[[Kind], Any] = lambda kind: None
    finish: Callable[[Kind], None] = lambda kind: None
    version: int = 1

    def digest(self, kind: Kind) -> str:
        """The digest of its definition for a kind, without the register entries of other kinds."""
        return digest(kind.name, self.version, self.definition(kind), without=[KINDS])


INDEXES = (
    Index(
        "facets",
        definition=lambda kind: [(facet.name, facet.label, facet.version, facet.values) for facet in kind.indexed],
        empty=lambda kind: FacetValue.objects.filter(kind=kind.name).delete(),
        fill=insert_facets,
        finish=rebuild_sets,
    ),
    Index(
        "keys",
        definition=lambda kind: kind.duplicate_keys,
        empty=lambda kind: EntryKey.objects.filter(kind=kind.name).delete(),
        fill=insert_keys,
    ),
    Index(
        "documents",
        definition=lambda kind: (document, kind.searched, all_texts(kind)),
        fill=lambda kind, entries: write_documents(entries),
    ),
    Index(
        "exposure",
        definition=lambda kind: (
            has_exposure(kind)
            and (insert_exposures, MOST_STEPS, MOST_TARGETS, [dict(table.steps) for table in link_tables()])
        ),
        empty=lambda kind: Exposure.objects.filter(kind=kind.name).delete(),
        fill=insert_exposures,
    ),
    Index(
        "sourcing",
        definition=lambda kind: (counts_by_field, kind.form.payload_keys(), kind.form.renamed, kind.form.dropped),
        empty=empty_sourcing,
        fill=lambda kind, entries: fill_sourcing(kind, [entry.pk for entry in entries]),
    ),
)


def after_migrate(sender: AppConfig, using: str, verbosity: int = 1, **options: Any) -> None:
    """Rebuild the indexes whose definitions changed (handler of `post_migrate`)."""
    if using == DEFAULT_DB_ALIAS and is_current(options.get("apps", apps)):
        out = options.get("stdout") or sys.stdout
        for kind, names, count in update_indexes():
            if verbosity and count:
                out.write(f"  Indexed {count} {kind.label_plural.lower()} again: {', '.join(names)}\n")


def update_indexes() -> Iterator[tuple[Kind, list[str], int]]:
    """Rebuild the indexes whose digests differ; yield kind, names of the indexes, number of entries."""
    stored = {(row.kind, row.index): row.digest for row in IndexDefinition.objects.all()}
    for kind in KINDS.values():
        indexes = [index for index in INDEXES if stored.get((kind.name, index.name)) != index.digest(kind)]
        if indexes:
            yield kind, [index.name for index in indexes], rebuild(kind, indexes)


@transaction.atomic
def rebuild(kind: Kind, indexes: Collection[Index] = INDEXES) -> int:
    """Rebuild indexes of a kind from its entries, in one transaction; return the number of entries."""
    Revision.objects.take_publish_lock()
    ids = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
    for index in indexes:
        index.empty(kind)
    for start in range(0, len(ids), BATCH):
        entries = list(kind.model.objects.with_references().filter(pk__in=ids[start : start + BATCH]))
        for index in indexes:
            index.fill(kind, entries)
    for index in indexes:
        index.finish(kind)
    IndexDefinition.objects.bulk_create(
        [IndexDefinition(kind=kind.name, index=index.name, digest=index.digest(kind)) for index in indexes],
        update_conflicts=True,
        unique_fields=["kind", "index"],
        update_fields=["digest", "built_at"],
    )
    return len(ids)


def is_current(state: Any) -> bool:
    """Whether the tables match the models, which they do not after migrating back to an earlier state."""
    return state is apps or all(
        model.__name__.lower() in state.all_models[model._meta.app_label]
        and _columns(model) == _columns(state.get_model(model._meta.app_label, model.__name__))
        for model in apps.get_app_config("catalog").get_models()
    )


def _columns(model: Any) -> set[str]:
    return {field.name for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many)}
