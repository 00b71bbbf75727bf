"""Atom feeds of new entries and of changes: of all, of a section, or of a kind with the filters of its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from catalog.exchange.brief import brief
from catalog.kinds import BY_PLURAL, KINDS, Kind
from catalog.ledger.payloads import as_object, payload_of, readable_changes
from catalog.listing.changes import revisions_of
from catalog.listing.filterset import EntryFilterSet
from catalog.models import Revision, RevisionAction, Section
from catalog.web.atom import AtomFeed, tag
from catalog.web.feed_pages import BEFORE, FeedPage, page_of, split_query
from catalog.web.parameters import BadQuery, bad_query, raise_if_errors, strict_filterset

SUMMARY_LENGTH = 300


@dataclass(frozen=True)
class Source:
    """What a feed covers.

    `about` is the end of its title, after "New entries" or "Changes"; `name` makes its id; `url` is the page of the
    site that shows the same; `rows` are its revisions; `query` is what narrows them, encoded in a fixed order.
    """

    about: str
    name: str
    url: str
    rows: QuerySet[Revision]
    query: str = ""


@dataclass(frozen=True)
class Scope:
    """A page of a feed, and the address of the feed without its query."""

    source: Source
    path: str
    page: FeedPage

    def address(self, before: int | None) -> str:
        """The absolute address of the page before a change; of the first page without one."""
        page = f"{BEFORE}={before}" if before else ""
        query = "&".join(filter(None, [self.source.query, page]))
        return f"{settings.SITE_URL}{self.path}{'?' + query if query else ''}"

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the pages beside this one, by their relation; "" where there is none."""
        page = self.page
        return {
            "first": self.address(None) if page.before or page.older else "",
            "previous": self.address(page.newer) if page.before else "",
            "next": self.address(page.older) if page.older else "",
        }


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
        query, before = split_query(request.GET)
        source = self.source(query, **kwargs)
        return Scope(source, request.path, page_of(source.rows.filter(action__in=self.actions), before))

    def source(self, query: QueryDict, **kwargs: Any) -> Source:
        """What the feed of a URL covers. Raises Http404 and BadQuery."""
        if plural := kwargs.get("plural"):
            return _of_kind(BY_PLURAL[plural], query)
        if slug := kwargs.get("section"):
            return _of_section(slug, query)
        refuse_parameters(query, "A feed of all kinds has no filters.")
        return Source("", "all", reverse("catalog:changes"), Revision.objects.all())

    def title(self, obj: Scope) -> str:
        return " ".join(filter(None, [f"{settings.SITE_NAME}: {self.subject}", obj.source.about]))

    def link(self, obj: Scope) -> str:
        return f"{settings.SITE_URL}{obj.source.url}"

    def feed_url(self, obj: Scope) -> str:
        return obj.address(obj.page.before)

    def feed_guid(self, obj: Scope) -> str:
        name = f"feeds/{obj.source.name}/{self.subject.lower().replace(' ', '-')}"
        return tag(f"{name}?{obj.source.query}" if obj.source.query else name)

    def feed_extra_kwargs(self, obj: Scope) -> dict[str, str]:
        return obj.links

    def author_name(self) -> str:
        return f"{settings.SITE_NAME} contributors"

    def items(self, obj: Scope) -> Sequence[Revision]:
        return obj.page.items

    def item_title(self, item: Revision) -> str:
        return f"{item.name} {item.get_action_display()}"

    def item_description(self, item: Revision) -> str:
        return f"{what_it_is(item)} {what_was_done(item)}"

    def item_link(self, item: Revision) -> str:
        path = reverse("catalog:revision", args=[KINDS[item.kind].plural, item.slug, item.number])
        return f"{settings.SITE_URL}{path}"

    def item_guid(self, item: Revision) -> str:
        return tag(f"changes/{item.pk}")

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
        return f"{settings.SITE_URL}{reverse('catalog:detail', args=[KINDS[item.kind].plural, item.slug])}"


def _of_kind(kind: Kind, query: QueryDict) -> Source:
    filterset = strict_filterset(kind, query)
    used = _query_of(filterset)
    url = f"{reverse('catalog:list', args=[kind.plural])}{'?' + used if used else ''}"
    rows = revisions_of(filterset, Revision.objects.all())
    return Source(f"in {kind.label_plural}{_in_brackets(used)}", kind.plural, url, rows, used)


def _of_section(slug: str, query: QueryDict) -> Source:
    section = Section.objects.filter(slug=slug).first()
    if section is None:
        raise Http404(f"There is no section “{slug}”.")
    about, name, url = f"in {section}", f"sections/{slug}", reverse("catalog:changes")
    kind = KINDS.get(section.kind)
    if kind is None:
        refuse_parameters(query, "A feed of all kinds has no filters.")
        return Source(about, name, url, Revision.objects.all())
    filterset = strict_filterset(kind, query)
    used = _query_of(filterset)
    entries = kind.model.objects.filter(section=section).values("pk")
    rows = revisions_of(filterset, Revision.objects.all()).filter(entry_id__in=entries)
    return Source(f"{about}{_in_brackets(used)}", name, url, rows, used)


def _in_brackets(query: str) -> str:
    return f" ({query})" if query else ""


def _query_of(filterset: EntryFilterSet) -> str:
    """The filters in use as a query string, sorted by name."""
    names = sorted(filterset.values.keys() - {"sort"})
    return urlencode([(name, value) for name in names for value in sorted(filterset.data.getlist(name))])


def refuse_parameters(query: QueryDict, message: str) -> None:
    """Raise BadQuery if a feed that has no filters is given some."""
    raise_if_errors({name: [message] for name in query})


def what_it_is(revision: Revision) -> str:
    """A sentence or two on what the entry is, as of the revision."""
    return brief(KINDS[revision.kind], as_object(payload_of(revision)), SUMMARY_LENGTH).sentences


def what_was_done(revision: Revision) -> str:
    """What a revision changed, and who proposed and approved it."""
    kind = KINDS[revision.kind]
    fields = ", ".join(kind.label_of(key).lower() for key in readable_changes(revision) if key != "sources")
    changed = f"Changed: {fields}." if fields and revision.action == RevisionAction.EDIT else ""
    approvers = " and ".join(filter(None, (revision.seconder, revision.approver)))
    who = f"Proposed by {revision.contributor}" + (f", approved by {approvers}." if approvers else ".")
    return " ".join(filter(None, [revision.comment, changed, who]))
