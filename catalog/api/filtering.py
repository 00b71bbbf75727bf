"""DRF's filter backend over the filter sets of the kinds (catalog.listing.filterset)."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from catalog.api.params import Param, bad_parameters, messages_of, schema_of
from catalog.listing.filterset import EntryFilterSet

DEFAULT_SORT = "slug"


class FilterBackend(DjangoFilterBackend):
    """Filter a list by the view's `filterset_class`. One filter set serves a request, so that the view can report
    its errors together with those of other parameters."""

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> EntryFilterSet:
        filterset: EntryFilterSet | None = getattr(view, "filterset", None)
        if filterset is None or filterset.request is not request:
            filterset = view.filterset = super().get_filterset(request, queryset, view)
        return filterset

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """Return the rows that match the query. Raises Problem (400)."""
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise bad_parameters(messages_of(filterset))
        return filterset.qs

    def get_schema_operation_parameters(self, view: Any) -> list[Param]:
        """Return the parameters of the filters, for the schema."""
        return [_filter_param(name, item.field) for name, item in view.filterset_class.base_filters.items()]


def _filter_param(name: str, field: Any) -> Param:
    default = DEFAULT_SORT if name == "sort" else None
    return Param(name, field.help_text, field.read, schema_of(field), field.many, default, field.example)
