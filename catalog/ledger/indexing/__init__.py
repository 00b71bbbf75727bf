"""The indexes that publishing derives from entries: facets, keys and search documents."""

from catalog.kinds import Kind, kind_of
from catalog.ledger.indexing.documents import remove_document, write_documents
from catalog.ledger.indexing.facets import tally, values_of, whole
from catalog.ledger.indexing.inserting import insert
from catalog.ledger.referrers import referring_entries
from catalog.models import Entry, EntryKey, FacetValue


def reindex(kind: Kind, entry: Entry, *, dependants: bool = False) -> None:
    """Rewrite what lists and search know of an entry, and with `dependants` of those that show its name."""
    fresh: Entry = kind.model.objects.with_references().get(pk=entry.pk)
    write_indexes(kind, [fresh])
    if not dependants:
        return
    others: dict[Kind, list[Entry]] = {}
    for other in referring_entries(fresh):
        others.setdefault(kind_of(other), []).append(other)
    for other_kind, rows in others.items():
        write_indexes(other_kind, rows)


def write_indexes(kind: Kind, entries: list[Entry]) -> None:
    """The facets, keys and search documents of entries of one kind that were fetched `with_references()`."""
    _write_facets(kind, entries)
    _write_keys(kind, entries)
    write_documents(entries)


def _write_facets(kind: Kind, entries: list[Entry]) -> None:
    ids = [entry.pk for entry in entries]
    before = values_of(kind, ids)
    after = [
        (entry.pk, facet.name, value[:120], label[:200])
        for entry in entries
        for facet in kind.indexed
        for value, label in dict(facet.values(entry)).items()
    ]
    known = {entry_id for entry_id, *_ in before}
    if before == after and known.issuperset(ids):
        return
    FacetValue.objects.filter(kind=kind.name, entry_id__in=ids).delete()
    insert(FacetValue, ("kind", "entry_id", "facet", "value", "label"), ((kind.name, *row) for row in after))
    tally(kind, [*before, *whole(known)], [*after, *whole(ids)])


def _write_keys(kind: Kind, entries: list[Entry]) -> None:
    EntryKey.objects.filter(kind=kind.name, entry_id__in=[entry.pk for entry in entries]).delete()
    rows = ((kind.name, entry.pk, key) for entry in entries for key in sorted(kind.keys(kind.dump(entry))))
    insert(EntryKey, ("kind", "entry_id", "key"), rows)


def drop_indexes(entry: Entry) -> None:
    """Forget what lists and search know of an entry that goes."""
    tally(kind_of(entry), [*values_of(kind_of(entry), [entry.pk]), *whole([entry.pk])], [])
    for index in (FacetValue, EntryKey):
        index._default_manager.filter(kind=entry.kind, entry_id=entry.pk).delete()
    remove_document(entry)
