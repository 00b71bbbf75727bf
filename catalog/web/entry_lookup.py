"""Look up an entry by its URL, and redirect or answer 410 when it has moved or was retired."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve, reverse

from catalog.kinds import Kind
from catalog.ledger.former_slugs import present_slug
from catalog.models import Entry, Revision, RevisionAction
from catalog.web.errors import NoSuchEntry

P = ParamSpec("P")


class EntryMoved(Exception):
    """The entry has another slug now."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        super().__init__(slug)


class EntryRetired(Exception):
    """The entry was retired by `revision`."""

    def __init__(self, kind: Kind, revision: Revision) -> None:
        self.kind, self.revision = kind, revision
        super().__init__(str(revision))


def entry_of(kind: Kind, slug: str) -> Entry:
    """The entry with a slug. Raises EntryMoved, EntryRetired, or NoSuchEntry (a 404 that suggests others)."""
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
    """Decorate a view of an entry: redirect permanently if the entry moved, answer 410 if it was retired."""

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
    """The 410 page: who retired the entry, when and why."""
    return render(request, "410.html", {"kind": kind, "revision": revision}, status=410)


def _redirect(request: Any, slug: str) -> HttpResponse:
    """Redirect to the same page under the entry's present slug."""
    match = resolve(request.path_info)
    url = reverse(match.view_name, kwargs={**match.kwargs, "slug": slug})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
