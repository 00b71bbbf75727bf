"""The ticked rows of a list in the admin site."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

UNKNOWN = "0"
"""The number of no row."""


class SelectionAdmin(admin.ModelAdmin):
    """A list with bulk actions, whatever is posted as a ticked row."""

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Take what is no row's number, such as “abc”, for the number of an unknown row: Django would fail on it."""
        posted = request.POST.copy()
        ticked = [text if _is_number(text) else UNKNOWN for text in posted.getlist(ACTION_CHECKBOX_NAME)]
        posted.setlist(ACTION_CHECKBOX_NAME, ticked)
        request.POST = posted  # type: ignore[assignment] # the stubs know of the immutable kind only
        return super().response_action(request, queryset, *args, **kwargs)


def _is_number(text: str) -> bool:
    """Whether a database can look for it as a key."""
    return text.isascii() and text.isdigit() and len(text) < 19
