"""The sitemap: the plain pages, then every entry of each kind."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from catalog.kinds import KINDS, Kind
from catalog.models import Entry, EntryQuerySet


class PlainPages(Sitemap):
    changefreq = "daily"

    def items(self) -> list[str]:
        lists = [reverse("catalog:list", args=[kind.plural]) for kind in KINDS.values()]
        names = ("catalog:home", "catalog:about", "catalog:changes", "catalog:export", "submissions:contribute")
        return [*lists, *(reverse(name) for name in names)]

    def location(self, item: str) -> str:
        return item


class Entries(Sitemap):
    """The entries of a kind, in files small enough to be made while one waits (the protocol allows 50,000)."""

    limit = 2_000

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def items(self) -> EntryQuerySet:
        return self.kind.model.objects.order_by("pk").only("slug", "updated")

    def lastmod(self, item: Entry) -> datetime:
        return item.updated

    def get_latest_lastmod(self) -> datetime | None:
        return self.kind.model.objects.order_by("-updated").values_list("updated", flat=True).first()


SITEMAPS: dict[str, Sitemap] = {"pages": PlainPages(), **{kind.plural: Entries(kind) for kind in KINDS.values()}}
