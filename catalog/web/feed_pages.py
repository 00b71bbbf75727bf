"""The pages of a feed (RFC 5005, section 3), each of the changes before a certain one.

A page is named by a change and not by its number, so that a reader who follows the links misses nothing while new
changes are published.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from catalog.models import Revision
from catalog.web.parameters import BadQuery, without_ignored

PAGE_SIZE = 50
BEFORE = "before"
MAX_DIGITS = 18
"""So that any id of the parameter is one of a database."""


@dataclass(frozen=True)
class FeedPage:
    """Revisions of a feed before the revision `before` (by id; None on the first page), the newest first.

    `older` is the `before` of the next page, None if there is none; `newer` that of the page with newer ones, None if
    that is the first page, or this one is.
    """

    items: Sequence[Revision]
    before: int | None = None
    older: int | None = None
    newer: int | None = None


def page_of(rows: QuerySet[Revision], before: int | None) -> FeedPage:
    """A page of the revisions, in one query, or two after the first page."""
    items = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE_SIZE + 1])
    older = items[PAGE_SIZE - 1].pk if len(items) > PAGE_SIZE else None
    if not before:
        return FeedPage(items[:PAGE_SIZE], before, older)
    above = list(rows.filter(pk__gte=before).order_by("pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])
    newer = above[PAGE_SIZE] if len(above) > PAGE_SIZE else None
    return FeedPage(items[:PAGE_SIZE], before, older, newer)


def split_query(query: QueryDict) -> tuple[QueryDict, int | None]:
    """What a query says besides the page, and the change before which the page is. Raises BadQuery."""
    rest = without_ignored(query)
    texts = rest.pop(BEFORE, [])
    if not texts:
        return rest, None
    text = str(texts[0])
    if len(texts) > 1 or not (text.isascii() and text.isdigit() and text.strip("0") and len(text) <= MAX_DIGITS):
        raise BadQuery(f"{BEFORE}: Give the number of one change, as the links to the next page do.")
    return rest, int(text)
