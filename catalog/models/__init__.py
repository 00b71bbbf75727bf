"""The base models of entries, and the tables that publishing writes; the models of each kind are in its folder."""

from catalog.models.entry import (
    Confidence,
    Entry,
    EntryQuerySet,
    LinkKind,
    Reference,
    SourceClass,
    Sourced,
    owner_of,
    rows_with,
)
from catalog.models.index import (
    EntryKey,
    Exposure,
    FacetSet,
    FacetValue,
    FieldSourcing,
    FormerSlug,
    IndexDefinition,
    SourcingCount,
)
from catalog.models.layout import ListLayout
from catalog.models.revision import REMOVED_ACTIONS, LedgerIsAppendOnly, Renaming, Revision, RevisionAction
from catalog.models.search import SearchDocument
from catalog.models.section import Section
from catalog.models.seeded import SeededFixtures

__all__ = [
    "REMOVED_ACTIONS",
    "Confidence",
    "Entry",
    "EntryKey",
    "EntryQuerySet",
    "Exposure",
    "FacetSet",
    "FacetValue",
    "FieldSourcing",
    "FormerSlug",
    "IndexDefinition",
    "LedgerIsAppendOnly",
    "LinkKind",
    "ListLayout",
    "Reference",
    "Renaming",
    "Revision",
    "RevisionAction",
    "SearchDocument",
    "Section",
    "SeededFixtures",
    "SourceClass",
    "Sourced",
    "SourcingCount",
    "owner_of",
    "rows_with",
]
