"""Narrowing and sorting the list of a kind, by what its register line says."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Count, Q
from django.http import QueryDict
from pyroaring import BitMap

from catalog.kinds import KINDS, Facet, Kind
from catalog.listing.facets import ALL, FEW, Word, one_by_one, together, totals, under, words
from catalog.models import EntryQuerySet, FacetSet, FacetValue

SHOWN = 8
MOST = 200
"""How many options a facet offers."""

Counted = tuple[str, str, str, int]
"""Facet, value, label, number of entries."""


class FacetField(forms.MultipleChoiceField):
    """Any texts: one that no entry has narrows the list to nothing, and the page says so."""

    def validate(self, value: list[str]) -> None:
        return


class FacetFilter(django_filters.Filter):
    """The chosen values of a facet; Listing narrows by all of them together."""

    field_class = FacetField


class SortFilter(django_filters.Filter):
    """The order asked for; an unknown one is the kind's first."""

    field_class = forms.CharField

    def __init__(self, kind: Kind) -> None:
        super().__init__(label="Sort", required=False)
        self.kind = kind

    def filter(self, queryset: EntryQuerySet, value: str) -> EntryQuerySet:
        return queryset.order_by(*self.kind.orders[sort_key(self.kind, value)].by)


def clean(values: Iterable[str]) -> list[str]:
    """What can stand in a query: without the NUL that PostgreSQL refuses, and no longer than a facet value is."""
    return [value.replace("\0", "")[:120].encode("utf-8", "ignore").decode() for value in values][:50]


def sort_key(kind: Kind, value: str | None) -> str:
    """The name of the order to use: `value` if the kind has it, else its default."""
    return value if value and value in kind.orders else next(iter(kind.orders))


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many entries it would show given the other facets; one that is asked for and that
    no entry has is not `known`."""

    value: str
    label: str
    count: int
    selected: bool
    known: bool = True


@dataclass(frozen=True)
class Group:
    """A facet as a page offers it: the options worth showing at once, then the rest."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]


