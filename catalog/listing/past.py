"""The list of a kind as of a past time, read from the ledger in the order of the slugs.

Filters are applied in Python to entries rebuilt from snapshots. A page scans a bounded number of entries, so it may
hold fewer than its size although more follow.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from django.db.models import QuerySet

from catalog.ledger import as_of
from catalog.listing.filterset import EntryFilterSet
from catalog.models import Revision

MAX_SCANNED = 500
"""The number of entries a page scans at most, however few of them match."""
BATCH = 500


class HasSlug(Protocol):
    """An item of a page."""

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
    """Up to `size` items after the slug `after`, and the slug after which the next page begins (None on the last page).

    `fetch` turns the revisions of a page into its items, in the same order.
    """
    rows = as_of.current_revisions(moment, kind=filterset.kind).order_by("slug")
    if after:
        rows = rows.filter(slug__gt=after)
    if not filterset.conditions and not filterset.column_filters:
        items = list(fetch(rows[: size + 1]))
        return items[:size], items[size - 1].slug if len(items) > size else None
    scanned = list(as_of.with_creation(rows)[: MAX_SCANNED + 1])
    entries = as_of.entries(filterset.kind, scanned[:MAX_SCANNED], moment)
    accepted = [entry.slug for entry in entries if filterset.accepts(entry)]
    next_slug = accepted[size - 1] if len(accepted) > size else None
    if next_slug is None and len(scanned) > MAX_SCANNED:
        next_slug = scanned[MAX_SCANNED - 1].slug
    return list(fetch(rows.filter(slug__in=accepted[:size]))), next_slug
