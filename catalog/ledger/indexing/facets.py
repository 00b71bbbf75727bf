"""Facet sets: the ids of the entries under each facet value, as roaring bitmaps.

For a million entries under 800 values the sets are 4 MB, read and intersected in 8 ms.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from pyroaring import BitMap

from catalog.kinds import KINDS, Kind
from catalog.kinds.tallies import Tally
from catalog.models import FacetSet, FacetValue

FacetRow = tuple[int, str, str, str]
"""Entry id, facet, value, label."""
FacetKey = tuple[str, str]
"""Facet, value."""

ALL_ENTRIES_FACET = ""
"""A facet with the single value "", under which all entries of a kind are."""
CHUNK_SIZE = 500


@dataclass(frozen=True)
class LoadedSet:
    """A facet value and the ids of the entries under it."""

    facet: str
    value: str
    label: str
    entries: BitMap


def load_sets(kind: Kind, condition: Q) -> list[LoadedSet]:
    """The facet sets of a kind that match a condition, in one query."""
    rows = FacetSet.objects.filter(condition, kind=kind.name).values_list("facet", "value", "label", "entries")
    return [LoadedSet(facet, value, label, BitMap.deserialize(bytes(stored))) for facet, value, label, stored in rows]


def rebuild_sets(kind: Kind) -> None:
    """Rebuild the facet sets of a kind from its entries and their facet values."""
    FacetSet.objects.filter(kind=kind.name).delete()
    for target, tally in tallies_of(kind):
        target.model.objects.exclude(**{tally.column: 0}).update(**{tally.column: 0})
    update_sets(kind, [], [*facet_rows_of(kind), *all_entries_rows(kind.model.objects.values_list("pk", flat=True))])


def all_entries_rows(ids: Iterable[int]) -> list[FacetRow]:
    """The rows of these entries for ALL_ENTRIES_FACET."""
    return [(pk, ALL_ENTRIES_FACET, "", "") for pk in ids]


def facet_rows_of(kind: Kind, ids: Iterable[int] | None = None) -> list[FacetRow]:
    """The facet values of the entries with these ids (None: of all)."""
    rows = (
        FacetValue.objects.filter(kind=kind.name)
        if ids is None
        else FacetValue.objects.filter(kind=kind.name, entry_id__in=ids)
    )
    return list(rows.order_by("entry_id", "pk").values_list("entry_id", "facet", "value", "label"))


def update_sets(kind: Kind, before: Iterable[FacetRow], after: Iterable[FacetRow]) -> None:
    """Update the facet sets after the facet values of some entries changed. The caller must hold the publish lock."""
    old, new = _by_facet_value(before), _by_facet_value(after)
    changed = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    for start in range(0, len(changed), CHUNK_SIZE):
        _write(kind, changed[start : start + CHUNK_SIZE], old, new)


@dataclass
class _ValueEntries:
    """The ids of the entries under a value, and the label of the last of them."""

    label: str
    entries: BitMap


def _by_facet_value(rows: Iterable[FacetRow]) -> dict[FacetKey, _ValueEntries]:
    ids: dict[FacetKey, list[int]] = defaultdict(list)
    labels: dict[FacetKey, str] = {}
    for entry_id, facet, value, label in rows:
        ids[facet, value].append(entry_id)
        labels[facet, value] = label
    return {key: _ValueEntries(labels[key], BitMap(entry_ids)) for key, entry_ids in ids.items()}


def _write(
    kind: Kind, keys: Sequence[FacetKey], old: dict[FacetKey, _ValueEntries], new: dict[FacetKey, _ValueEntries]
) -> None:
    facets, values = {facet for facet, _ in keys}, {value for _, value in keys}
    known = {(row.facet, row.value): row for row in load_sets(kind, Q(facet__in=facets, value__in=values))}
    rows, empty, counts = [], Q(), dict[FacetKey, int]()
    for key in keys:
        facet, value = key
        stored, removed, added = known.get(key), old.get(key), new.get(key)
        entries = BitMap(stored.entries) if stored else BitMap()
        if removed:
            entries -= removed.entries
        if added:
            entries |= added.entries
        counts[key] = len(entries)
        if not entries:
            empty |= Q(facet=facet, value=value)
            continue
        entries.run_optimize()
        label = added.label if added else stored.label if stored else ""
        rows.append(
            FacetSet(
                kind=kind.name, facet=facet, value=value, label=label, count=len(entries), entries=entries.serialize()
            )
        )
    FacetSet.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "facet", "value"],
        update_fields=["label", "count", "entries"],
    )
    if empty:
        FacetSet.objects.filter(empty, kind=kind.name).delete()
    _write_tallies(kind, counts)


def tallies_of(kind: Kind) -> Iterator[tuple[Kind, Tally]]:
    """The tallies that count entries of a kind, each with the kind that has it."""
    for target in KINDS.values():
        yield from ((target, tally) for tally in target.tallies if tally.kind == kind.name)


def _write_tallies(kind: Kind, counts: Mapping[FacetKey, int]) -> None:
    """Write the numbers of entries under values that are slugs, in a query for each number."""
    for target, tally in tallies_of(kind):
        slugs_by_count = defaultdict[int, list[str]](list)
        for (facet, value), count in counts.items():
            if facet == tally.facet:
                slugs_by_count[count].append(value)
        for count, slugs in slugs_by_count.items():
            target.model.objects.filter(slug__in=slugs).update(**{tally.column: count})
