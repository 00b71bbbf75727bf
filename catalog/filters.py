"""Narrowing and sorting the list of a kind, by what its register line says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import QueryDict

from catalog.kinds import KINDS, Facet, Kind
from catalog.models import EntryQuerySet, FacetCount, FacetValue


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
MOST = 200
"""How many options a facet offers."""
FEW = 2000
"""Up to how many entries are counted for a facet that is open."""


def facet_groups(kind: Kind, params: QueryDict) -> list[Group]:
    """The facets of a kind with counts that follow the other facets, in a number of queries that does not depend on
    the entries."""
    rows = _counts(kind, params)
    return [group for facet in kind.facets if (group := _group(facet, rows, params))]


def known_count(kind: Kind, params: QueryDict) -> int | None:
    """How many entries a list shows that is narrowed by one value of one facet, from what publishing keeps."""
    chosen = _chosen(kind, params)
    if len(chosen) != 1 or len(values := next(iter(chosen.values()))) != 1:
        return None
    rows = FacetCount.objects.filter(kind=kind.name, by_facet="", facet=next(iter(chosen)), value=values[0])
    return rows.values_list("count", flat=True).first() or 0


def _chosen(kind: Kind, params: QueryDict) -> dict[str, list[str]]:
    """The values asked for, by facet in use."""
    return {facet.name: clean(values) for facet in kind.facets if (values := params.getlist(facet.name))}


def _counts(kind: Kind, params: QueryDict) -> list[tuple[str, str, str, int]]:
    """(facet, value, label, count) of all facets; a facet that is in use is counted as if it were not.

    Kept counts serve a list that nothing narrows, and one that a single value narrows; more values are counted.
    """
    chosen = _chosen(kind, params)
    if not chosen:
        return _kept(kind)
    if len(chosen) == 1:
        (name, values), *_ = chosen.items()
        facet = next(facet for facet in kind.facets if facet.name == name)
        own = [row for row in _kept(kind, name, values) if row[0] == name]
        others = [other.name for other in kind.facets if other.name != name]
        if len(values) == 1 and not facet.open:
            return own + _kept_by(kind, name, values[0], params)
        return own + (list(_count_query(kind, others, params)) if others else [])
    return _counted(kind, params)


def _counted(kind: Kind, params: QueryDict) -> list[tuple[str, str, str, int]]:
    """The counts under several facets at once."""
    used = [facet.name for facet in kind.facets if params.getlist(facet.name)]
    plain = [facet.name for facet in kind.facets if facet.name not in used]
    parts = [_count_query(kind, plain, params)] if plain else []
    for name in used:
        without = params.copy()
        without.pop(name)
        parts.append(_count_query(kind, [name], without))
    return list(parts[0].union(*parts[1:], all=True).order_by()) if len(parts) > 1 else list(parts[0])


def _kept(kind: Kind, name: str = "", values: Iterable[str] = ()) -> list[tuple[str, str, str, int]]:
    """The counts of all entries: of an open facet the greatest, and those of the `values` of the facet `name`."""
    rows = FacetCount.objects.filter(kind=kind.name, by_facet="", by_value="")
    columns = ("facet", "value", "label", "count")
    found = rows.filter(facet__in=[facet.name for facet in kind.facets if not facet.open]).values_list(*columns)
    opened = [facet.name for facet in kind.facets if facet.open]
    if not opened:
        return list(found)
    most = [
        FacetCount.objects.filter(
            pk__in=rows.filter(facet=facet).order_by("-count", "value").values("pk")[:MOST]
        ).values_list(*columns)
        for facet in opened
    ]
    named = rows.filter(facet=name, value__in=values).values_list(*columns) if name in opened else rows.none()
    return list(found.union(*most, named.values_list(*columns)))


def _kept_by(kind: Kind, name: str, value: str, params: QueryDict) -> list[tuple[str, str, str, int]]:
    """The counts of the entries under a value of a facet that is not open; open facets only where those are few."""
    names = [facet.name for facet in kind.facets if facet.name != name and not facet.open]
    rows = FacetCount.objects.filter(kind=kind.name, by_facet=name, by_value=value, facet__in=names)
    label = FacetCount.objects.filter(
        kind=OuterRef("kind"), by_facet="", by_value="", facet=OuterRef("facet"), value=OuterRef("value")
    ).values("label")
    found = list(rows.annotate(text=Subquery(label)).values_list("facet", "value", "text", "count"))
    opened = [facet.name for facet in kind.facets if facet.open]
    if opened and (known_count(kind, params) or 0) <= FEW:
        found += list(_count_query(kind, opened, params))
    return found


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
    taken = {option.value for option in shown}
    return Group(facet.name, facet.label, shown, [option for option in options[:MOST] if option.value not in taken])
