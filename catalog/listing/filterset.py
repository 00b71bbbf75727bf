"""The list of a kind, narrowed and sorted by the parameters of a query: one django-filter FilterSet for each kind, used
by pages, feeds, exports and, through DRF's filter backend, by the API.

    filterset = filterset_class(kind)(request.GET)
    filterset.is_valid(), filterset.errors      what is wrong, by parameter
    filterset.qs                                the rows
    filterset.accepts(entry)                    whether an entry of a past day is among them

The facets of a kind narrow together, by their sets of entries (catalog.listing.facets); every other filter narrows
alone, as filters of django-filter do.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from pyroaring import BitMap

from catalog.kinds import Kind
from catalog.ledger.indexing.facets import ALL_ENTRIES_FACET, LoadedSet, load_sets
from catalog.listing.facets import narrow, union
from catalog.listing.filters import (
    ColumnFilter,
    FacetCondition,
    FacetFilter,
    OverFacetFilter,
    ParameterFilter,
    filters_of,
)
from catalog.listing.suggestions import unknown_values
from catalog.models import Entry

EMPTY: tuple[Any, ...] = (None, "", [])


class SharedFields(dict[str, forms.Field]):
    """The fields of a form class, which its forms share since they never change: a deep copy of thirty of them for each
    request, as Django makes one, would take longer than the rest of the form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class SharedFilters(dict[str, ParameterFilter]):
    """The filters of a filter set class. A filter set has its own filters, of which the fields are shared."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, ParameterFilter]:
        return {name: one.__copy__() for name, one in self.items()}


class QueryForm(forms.Form):
    """The parameters of a query. A bound form has the fields of those parameters that the query gives."""

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)  # the default is translated anew for each form
        if data is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in data}

    def clean(self) -> dict[str, Any]:
        """Refuse parameters that exclude one another."""
        values = self.cleaned_data
        if values.get("as_of") and values.get("sort", "slug") != "slug":
            self.add_error("sort", "With as_of the order is `slug`.")
        return values


class EntryFilterSet(django_filters.FilterSet):
    """The entries of a kind. Where a facet takes any slug, one that nothing in the catalogue has is an error, too.

    A bound filter set has the filters of those parameters that the query gives, few of thirty: each refers back to the
    filter set, and so many cycles for every request would keep the garbage collector busy.

    With `counted`, the sets of the facets that a page offers are loaded by the same query (catalog.listing.groups).
    """

    base_filters: dict[str, Any]
    kind: ClassVar[Kind]
    form_class: ClassVar[type[forms.Form]]

    def __init__(
        self,
        data: QueryDict | None = None,
        queryset: QuerySet[Any] | None = None,
        *,
        request: HttpRequest | None = None,
        prefix: str | None = None,
        counted: bool = False,
    ) -> None:
        if data is not None:
            self.base_filters = SharedFilters({name: one for name, one in self.base_filters.items() if name in data})
        super().__init__(data, queryset, request=request, prefix=prefix)
        self.counted = counted
        self._readable: Mapping[str, Any] = {}

    def get_form_class(self) -> type[forms.Form]:
        return self.form_class  # django-filter would make a class for each request, which takes longer than to use it

    @cached_property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        if form.is_bound:
            form.full_clean()
            self._readable = dict(form.cleaned_data)
            if not self._readable.get("as_of"):  # other values were in use on a past day
                for name, error in unknown_values(self.kind, self._slugs(), self.facet_sets):
                    form.add_error(name, error)
        return form

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.as_of and (entries := self.entries) is not None:
            conditions = [condition.query for condition in self.conditions.values()]
            queryset = narrow(self.kind, queryset, entries, conditions, self.total)
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values of the filters in use, by parameter; those in error are left out."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in cleaned.items() if value not in EMPTY}

    @property
    def narrows(self) -> bool:
        """Whether any filter is in use that leaves entries out."""
        return bool(self.values.keys() - {"sort"})

    @property
    def as_of(self) -> datetime | None:
        """The moment at which the catalogue is to be read; None for now."""
        moment: datetime | None = self.values.get("as_of")
        return moment

    @cached_property
    def conditions(self) -> dict[str, FacetCondition]:
        """What the query wants of each facet in use."""
        return self._conditions(self.values)

    @cached_property
    def column_filters(self) -> dict[str, ColumnFilter]:
        """The filters in use that are not over facets, by parameter."""
        return self._column_filters(self.values)

    def accepts(self, entry: Entry) -> bool:
        """Whether an entry, also one that is not saved, passes all filters."""
        return all(condition.accepts_entry(entry) for condition in self.conditions.values()) and all(
            one.accepts(entry, self.values[name]) for name, one in self.column_filters.items()
        )

    @cached_property
    def facet_sets(self) -> list[LoadedSet]:
        """The sets of the values that the query names, of all entries, and with `counted` those that a page offers; no
        query where no facet is in use."""
        conditions = self._conditions(self._readable)
        if not conditions and not (self.counted and self._column_filters(self._readable)):
            return []
        wanted = reduce(or_, (condition.query for condition in conditions.values()), Q(facet=ALL_ENTRIES_FACET))
        if self.counted:
            wanted |= Q(facet__in=[facet.name for facet in self.kind.facets if not facet.unbounded])
        return load_sets(self.kind, wanted)

    @cached_property
    def masks(self) -> dict[str, BitMap]:
        """The ids of the entries that the condition of each facet in use accepts."""
        return {
            name: union(one for one in self.facet_sets if one.facet == name and condition.accepts(one.value))
            for name, condition in self.conditions.items()
        }

    @cached_property
    def entries(self) -> BitMap | None:
        """The ids of the entries that all facets leave; None where none is in use."""
        return BitMap.intersection(*self.masks.values()) if self.masks else None

    @property
    def total(self) -> int:
        """How many entries of the kind there are, by the facet sets that were loaded."""
        return len(union(one for one in self.facet_sets if one.facet == ALL_ENTRIES_FACET))

    def _conditions(self, values: Mapping[str, Any]) -> dict[str, FacetCondition]:
        conditions: dict[str, FacetCondition] = {}
        for name, value in values.items():
            one = self.filters[name]
            if isinstance(one, OverFacetFilter) and value not in EMPTY:
                one.narrow(conditions.setdefault(one.facet.name, FacetCondition(one.facet)), value)
        return conditions

    def _column_filters(self, values: Mapping[str, Any]) -> dict[str, ColumnFilter]:
        return {
            name: self.filters[name]
            for name, value in values.items()
            if value not in EMPTY and isinstance(self.filters[name], ColumnFilter)
        }

    def _slugs(self) -> dict[str, list[str]]:
        """The values given for facets that take any slug."""
        return {
            name: values
            for name, values in self._readable.items()
            if isinstance(self.filters[name], FacetFilter) and self.filters[name].any_slug
        }


_classes: dict[str, type[EntryFilterSet]] = {}


def filterset_class(kind: Kind) -> type[EntryFilterSet]:
    """The filter set of a kind, made once from its register line."""
    known = _classes.get(kind.name)
    if known is None or known.kind is not kind:
        meta = type("Meta", (), {"model": kind.model, "fields": []})
        name = f"{kind.model.__name__}FilterSet"
        known = type(name, (EntryFilterSet,), {**filters_of(kind), "kind": kind, "Meta": meta})
        known.base_filters = SharedFilters(known.base_filters)
        known.form_class = type(f"{name}Form", (QueryForm,), {})
        known.form_class.base_fields = SharedFields({key: one.field for key, one in known.base_filters.items()})
        _classes[kind.name] = known
    return known
