"""Atom feeds of what is new and what changed: all, by kind, by section of the list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.models import Revision, RevisionAction, Section

NEWEST = 50


class ChangesFeed(Feed):
    """The newest changes; `obj` is a Kind, a Section, or None for all."""

    feed_type = Atom1Feed
    subject = "Changes"
    actions: tuple[RevisionAction, ...] = tuple(RevisionAction)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Kind | Section | None:
        if plural := kwargs.get("plural"):
            return BY_PLURAL[plural]
        if slug := kwargs.get("section"):
            section = Section.objects.filter(slug=slug).first()
            if section is None:
                raise Http404(f"There is no section “{slug}”.")
            return section
        return None

    def title(self, obj: Kind | Section | None) -> str:
        about = obj.label_plural if isinstance(obj, Kind) else str(obj) if obj else ""
        return f"{settings.SITE_NAME}: {self.subject}{f' in {about}' if about else ''}"

    def link(self, obj: Kind | Section | None) -> str:
        return reverse("catalog:list", args=[obj.plural]) if isinstance(obj, Kind) else reverse("catalog:changes")

    def feed_guid(self, obj: Kind | Section | None) -> str:
        about = obj.plural if isinstance(obj, Kind) else f"sections/{obj.slug}" if obj else "all"
        return f"{settings.SITE_URL}/feeds/{about}/{self.subject.lower().replace(' ', '-')}"

    def author_name(self) -> str:
        return f"{settings.SITE_NAME} contributors"

    def items(self, obj: Kind | Section | None) -> Iterable[Revision]:
        rows = Revision.objects.filter(action__in=self.actions).latest_first().defer("snapshot")
        if isinstance(obj, Kind):
            rows = rows.filter(kind=obj.name)
        elif isinstance(obj, Section) and obj.kind:
            ids = KINDS[obj.kind].model.objects.filter(section=obj).values("pk")
            rows = rows.filter(kind=obj.kind, entry_id__in=ids)
        return rows[:NEWEST]

    def item_title(self, item: Revision) -> str:
        return f"{item.name} {item.get_action_display()}"

    def item_description(self, item: Revision) -> str:
        kind = KINDS[item.kind]
        fields = ", ".join(kind.label_of(key).lower() for key in item.changed if key != "sources")
        changed = f"Changed: {fields}." if fields and item.action == RevisionAction.EDIT else ""
        who = f"Proposed by {item.contributor}" + (f", approved by {item.approver}." if item.approver else ".")
        return " ".join(filter(None, [item.comment, changed, who]))

    def item_link(self, item: Revision) -> str:
        return reverse("catalog:revision", args=[KINDS[item.kind].plural, item.slug, item.number])

    def item_guid(self, item: Revision) -> str:
        return f"{settings.SITE_URL}{reverse('catalog:changes')}#{item.pk}"

    def item_author_name(self, item: Revision) -> str:
        return item.contributor

    def item_pubdate(self, item: Revision) -> datetime:
        return item.at

    item_updateddate = item_pubdate


class NewFeed(ChangesFeed):
    """The newest entries."""

    subject = "New entries"
    actions = (RevisionAction.CREATE, RevisionAction.RESTORE)

    def item_link(self, item: Revision) -> str:
        return reverse("catalog:detail", args=[KINDS[item.kind].plural, item.slug])
