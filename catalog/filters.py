"""Narrowing and sorting the list of a kind, by what its register line says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import QueryDict

from catalog.kinds import KINDS, Facet, Kind
from catalog.models import EntryQuerySet, FacetValue


class FacetField(forms.MultipleChoiceField):
    """Any texts: one that no entry has narrows the list to nothing, and the page says so."""

    def validate(self, value: list[str]) -> None:
        return


class FacetFilter(django_filters.Filter):
    """Entries that have one of the chosen values of a facet."""

    field_class = FacetField

    def __init__(self, kind: Kind, facet: Facet) -> None:
        super().__init__(label=facet.label, required=False)
        self.kind, self.facet = kind, facet

    def filter(self, queryset: EntryQuerySet, values: list[str]) -> EntryQuerySet:
        if not values:
            return queryset
        having = FacetValue.objects.filter(kind=self.kind.name, facet=self.facet.name, value__in=clean(values))
        return queryset.filter(pk__in=having.values("entry_id"))


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


@cache
def filterset_of(kind_name: str) -> type[django_filters.FilterSet]:
    """The filter set of a kind, made from its facets and orders."""
    kind = KINDS[kind_name]
    declared: dict[str, Any] = {facet.name: FacetFilter(kind, facet) for facet in kind.facets}
    meta = type("Meta", (), {"model": kind.model, "fields": []})
    return type(
        f"{kind.label}Filter", (django_filters.FilterSet,), {**declared, "sort": SortFilter(kind), "Meta": meta}
    )


def filtered(kind: Kind, params: QueryDict | Mapping[str, Any]) -> EntryQuerySet:
    """The entries of a kind that the query's facets leave, in the order it asks for."""
    found = filterset_of(kind.name)(params, queryset=kind.model.objects.all())
    rows: EntryQuerySet = found.qs
    return rows


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many entries it would show given the other facets."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Group:
    """A facet as a page offers it: the options worth showing at once, then the rest."""

    name: str
    label: str
    options: list[Option]
    more: list[Option]


SHOWN = 8


def facet_groups(kind: Kind, params: QueryDict) -> list[Group]:
    """The facets of a kind with counts that follow the other facets, in one query."""
    rows = _counts(kind, params)
    return [group for facet in kind.facets if (group := _group(facet, rows, params))]


def _counts(kind: Kind, params: QueryDict) -> list[tuple[str, str, str, int]]:
    """(facet, value, label, count) of all facets; a facet that is in use is counted as if it were not."""
    used = [facet.name for facet in kind.facets if params.getlist(facet.name)]
    plain = [facet.name for facet in kind.facets if facet.name not in used]
    parts = [_count_query(kind, plain, params)] if plain else []
    for name in used:
        without = params.copy()
        without.pop(name)
        parts.append(_count_query(kind, [name], without))
    return list(parts[0].union(*parts[1:], all=True).order_by()) if len(parts) > 1 else list(parts[0])


def _count_query(kind: Kind, facets: list[str], params: QueryDict) -> QuerySet[FacetValue, tuple[str, str, str, int]]:
    rows = FacetValue.objects.filter(kind=kind.name, facet__in=facets)
    if any(params.getlist(facet.name) for facet in kind.facets):
        rows = rows.filter(entry_id__in=filtered(kind, params).order_by().values("pk"))
    return rows.values_list("facet", "value", "label").annotate(count=Count("pk")).order_by()


def _group(facet: Facet, rows: list[tuple[str, str, str, int]], params: QueryDict) -> Group | None:
    chosen = clean(params.getlist(facet.name))
    merged: dict[str, Option] = {}
    for name, value, label, count in rows:
        if name == facet.name:
            before = merged.get(value)
            merged[value] = Option(
                value, before.label if before else label, count + (before.count if before else 0), value in chosen
            )
    for value in chosen:
        merged.setdefault(value, Option(value, value, 0, True))
    if not merged:
        return None
    if facet.ordered_by_value:
        options = sorted(merged.values(), key=lambda option: option.value, reverse=True)
    else:
        options = sorted(merged.values(), key=lambda option: (-option.count, option.label.casefold()))
    shown = [option for n, option in enumerate(options) if n < SHOWN or option.selected]
    return Group(facet.name, facet.label, shown, [option for option in options if option not in shown])
