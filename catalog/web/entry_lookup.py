"""Finding an entry by its address, and what to answer where it is not there any more."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve, reverse

from catalog.kinds import Kind
from catalog.ledger.former_slugs import present_slug
from catalog.models import Entry, Revision, RevisionAction
from catalog.web.errors import NoSuchEntry

P = ParamSpec("P")


class EntryMoved(Exception):
    """The entry is at another address now."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)


class EntryRetired(Exception):
    """The entry left the catalogue; `revision` is its last."""

    def __init__(self, kind: Kind, revision: Revision) -> None:
        self.kind, self.revision = kind, revision
        super().__init__(str(revision))


def entry_of(kind: Kind, slug: str) -> Entry:
    """The entry at an address. Raises EntryMoved, EntryRetired, or NoSuchEntry (a 404 that suggests others) where there
    never was one."""
    if entry := kind.model.objects.select_related("section").filter(slug=slug).first():
        found: Entry = entry
        return found
    if moved := present_slug(kind, slug):
        raise EntryMoved(moved)
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is not None and last.action == RevisionAction.RETIRE:
        raise EntryRetired(kind, last)
    raise NoSuchEntry(kind, slug)


def entry_view(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """A view of an entry that need not be there: it redirects for good where the entry moved, and answers 410 with the
    reason where it was retired."""

    @wraps(view)
    def inner(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except EntryMoved as moved:
            return _redirect(args[0], moved.slug)
        except EntryRetired as retired:
            return retired_page(args[0], retired.kind, retired.revision)

    return inner


def retired_page(request: Any, kind: Kind, revision: Revision) -> HttpResponse:
    """410: who took the entry out, when and why."""
    return render(request, "410.html", {"kind": kind, "revision": revision}, status=410)


def _redirect(request: Any, slug: str) -> HttpResponse:
    """To the same page of the entry's present address."""
    asked: HttpRequest = request
    match = resolve(asked.path_info)
    url = reverse(match.view_name, kwargs={**match.kwargs, "slug": slug})
    query = asked.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
