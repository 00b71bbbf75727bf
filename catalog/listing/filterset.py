"""The list of a kind, filtered and sorted by query parameters: one django-filter FilterSet for each kind, used by
pages, feeds, exports and, through DRF's filter backend, the API.

    filterset = filterset_class(kind)(request.GET)
    filterset.is_valid(), filterset.errors      error messages by parameter
    filterset.qs                                the rows
    filterset.accepts(entry)                    whether an entry as of a past day passes

The facets of a kind are applied together, by their facet sets (catalog.listing.facets); every other filter applies on
its own, as django-filter does.
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
    BaseFacetFilter,
    ColumnFilter,
    FacetCondition,
    FacetFilter,
    ParameterFilter,
    filters_of,
)
from catalog.listing.suggestions import former_slugs, slugs_as_of, unknown_values
from catalog.models import Entry

EMPTY: tuple[Any, ...] = (None, "", [])


class SharedFields(dict[str, forms.Field]):
    """Form fields shared by all instances of a form class, since they never change: deep copies of thirty fields, as
    Django makes them, would take longer than the rest of the form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class SharedFilters(dict[str, ParameterFilter]):
    """The filters of a filter set class. Each filter set has copies of them, which share their form fields."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, ParameterFilter]:
        return {name: parameter_filter.__copy__() for name, parameter_filter in self.items()}


class QueryForm(forms.Form):
    """The parameters of a query. A bound form has the fields of the parameters given only."""

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)  # the default would be translated for each form
        if data is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in data}

    def clean(self) -> dict[str, Any]:
        """Check parameters that exclude each other."""
        values = self.cleaned_data
        if values.get("as_of") and values.get("sort", "slug") != "slug":
            self.add_error("sort", "With as_of the order is `slug`.")
        return values


class EntryFilterSet(django_filters.FilterSet):
    """The entries of a kind. For a facet that takes any slug, a slug that nothing in the catalogue has is an error.

    A bound filter set has the filters of the parameters given only, few of thirty: each refers back to the filter set,
    and so many reference cycles for every request would keep the garbage collector busy.

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
            self.base_filters = SharedFilters(
                {name: self.base_filters[name] for name in self.base_filters if name in data}
            )
        super().__init__(data, queryset, request=request, prefix=prefix)
        self.counted = counted
        self._cleaned: Mapping[str, Any] = {}
        self.followed: Mapping[str, Mapping[str, str]] = {}
        """The slugs of entries that the query names by others, by parameter."""

    def get_form_class(self) -> type[forms.Form]:
        return self.form_class  # django-filter would create a class for each request, which is slow

    @cached_property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        if form.is_bound:
            form.full_clean()
            self._cleaned = dict(form.cleaned_data)
            if at := self._cleaned.get("as_of"):  # of which other values may have been in use
                self._follow(form, slugs_as_of(self.kind, self._slugs(), at))
            else:
                self._follow(form, former_slugs(self.kind, self._slugs(), self.facet_sets))
                for name, error in unknown_values(self.kind, self._slugs(), self.facet_sets):
                    form.add_error(name, error)
        return form

    def _follow(self, form: forms.Form, followed: Mapping[str, Mapping[str, str]]) -> None:
        """Read other slugs of an entry as its own, by parameter."""
        self.followed = followed
        for name, slugs in self.followed.items():
            values = list(dict.fromkeys(slugs.get(value, value) for value in self._cleaned[name]))
            form.cleaned_data[name] = values
            self._cleaned = {**self._cleaned, name: values}
        if self.followed:
            self.__dict__.pop("facet_sets", None)  # they are those of the former slugs

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.as_of and (entries := self.entries) is not None:
            conditions = [condition.query for condition in self.conditions.values()]
            queryset = narrow(self.kind, queryset, entries, conditions, self.total)
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values of the filters in use by parameter, without invalid ones."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in cleaned.items() if value not in EMPTY}

    @property
    def narrows(self) -> bool:
        """Whether any filter besides sort is in use."""
        return bool(self.values.keys() - {"sort"})

    @property
    def as_of(self) -> datetime | None:
        """The time as of which to read the catalogue; None for now."""
        as_of: datetime | None = self.values.get("as_of")
        return as_of

    @cached_property
    def conditions(self) -> dict[str, FacetCondition]:
        """The conditions of the query by facet."""
        return self._conditions(self.values)

    @cached_property
    def column_filters(self) -> dict[str, ColumnFilter]:
        """The filters by columns in use, by parameter."""
        return self._column_filters(self.values)

    def accepts(self, entry: Entry) -> bool:
        """Whether an entry, saved or not, passes all filters."""
        return all(condition.accepts_entry(entry) for condition in self.conditions.values()) and all(
            column_filter.accepts(entry, self.values[name]) for name, column_filter in self.column_filters.items()
        )

    @cached_property
    def facet_sets(self) -> list[LoadedSet]:
        """The facet sets of the requested values, of all entries, and with `counted` of the values that a page offers;
        no database query if no facet is in use."""
        conditions = self._conditions(self._cleaned)
        if not conditions and not (self.counted and self._column_filters(self._cleaned)):
            return []
        condition = reduce(or_, (other.query for other in conditions.values()), Q(facet=ALL_ENTRIES_FACET))
        if self.counted:
            condition |= Q(facet__in=[facet.name for facet in self.kind.facets if not facet.unbounded])
        return load_sets(self.kind, condition)

    @cached_property
    def masks(self) -> dict[str, BitMap]:
        """The ids of the entries that meet the condition, by facet in use."""
        return {
            name: union(
                loaded for loaded in self.facet_sets if loaded.facet == name and condition.accepts(loaded.value)
            )
            for name, condition in self.conditions.items()
        }

    @cached_property
    def entries(self) -> BitMap | None:
        """The ids of the entries that meet all conditions; None if no facet is in use."""
        return BitMap.intersection(*self.masks.values()) if self.masks else None

    @property
    def total(self) -> int:
        """The number of entries of the kind, by the loaded facet sets."""
        return len(union(row for row in self.facet_sets if row.facet == ALL_ENTRIES_FACET))

    def _conditions(self, values: Mapping[str, Any]) -> dict[str, FacetCondition]:
        conditions: dict[str, FacetCondition] = {}
        for name, value in values.items():
            facet_filter = self.filters[name]
            if isinstance(facet_filter, BaseFacetFilter) and value not in EMPTY:
                facet = facet_filter.facet
                facet_filter.narrow(conditions.setdefault(facet.name, FacetCondition(facet)), value)
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
            for name, values in self._cleaned.items()
            if isinstance(self.filters[name], FacetFilter) and self.filters[name].any_slug
        }


_classes: dict[str, type[EntryFilterSet]] = {}


def filterset_class(kind: Kind) -> type[EntryFilterSet]:
    """The filter set class of a kind, created once from its register entry."""
    cls = _classes.get(kind.name)
    if cls is None or cls.kind is not kind:
        meta = type("Meta", (), {"model": kind.model, "fields": []})
        name = f"{kind.model.__name__}FilterSet"
        cls = type(name, (EntryFilterSet,), {**filters_of(kind), "kind": kind, "Meta": meta})
        cls.base_filters = SharedFilters(cls.base_filters)
        cls.form_class = type(f"{name}Form", (QueryForm,), {})
        cls.form_class.base_fields = SharedFields({key: declared.field for key, declared in cls.base_filters.items()})
        _classes[kind.name] = cls
    return cls
