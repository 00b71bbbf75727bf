"""Look up an entry by its URL, and redirect or answer 410 when it has moved or was retired."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import resolve, reverse

from catalog.kinds import Kind
from catalog.ledger.former_slugs import present_slug
from catalog.ledger.permanent import LedgerEntry, entry_in_ledger
from catalog.models import Entry, Revision, RevisionAction
from catalog.models.database import is_open
from catalog.text.dates import moment_words
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
    if entry := kind.model.objects.select_related(*kind.model.joined).filter(slug=slug).first():
        found: Entry = entry
        return found
    if moved := present_slug(kind, slug):
        raise EntryMoved(moved)
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is not None and last.action == RevisionAction.RETIRE:
        raise EntryRetired(kind, last)
    if is_open():
        _check_later_slugs(kind, slug)
    raise NoSuchEntry(kind, slug)


def ledger_entry_of(kind: Kind, slug: str) -> LedgerEntry:
    """The entry whose history this address leads to for ever, live or not. Raises EntryMoved for a slug that the entry
    has given up, and NoSuchEntry."""
    entry = entry_in_ledger(kind, slug)
    if entry is None:
        raise NoSuchEntry(kind, slug)
    if entry.slug != slug:
        raise EntryMoved(entry.slug)
    return entry


def _check_later_slugs(kind: Kind, slug: str) -> None:
    """Raise EntryMoved if an entry got this slug after the past day, Http404 with its first day if it came later."""
    ledger = Revision.objects.using(DEFAULT_DB_ALIAS)
    entry_id = ledger.filter(kind=kind.name, slug=slug).values_list("entry_id", flat=True).first()
    if entry_id is None:
        return
    if then := Revision.objects.of(kind.name, entry_id).last():
        if then.slug != slug:
            raise EntryMoved(then.slug)
        return
    first = ledger.of(kind.name, entry_id)[0]
    raise Http404(f"{first.name} is in the catalogue since {moment_words(first.at)}, and was not on that day.")


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
