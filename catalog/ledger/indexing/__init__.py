"""The indexes that publishing derives from entries: facets, duplicate keys, search documents, exposure, and how values
are sourced."""

from collections.abc import Iterable

from catalog.kinds import Kind, kind_of
from catalog.ledger.indexing.documents import remove_document, write_documents
from catalog.ledger.indexing.exposure import drop_exposure, has_exposure, write_exposures
from catalog.ledger.indexing.facets import FacetRow, all_entries_rows, facet_rows_of, update_sets
from catalog.ledger.indexing.inserting import insert
from catalog.ledger.indexing.sourcing import drop_sourcing
from catalog.ledger.referrers import referring_entries
from catalog.models import Entry, EntryKey, FacetValue


def reindex(kind: Kind, entry: Entry, *, dependants: bool = False, exposure: bool = True) -> None:
    """Update the indexes of an entry and, with `dependants`, of the entries that refer to it; their exposure is written
    by `write_descendants`, and its own only with `exposure`."""
    fresh: Entry = kind.model.objects.with_references().get(pk=entry.pk)
    write_indexes(kind, [fresh], exposure=exposure)
    if not dependants:
        return
    others: dict[Kind, list[Entry]] = {}
    for other in referring_entries(fresh):
        others.setdefault(kind_of(other), []).append(other)
    for other_kind, rows in others.items():
        write_indexes(other_kind, rows, exposure=False)


def write_indexes(kind: Kind, entries: list[Entry], *, exposure: bool = True) -> None:
    """Write the facets, duplicate keys, search documents and, if asked for, exposure of entries of a kind, fetched
    `with_references()`."""
    _write_facets(kind, entries)
    _write_keys(kind, entries)
    write_documents(entries)
    if exposure and has_exposure(kind):
        write_exposures([(kind.name, entry.pk) for entry in entries])


def _write_facets(kind: Kind, entries: list[Entry]) -> None:
    ids = [entry.pk for entry in entries]
    before, after = facet_rows_of(kind, ids), _facet_rows(kind, entries)
    known = {entry_id for entry_id, *_ in before}
    if {*before} == {*after} and known.issuperset(ids):
        return
    FacetValue.objects.filter(kind=kind.name, entry_id__in=ids).delete()
    _insert_facets(kind, after)
    update_sets(kind, [*before, *all_entries_rows(known)], [*after, *all_entries_rows(ids)])


def _facet_rows(kind: Kind, entries: Iterable[Entry]) -> list[FacetRow]:
    return [
        (entry.pk, facet.name, value[:120], label[:200])
        for entry in entries
        for facet in kind.indexed
        for value, label in dict(facet.values(entry)).items()
    ]


def _insert_facets(kind: Kind, rows: Iterable[FacetRow]) -> None:
    insert(FacetValue, ("kind", "entry_id", "facet", "value", "label"), ((kind.name, *row) for row in rows))


def insert_facets(kind: Kind, entries: list[Entry]) -> None:
    """Write the facet values of entries that have none; the caller must rebuild the facet sets."""
    _insert_facets(kind, _facet_rows(kind, entries))


def _write_keys(kind: Kind, entries: list[Entry]) -> None:
    EntryKey.objects.filter(kind=kind.name, entry_id__in=[entry.pk for entry in entries]).delete()
    insert_keys(kind, entries)


def insert_keys(kind: Kind, entries: list[Entry]) -> None:
    """Write the duplicate keys of entries that have none."""
    rows = ((kind.name, entry.pk, key) for entry in entries for key in sorted(kind.duplicate_keys(kind.dump(entry))))
    insert(EntryKey, ("kind", "entry_id", "key"), rows)


def drop_indexes(entry: Entry) -> None:
    """Delete the indexes of an entry that leaves the catalogue."""
    update_sets(kind_of(entry), [*facet_rows_of(kind_of(entry), [entry.pk]), *all_entries_rows([entry.pk])], [])
    for index in (FacetValue, EntryKey):
        index._default_manager.filter(kind=entry.kind, entry_id=entry.pk).delete()
    drop_exposure(entry)
    drop_sourcing(kind_of(entry), [entry.pk])
    remove_document(entry)
