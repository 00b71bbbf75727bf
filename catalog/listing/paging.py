"""Pagination by page number."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property


class ListPaginator(Paginator):
    """Read the keys of a page from an index, then fetch only its rows; do not count if the count is `known`."""

    def __init__(self, rows: Any, size: int, *, known: int | None = None) -> None:
        super().__init__(rows, size)
        self.known = known

    @cached_property
    def count(self) -> int:
        """The number of rows."""
        return int(super().count) if self.known is None else self.known

    def page(self, number: int | str) -> Page:
        """The page with this number. Raises InvalidPage."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows: Any = self.object_list
        keys = list(rows.values_list("pk", flat=True)[start : start + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)
