"""The lists of the admin site."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import DataError, ProgrammingError
from django.db.models import Field, IntegerField, QuerySet
from django.http import HttpRequest, HttpResponse

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


class ListAdmin(admin.ModelAdmin):
    """Gives a ModelAdmin the list above, searches for the first MAX_SEARCH_LENGTH characters of what is typed, and does
    bulk actions whatever is posted as a ticked row."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PortalChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term[:MAX_SEARCH_LENGTH])

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Take what is no row's key, such as “abc” for a number, for that of no row: Django would fail on it."""
        posted, key = request.POST.copy(), self.model._meta.pk
        ticked = [text if _may_be(key, text) else _unknown(key) for text in posted.getlist(ACTION_CHECKBOX_NAME)]
        posted.setlist(ACTION_CHECKBOX_NAME, ticked)
        request.POST = posted  # type: ignore[assignment] # the stubs know of the immutable kind only
        return super().response_action(request, queryset, *args, **kwargs)


def _may_be(key: Field, text: str) -> bool:
    """Whether a database can look for a text as this primary key."""
    if isinstance(key, IntegerField):
        return text.isascii() and text.isdigit() and len(text) < 19
    try:
        key.to_python(text)
    except ValidationError:
        return False
    return "\0" not in text


def _unknown(key: Field) -> str:
    """The primary key of no row."""
    return "0" if isinstance(key, IntegerField) else str(UUID(int=0))