class Listing(django_filters.FilterSet):
    """The list of a kind as a query narrows and sorts it: `qs` are the rows; with how many there are, and what the
    facets offer. A number of queries that depends neither on the entries nor on the filters."""

    kind: ClassVar[Kind]

    def filter_queryset(self, queryset: EntryQuerySet) -> EntryQuerySet:
        if self.entries is not None:
            meant = [Q(facet=name, value__in=values) for name, values in self.chosen.items()]
            queryset = under(self.kind, queryset, self.entries, meant, self.total)
        found: EntryQuerySet = self.filters["sort"].filter(queryset, self.form.cleaned_data.get("sort", ""))
        return found

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The values asked for, by facet in use."""
        asked = {facet.name: self.data.getlist(facet.name) for facet in self.kind.facets}
        return {name: clean(values) for name, values in asked.items() if values}

    @cached_property
    def entries(self) -> BitMap | None:
        """The ids of the entries that the facets leave; None where none is in use."""
        return self._without("")

    @cached_property
    def total(self) -> int:
        """How many entries of the kind there are."""
        if not self.chosen:
            return totals()[self.kind.name]
        return len(together(word for word in self._words if word.facet == ALL))

    @property
    def count(self) -> int:
        """How many entries the facets leave."""
        return self.total if self.entries is None else len(self.entries)

    @cached_property
    def groups(self) -> list[Group]:
        """The facets with counts that follow the other facets."""
        rows = self._counted() if self.chosen else self._kept()
        for name in self._names(opened=True):
            rows += self._opened(name)
        return [group for facet in self.kind.facets if (group := _group(facet, rows, self.chosen.get(facet.name, [])))]

    @cached_property
    def _words(self) -> list[Word]:
        """The values of all facets that are not open, the chosen ones of those that are, and all entries."""
        meant = Q(facet__in=[ALL, *self._names(opened=False)])
        for name in self._names(opened=True):
            meant |= Q(facet=name, value__in=self.chosen.get(name, []))
        return words(self.kind, meant)

    @cached_property
    def _masks(self) -> dict[str, BitMap]:
        """The entries under the chosen values of each facet in use."""
        return {
            name: together(word for word in self._words if word.facet == name and word.value in values)
            for name, values in self.chosen.items()
        }

    def _without(self, name: str) -> BitMap | None:
        """The entries that the facets leave when this one is not in use."""
        masks = [self._masks[other] for other in self.chosen if other != name]
        return BitMap.intersection(*masks) if masks else None

    def _names(self, *, opened: bool) -> list[str]:
        return [facet.name for facet in self.kind.facets if facet.open is opened]

    def _kept(self) -> list[Counted]:
        """The values of facets that are not open, counted among all entries."""
        rows = FacetSet.objects.filter(kind=self.kind.name, facet__in=self._names(opened=False))
        return list(rows.values_list("facet", "value", "label", "count"))

    def _counted(self) -> list[Counted]:
        """The values of facets that are not open and the chosen ones of those that are, counted among the entries that
        the other facets leave."""
        masks = {facet.name: self._without(facet.name) for facet in self.kind.facets}
        found: list[Counted] = []
        for word in self._words:
            if word.facet == ALL:
                continue
            mask = masks[word.facet]
            count = len(word.entries) if mask is None else mask.intersection_cardinality(word.entries)
            if count or word.value in self.chosen.get(word.facet, []):
                found.append((word.facet, word.value, word.label, count))
        return found

    def _opened(self, name: str) -> list[Counted]:
        """The values of an open facet that are not chosen: the most used where no other facet is in use, else those of
        the entries that the others leave, if these are few."""
        mask, chosen = self._without(name), self.chosen.get(name, [])
        if mask is None:
            most = FacetSet.objects.filter(kind=self.kind.name, facet=name).order_by("-count", "value")
            return [row for row in most.values_list("facet", "value", "label", "count")[:MOST] if row[1] not in chosen]
        if len(mask) > FEW:
            return []
        rows = FacetValue.objects.filter(kind=self.kind.name, facet=name, entry_id__in=one_by_one(mask))
        rows = rows.exclude(value__in=chosen)
        return list(rows.values_list("facet", "value", "label").annotate(count=Count("pk")).order_by())


@cache
def listing_of(kind_name: str) -> type[Listing]:
    """The filter set of a kind, made from its facets and orders."""
    kind = KINDS[kind_name]
    declared: dict[str, Any] = {facet.name: FacetFilter(label=facet.label, required=False) for facet in kind.facets}
    meta = type("Meta", (), {"model": kind.model, "fields": []})
    return type(f"{kind.label}Filter", (Listing,), {**declared, "sort": SortFilter(kind), "kind": kind, "Meta": meta})


def listing(kind: Kind, params: QueryDict) -> Listing:
    """The list of a kind as the query asks for it."""
    return listing_of(kind.name)(params, queryset=kind.model.objects.all())


def _group(facet: Facet, rows: list[Counted], chosen: list[str]) -> Group | None:
    merged: dict[str, Option] = {}
    for name, value, label, count in rows:
        if name == facet.name:
            before = merged.get(value)
            merged[value] = Option(
                value, before.label if before else label, count + (before.count if before else 0), value in chosen
            )
    for value in chosen:
        merged.setdefault(value, Option(value, value, 0, True, known=False))
    if not merged:
        return None
    if facet.ordered_by_value:
        options = sorted(merged.values(), key=lambda option: option.value, reverse=True)
    else:
        options = sorted(merged.values(), key=lambda option: (-option.count, option.label.casefold()))
    shown = [option for n, option in enumerate(options) if n < SHOWN or option.selected]
    taken = {option.value for option in shown}
    return Group(facet.name, facet.label, shown, [option for option in options[:MOST] if option.value not in taken])
