"""What the API gives in pages: read one page at a time, as far as it is used."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from vlm_portal_client import frames
from vlm_portal_client.decoding import decode
from vlm_portal_client.entries import Change, Entry
from vlm_portal_client.errors import UnexpectedAnswer
from vlm_portal_client.queries import Query, next_query

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

ReadPage = Callable[[Query], dict[str, Any]]


class Pages(Generic[T]):
    """Rows of a list. Each iteration begins anew and reads a page when it gets there."""

    def __init__(self, read: ReadPage, query: Query, row_type: type[T]) -> None:
        self._read, self._query, self._row_type = read, query, row_type

    def __iter__(self) -> Iterator[T]:
        """Yield the rows of all pages. Raises PortalError."""
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[T]]:
        """Yield the pages. Raises PortalError."""
        query: Query | None = self._query
        while query is not None:
            page = self._read(query)
            yield rows_of(page, self._row_type)
            query = _following(page, query)


class Entries(Pages[Entry]):
    """Entries of a kind."""

    def to_frame(self) -> "pd.DataFrame":
        """Return all entries as a data frame: indexed by slug, a column for each field. Reads all pages. Needs
        pandas."""
        return frames.entries_frame(self)


class Changes:
    """Changes of the catalogue since `cursor`, oldest first. `cursor` moves on after each page: keep it, and go on from
    there later. Whoever stops within a page gets that page again, and nothing is left out."""

    def __init__(self, read: ReadPage, query: Query, cursor: str | None) -> None:
        self._read, self._query = read, query
        self.cursor = cursor

    def __iter__(self) -> Iterator[Change]:
        """Yield changes until there are none. Raises PortalError."""
        for page in self.pages():
            yield from page

    def pages(self) -> Iterator[list[Change]]:
        """Yield pages of changes until there are none; the last page may be empty. Raises PortalError."""
        has_more = True
        while has_more:
            since = (("since", self.cursor),) if self.cursor else ()
            page = self._read((*self._query, *since))
            cursor, has_more = page.get("cursor"), page.get("has_more") is True
            if not isinstance(cursor, str) or (has_more and cursor == self.cursor):
                raise UnexpectedAnswer("The portal gives no cursor that leads on.")
            yield rows_of(page, Change)
            self.cursor = cursor


def rows_of(page: dict[str, Any], row_type: type[T]) -> list[T]:
    """Decode the rows of a page. Raises UnexpectedAnswer."""
    rows = page.get("results")
    if not isinstance(rows, list):
        raise UnexpectedAnswer("The answer has no “results”: is this the API of a portal?")
    return [decode(row_type, row) for row in rows]


def _following(page: dict[str, Any], query: Query) -> Query | None:
    """Return the query of the next page, None after the last one."""
    address = page.get("next")
    if address is None:
        return None
    following = next_query(str(address))
    if sorted(following) == sorted(query):
        raise UnexpectedAnswer("The portal names a page as the one after itself.")
    return following
