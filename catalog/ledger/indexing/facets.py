"""The facet sets that publishing keeps: which entries fall under each value of a facet, as roaring bitmaps of ids.

Of a million entries under 800 values the sets are 4 MB, read and intersected in 8 ms.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from pyroaring import BitMap

from catalog.kinds import Kind
from catalog.models import FacetSet, FacetValue

FacetRow = tuple[int, str, str, str]
"""Entry, facet, value, label."""
Place = tuple[str, str]
"""Facet, value."""

ALL_ENTRIES_FACET = ""
"""The facet, of one value "", that every entry of a kind falls under."""
CHUNK_SIZE = 500


@dataclass(frozen=True)
class LoadedSet:
    """A value of a facet and the ids of the entries under it."""

    facet: str
    value: str
    label: str
    entries: BitMap


def load_sets(kind: Kind, condition: Q) -> list[LoadedSet]:
    """The sets of a kind that meet the condition, in one query."""
    rows = FacetSet.objects.filter(condition, kind=kind.name).values_list("facet", "value", "label", "entries")
    return [LoadedSet(facet, value, label, BitMap.deserialize(bytes(kept))) for facet, value, label, kept in rows]


def rebuild_sets(kind: Kind) -> None:
    """Write the sets of a kind again from its entries and their facet values."""
    FacetSet.objects.filter(kind=kind.name).delete()
    update_sets(kind, [], [*values_of(kind), *memberships(kind.model.objects.values_list("pk", flat=True))])


def memberships(ids: Iterable[int]) -> list[FacetRow]:
    """That these are entries of the kind, as values of the facet ALL."""
    return [(pk, ALL_ENTRIES_FACET, "", "") for pk in ids]


def values_of(kind: Kind, ids: Iterable[int] | None = None) -> list[FacetRow]:
    """The facet values of the entries with these ids, or of all."""
    rows = (
        FacetValue.objects.filter(kind=kind.name)
        if ids is None
        else FacetValue.objects.filter(kind=kind.name, entry_id__in=ids)
    )
    return list(rows.order_by("entry_id", "pk").values_list("entry_id", "facet", "value", "label"))


def update_sets(kind: Kind, before: Iterable[FacetRow], after: Iterable[FacetRow]) -> None:
    """Update the facet sets after the facet values of some entries changed. The caller must hold the publish lock."""
    was, now = _by_place(before), _by_place(after)
    changed = [place for place in sorted(was.keys() | now.keys()) if was.get(place) != now.get(place)]
    for start in range(0, len(changed), CHUNK_SIZE):
        _write(kind, changed[start : start + CHUNK_SIZE], was, now)


@dataclass
class _Under:
    """The entries under a value, and the label that the last of them gives it."""

    label: str
    entries: BitMap


def _by_place(rows: Iterable[FacetRow]) -> dict[Place, _Under]:
    ids: dict[Place, list[int]] = defaultdict(list)
    labels: dict[Place, str] = {}
    for entry_id, facet, value, label in rows:
        ids[facet, value].append(entry_id)
        labels[facet, value] = label
    return {place: _Under(labels[place], BitMap(found)) for place, found in ids.items()}


def _write(kind: Kind, places: Sequence[Place], was: dict[Place, _Under], now: dict[Place, _Under]) -> None:
    facets, values = {facet for facet, _ in places}, {value for _, value in places}
    known = {(one.facet, one.value): one for one in load_sets(kind, Q(facet__in=facets, value__in=values))}
    rows, empty = [], Q()
    for place in places:
        facet, value = place
        kept, gone, come = known.get(place), was.get(place), now.get(place)
        entries = BitMap(kept.entries) if kept else BitMap()
        if gone:
            entries -= gone.entries
        if come:
            entries |= come.entries
        if not entries:
            empty |= Q(facet=facet, value=value)
            continue
        entries.run_optimize()
        label = come.label if come else kept.label if kept else ""
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
