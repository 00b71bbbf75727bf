"""The sitemap: static pages and lists, then the entries of each kind."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.db.models import Count, Subquery, Value
from django.urls import reverse
from django.utils.functional import cached_property

from catalog.kinds import KINDS, Kind
from catalog.models import Entry, EntryQuerySet


class StaticPages(Sitemap):
    changefreq = "daily"

    def items(self) -> list[str]:
        lists = [reverse("catalog:list", args=[kind.plural]) for kind in KINDS.values()]
        names = (
            *("catalog:home", "catalog:about", "catalog:verification", "catalog:changes", "catalog:export"),
            "submissions:contribute",
        )
        return [*lists, *(reverse(name) for name in names)]

    def location(self, item: str) -> str:
        return item


class Entries(Sitemap):
    """The entries of a kind, in files small enough to be made quickly (the protocol allows 50,000 URLs)."""

    limit = 2_000

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def items(self) -> EntryQuerySet:
        return self.kind.model.objects.order_by("pk").only("slug", "updated")

    def lastmod(self, item: Entry) -> datetime:
        return item.updated

    @property
    def paginator(self) -> Paginator:
        paginator = super().paginator
        paginator.count = self.count_and_updated[0]
        return paginator

    def get_latest_lastmod(self) -> datetime | None:
        return self.count_and_updated[1]

    @cached_property
    def count_and_updated(self) -> tuple[int, datetime | None]:
        """The number of entries and the time of the newest change, each read from an index."""
        rows = self.kind.model.objects.order_by("-updated")
        one_group = rows.order_by().annotate(of=Value(1)).values("of")
        count = Subquery(one_group.annotate(n=Count("pk")).values("n"))
        return rows.values_list(count, "updated").first() or (0, None)


SITEMAPS: dict[str, Callable[[], Sitemap]] = {
    "pages": StaticPages,
    **{kind.plural: partial(Entries, kind) for kind in KINDS.values()},
}
"""Factories, since a sitemap caches its counts, which hold for one request."""
