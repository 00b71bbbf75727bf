"""The lists of the admin site."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError, ProgrammingError
from django.http import HttpRequest

MAX_SEARCH_LENGTH = 400
"""Each word adds conditions to the query: SQLite refuses a thousand of them, and PostgreSQL takes its time."""

LOOKUP_ERRORS = (OverflowError, ValueError, DataError, ProgrammingError)


class PortalChangeList(ChangeList):
    """A list that takes a lookup which the database refuses, such as `id__in=9223372036854775808` or a range of one
    value, for a wrong lookup: Django does so only for what it notices before it sends the query."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Raises IncorrectLookupParameters, which the admin answers with the list and an error."""
        try:
            super().__init__(request, *args, **kwargs)
        except LOOKUP_ERRORS as error:
            if not request.GET:
                raise
            raise IncorrectLookupParameters from error


class ListAdmin:
    """Gives a ModelAdmin the list above, and searches for the first MAX_SEARCH_LENGTH characters of what is typed."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PortalChangeList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_term[:MAX_SEARCH_LENGTH])  # type: ignore[misc]  # a ModelAdmin's
