"""Atom feeds of new entries and of changes: of all, of a section, or of a kind with the filters of its list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.ledger.payloads import readable_changes
from catalog.listing.changes import revisions_of
from catalog.listing.filterset import EntryFilterSet
from catalog.models import Revision, RevisionAction, Section
from catalog.text.documents import without_forbidden
from catalog.web.parameters import BadQuery, bad_query, raise_if_errors, strict_filterset, without_ignored

MAX_ITEMS = 50


@dataclass(frozen=True)
class Scope:
    """What a feed covers: everything, or the entries of a kind that are in a section and pass the filters."""

    kind: Kind | None = None
    section: Section | None = None
    filterset: EntryFilterSet | None = None

    @property
    def query(self) -> str:
        """The filters in use as a query string, sorted by name."""
        if self.filterset is None:
            return ""
        names = sorted(self.filterset.values.keys() - {"sort"})
        return urlencode([(name, value) for name in names for value in sorted(self.filterset.data.getlist(name))])


class AtomFeed(Atom1Feed):
    """Atom (RFC 4287) with summaries as text, and without characters that XML forbids, on which Django would fail."""

    def __init__(self, **about: Any) -> None:
        super().__init__(**_clean(about))

    def add_item(self, **about: Any) -> None:  # type: ignore[override] # Django gives each by its name
        super().add_item(**_clean(about))

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """As Django's, which declares a summary to be HTML."""
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"])


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {name: without_forbidden(value) if isinstance(value, str) else value for name, value in values.items()}


class ChangesFeed(Feed):
    """The newest changes."""

    feed_type = AtomFeed
    subject = "Changes"
    actions: tuple[RevisionAction, ...] = tuple(RevisionAction)

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().__call__(request, *args, **kwargs)
        except BadQuery as error:
            return bad_query(request, error)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Scope:
        if plural := kwargs.get("plural"):
            return Scope(BY_PLURAL[plural], None, filterset_of_feed(request, BY_PLURAL[plural]))
        section = None
        if slug := kwargs.get("section"):
            section = Section.objects.filter(slug=slug).first()
            if section is None:
                raise Http404(f"There is no section “{slug}”.")
        kind = KINDS.get(section.kind) if section else None
        return Scope(kind, section, filterset_of_feed(request, kind))

    def title(self, obj: Scope) -> str:
        about = str(obj.section or (obj.kind.label_plural if obj.kind else ""))
        narrowed = f" ({obj.query})" if obj.query else ""
        return f"{settings.SITE_NAME}: {self.subject}{f' in {about}' if about else ''}{narrowed}"

    def link(self, obj: Scope) -> str:
        if obj.kind is None or obj.section:
            return reverse("catalog:changes")
        return f"{reverse('catalog:list', args=[obj.kind.plural])}{'?' + obj.query if obj.query else ''}"

    def feed_guid(self, obj: Scope) -> str:
        about = f"sections/{obj.section.slug}" if obj.section else obj.kind.plural if obj.kind else "all"
        guid = f"{settings.SITE_URL}/feeds/{about}/{self.subject.lower().replace(' ', '-')}"
        return f"{guid}?{obj.query}" if obj.query else guid

    def author_name(self) -> str:
        return f"{settings.SITE_NAME} contributors"

    def items(self, obj: Scope) -> Iterable[Revision]:
        rows: QuerySet[Revision] = Revision.objects.filter(action__in=self.actions).latest_first().defer("snapshot")
        if obj.filterset:
            rows = revisions_of(obj.filterset, rows)
        if obj.section and obj.kind:
            rows = rows.filter(entry_id__in=obj.kind.model.objects.filter(section=obj.section).values("pk"))
        return rows[:MAX_ITEMS]

    def item_title(self, item: Revision) -> str:
        return f"{item.name} {item.get_action_display()}"

    def item_description(self, item: Revision) -> str:
        kind = KINDS[item.kind]
        fields = ", ".join(kind.label_of(key).lower() for key in readable_changes(item) if key != "sources")
        changed = f"Changed: {fields}." if fields and item.action == RevisionAction.EDIT else ""
        approvers = " and ".join(filter(None, (item.seconder, item.approver)))
        who = f"Proposed by {item.contributor}" + (f", approved by {approvers}." if approvers else ".")
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


def filterset_of_feed(request: HttpRequest, kind: Kind | None) -> EntryFilterSet | None:
    """The filters of a feed: those of its kind's list. Raises BadQuery."""
    if kind is None:
        raise_if_errors({name: ["A feed of all kinds has no filters."] for name in without_ignored(request.GET)})
        return None
    return strict_filterset(kind, request.GET)
