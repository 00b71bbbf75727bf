"""The facets beside a list, with the number of entries that each value would show."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import cached_property
from pyroaring import BitMap

from catalog.kinds import Facet
from catalog.ledger.indexing.facets import ALL_ENTRIES_FACET
from catalog.listing.facets import MAX_IDS_IN_QUERY, ids_in_query, totals
from catalog.listing.filterset import EntryFilterSet
from catalog.models import FacetSet, FacetValue

OPTIONS_SHOWN = 8
MAX_VALUES = 200
"""The number of values a facet offers at most; the first OPTIONS_SHOWN are visible at once."""
COUNTABLE = 50_000
"""The number of entries, filtered by columns, up to which facet values are counted."""

Counted = tuple[str, str, str, int]
"""Facet, value, label, number of entries."""


@dataclass(frozen=True)
class Option:
    """A value of a facet, with the number of entries it would show given the other filters. `known` is False for a
    selected value that no entry of the kind has."""

    value: str
    label: str
    count: int
    selected: bool
    known: bool = True


@dataclass(frozen=True)
class FacetGroup:
    """A facet of a page: the `options` visible at once, then `more`."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]


class FacetGroups:
    """The facets of a page with counts for its filter set (made with `counted`). The number of queries depends neither
    on the entries nor on the filters."""

    def __init__(self, filterset: EntryFilterSet) -> None:
        self.filterset, self.kind = filterset, filterset.kind

    @cached_property
    def count(self) -> int:
        """The number of entries in the list."""
        if not self.countable:
            return int(self.filterset.qs.count())
        entries = self._without("")
        return totals()[self.kind.name] if entries is None else len(entries)

    @property
    def countable(self) -> bool:
        """Whether values can be counted: not if too many entries match the filters by columns."""
        return self._column_matches is None or len(self._column_matches) <= COUNTABLE

    @cached_property
    def groups(self) -> list[FacetGroup]:
        """The facets, each counted under all filters but its own; none if they cannot be counted."""
        if not self.countable:
            return []
        rows = self._counted() if self._without("") is not None else self._stored()
        for name in self._names(unbounded=True):
            rows += self._counted_unbounded(name)
        groups = (_group(facet, rows, self._selected(facet.name)) for facet in self.kind.facets)
        return [group for group in groups if group]

    @cached_property
    def _column_matches(self) -> BitMap | None:
        """Up to COUNTABLE + 1 ids of entries that match the filters by columns; None if none is in use."""
        filters = self.filterset.column_filters
        if not filters:
            return None
        rows = self.filterset.queryset.order_by()
        for name, column_filter in filters.items():
            rows = column_filter.filter(rows, self.filterset.values[name])
        return BitMap(rows.values_list("pk", flat=True)[: COUNTABLE + 1])

    def _without(self, name: str) -> BitMap | None:
        """The entries that match all filters but this facet; None if no other filter is in use."""
        masks = [mask for facet, mask in self.filterset.masks.items() if facet != name]
        if self._column_matches is not None:
            masks.append(self._column_matches)
        return BitMap.intersection(*masks) if masks else None

    def _names(self, *, unbounded: bool) -> list[str]:
        return [facet.name for facet in self.kind.facets if facet.unbounded is unbounded]

    def _selected(self, name: str) -> list[str]:
        return [str(value) for value in self.filterset.values.get(name, [])]

    def _stored(self) -> list[Counted]:
        """The values of bounded facets, counted among all entries."""
        rows = FacetSet.objects.filter(kind=self.kind.name, facet__in=self._names(unbounded=False))
        return list(rows.values_list("facet", "value", "label", "count"))

    def _counted(self) -> list[Counted]:
        """The values of bounded facets, and the selected ones of unbounded facets, counted among the entries that match
        the other filters."""
        masks = {facet.name: self._without(facet.name) for facet in self.kind.facets}
        counted: list[Counted] = []
        for facet_set in self.filterset.facet_sets:
            if facet_set.facet == ALL_ENTRIES_FACET or facet_set.facet not in masks:
                continue
            mask = masks[facet_set.facet]
            count = len(facet_set.entries) if mask is None else mask.intersection_cardinality(facet_set.entries)
            if count or facet_set.value in self._selected(facet_set.facet):
                counted.append((facet_set.facet, facet_set.value, facet_set.label, count))
        return counted

    def _counted_unbounded(self, name: str) -> list[Counted]:
        """The values of an unbounded facet that are not selected: the most used if no other filter is in use, else
        those of the entries that match the other filters, if these are few."""
        mask, selected = self._without(name), self._selected(name)
        if mask is None:
            most_used = FacetSet.objects.filter(kind=self.kind.name, facet=name).order_by("-count", "value")
            return [
                row
                for row in most_used.values_list("facet", "value", "label", "count")[:MAX_VALUES]
                if row[1] not in selected
            ]
        if len(mask) > MAX_IDS_IN_QUERY:
            return []
        values = FacetValue.objects.filter(kind=self.kind.name, facet=name, entry_id__in=ids_in_query(mask))
        values = values.exclude(value__in=selected)
        return list(values.values_list("facet", "value", "label").annotate(count=Count("pk")).order_by())


def _group(facet: Facet, rows: list[Counted], selected: list[str]) -> FacetGroup | None:
    options = {
        value: Option(value, label, count, value in selected)
        for name, value, label, count in rows
        if name == facet.name
    }
    for value in selected:
        options.setdefault(value, Option(value, value, 0, True, known=False))
    if not options:
        return None
    if facet.ordered_by_value:
        ordered = sorted(options.values(), key=lambda option: option.value, reverse=True)
    else:
        ordered = sorted(options.values(), key=lambda option: (-option.count, option.label.casefold()))
    shown = [option for n, option in enumerate(ordered) if n < OPTIONS_SHOWN or option.selected]
    visible = {option.value for option in shown}
    return FacetGroup(
        facet.name, facet.label, shown, [option for option in ordered[:MAX_VALUES] if option.value not in visible]
    )
