"""The lists of the admin site."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError, transaction
from django.http import HttpRequest


class PortalChangeList(ChangeList):
    """A list that takes a lookup of a value that no column holds, such as `id__in=9223372036854775808`, for a wrong
    lookup: Django notices other wrong values when it builds the query, and fails on these when it sends it."""

    def get_results(self, request: HttpRequest) -> None:
        """As Django's. Raises IncorrectLookupParameters, which the admin answers with the list and an error."""
        try:
            with transaction.atomic():
                super().get_results(request)
        except (OverflowError, ValueError, DataError) as error:
            if not self.params and not self.filter_params:
                raise
            raise IncorrectLookupParameters from error


class ListAdmin:
    """Gives a ModelAdmin the list above."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PortalChangeList
