"""The list of a kind as it stood at a past moment, read from the ledger in the order of the slugs.

Filters are applied to each entry in turn, over entries rebuilt without being saved. A page looks through a bounded
number of entries, so it may hold fewer than it has room for although more follow.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.db.models import QuerySet

from catalog.ledger import as_of
from catalog.listing.filterset import EntryFilterSet
from catalog.models import Entry, Revision

MAX_SCANNED = 500
"""How many entries a page looks through at most, however few of them its filters accept."""
BATCH = 500


class HasSlug(Protocol):
    """What a page consists of."""

    @property
    def slug(self) -> str: ...


HasSlugT = TypeVar("HasSlugT", bound=HasSlug)


def page(
    filterset: EntryFilterSet,
    moment: datetime,
    *,
    after: str = "",
    size: int,
    fetch: Callable[[QuerySet[Revision]], Sequence[HasSlugT]],
) -> tuple[list[HasSlugT], str | None]:
    """Up to `size` entries behind the slug `after`, and the slug behind which the next page begins; None for the last.

    `fetch` gives the items of the page from the rows of their revisions, in the order of the rows.
    """
    rows = as_of.current_revisions(moment, kind=filterset.kind).order_by("slug")
    if after:
        rows = rows.filter(slug__gt=after)
    if not filterset.conditions and not filterset.column_filters:
        items = list(fetch(rows[: size + 1]))
        return items[:size], items[size - 1].slug if len(items) > size else None
    seen = list(as_of.with_creation(rows)[: MAX_SCANNED + 1])
    entries = as_of.entries(filterset.kind, seen[:MAX_SCANNED], moment)
    accepted = [entry.slug for entry in entries if filterset.accepts(entry)]
    following = accepted[size - 1] if len(accepted) > size else None
    if following is None and len(seen) > MAX_SCANNED:
        following = seen[MAX_SCANNED - 1].slug
    return list(fetch(rows.filter(slug__in=accepted[:size]))), following


def entries(filterset: EntryFilterSet, moment: datetime) -> Iterator[Entry]:
    """All entries, not saved, as if fetched `with_references()`; in constant memory."""

    def fetch(rows: QuerySet[Revision]) -> Sequence[Entry]:
        return as_of.entries(filterset.kind, list(as_of.with_creation(rows)), moment)

    after: str | None = ""
    while after is not None:
        found, after = page(filterset, moment, after=after, size=BATCH, fetch=fetch)
        yield from found
