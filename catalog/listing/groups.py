"""The facets that a page offers beside its list, with how many entries each value would show."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import cached_property
from pyroaring import BitMap

from catalog.kinds import Facet
from catalog.ledger.indexing.facets import ALL_ENTRIES_FACET
from catalog.listing.facets import FEW, ids_in_query, totals
from catalog.listing.filterset import EntryFilterSet
from catalog.models import FacetSet, FacetValue

SHOWN = 8
MAX_VALUES = 200
"""How many values a facet offers."""
COUNTABLE = 50_000
"""How many entries, narrowed by anything but facets, are read to be counted by facet."""

Counted = tuple[str, str, str, int]
"""Facet, value, label, number of entries."""


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many entries it would show given the other filters. A selected value that no entry
    of the kind has is not `known`."""

    value: str
    label: str
    count: int
    selected: bool
    known: bool = True


@dataclass(frozen=True)
class FacetGroup:
    """A facet as a page offers it: the values worth showing at once, then the others."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]


class FacetGroups:
    """The facets of a page, counted for its filter set (made with `counted`). A number of queries that depends neither
    on the entries nor on the filters."""

    def __init__(self, filterset: EntryFilterSet) -> None:
        self.filterset, self.kind = filterset, filterset.kind

    @cached_property
    def count(self) -> int:
        """How many entries the list has."""
        if not self.countable:
            return int(self.filterset.qs.count())
        entries = self._without("")
        return totals()[self.kind.name] if entries is None else len(entries)

    @property
    def countable(self) -> bool:
        """Whether values can be counted: not where filters other than facets leave too many entries to read."""
        return self._others is None or len(self._others) <= COUNTABLE

    @cached_property
    def groups(self) -> list[FacetGroup]:
        """The facets with counts that follow all filters but their own; none where they cannot be counted."""
        if not self.countable:
            return []
        rows = self._counted() if self._without("") is not None else self._stored()
        for name in self._names(unbounded=True):
            rows += self._counted_unbounded(name)
        groups = (_group(facet, rows, self._chosen(facet.name)) for facet in self.kind.facets)
        return [group for group in groups if group]

    @cached_property
    def _others(self) -> BitMap | None:
        """The ids, up to one more than COUNTABLE, that the filters over columns leave; None where none is in use."""
        filters = self.filterset.column_filters
        if not filters:
            return None
        rows = self.filterset.queryset.order_by()
        for name, one in filters.items():
            rows = one.filter(rows, self.filterset.values[name])
        return BitMap(rows.values_list("pk", flat=True)[: COUNTABLE + 1])

    def _without(self, name: str) -> BitMap | None:
        """The entries that the filters leave when this facet is not in use; None where no other filter is."""
        masks = [mask for facet, mask in self.filterset.masks.items() if facet != name]
        if self._others is not None:
            masks.append(self._others)
        return BitMap.intersection(*masks) if masks else None

    def _names(self, *, unbounded: bool) -> list[str]:
        return [facet.name for facet in self.kind.facets if facet.unbounded is unbounded]

    def _chosen(self, name: str) -> list[str]:
        return [str(value) for value in self.filterset.values.get(name, [])]

    def _stored(self) -> list[Counted]:
        """The values of bounded facets, counted among all entries."""
        rows = FacetSet.objects.filter(kind=self.kind.name, facet__in=self._names(unbounded=False))
        return list(rows.values_list("facet", "value", "label", "count"))

    def _counted(self) -> list[Counted]:
        """The values of bounded facets, and the chosen ones of unbounded facets, counted among the entries that the
        other filters leave."""
        masks = {facet.name: self._without(facet.name) for facet in self.kind.facets}
        counted: list[Counted] = []
        for one in self.filterset.facet_sets:
            if one.facet == ALL_ENTRIES_FACET or one.facet not in masks:
                continue
            mask = masks[one.facet]
            count = len(one.entries) if mask is None else mask.intersection_cardinality(one.entries)
            if count or one.value in self._chosen(one.facet):
                counted.append((one.facet, one.value, one.label, count))
        return counted

    def _counted_unbounded(self, name: str) -> list[Counted]:
        """The values of an unbounded facet that are not chosen: the most used where no other filter is in use, else
        those of the entries that the others leave, if these are few."""
        mask, chosen = self._without(name), self._chosen(name)
        if mask is None:
            most = FacetSet.objects.filter(kind=self.kind.name, facet=name).order_by("-count", "value")
            return [
                row for row in most.values_list("facet", "value", "label", "count")[:MAX_VALUES] if row[1] not in chosen
            ]
        if len(mask) > FEW:
            return []
        rows = FacetValue.objects.filter(kind=self.kind.name, facet=name, entry_id__in=ids_in_query(mask))
        rows = rows.exclude(value__in=chosen)
        return list(rows.values_list("facet", "value", "label").annotate(count=Count("pk")).order_by())


def _group(facet: Facet, rows: list[Counted], chosen: list[str]) -> FacetGroup | None:
    options = {
        value: Option(value, label, count, value in chosen) for name, value, label, count in rows if name == facet.name
    }
    for value in chosen:
        options.setdefault(value, Option(value, value, 0, True, known=False))
    if not options:
        return None
    if facet.ordered_by_value:
        ordered = sorted(options.values(), key=lambda option: option.value, reverse=True)
    else:
        ordered = sorted(options.values(), key=lambda option: (-option.count, option.label.casefold()))
    shown = [option for n, option in enumerate(ordered) if n < SHOWN or option.selected]
    taken = {option.value for option in shown}
    return FacetGroup(
        facet.name, facet.label, shown, [option for option in ordered[:MAX_VALUES] if option.value not in taken]
    )
