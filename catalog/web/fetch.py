"""Finding an entry by its address, or what became of it."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import resolve, reverse

from catalog.kinds import Kind
from catalog.ledger.addresses import moved_to
from catalog.models import Action, Entry, Revision
from catalog.web.errors import NoSuchEntry


def fetch_entry(request: HttpRequest, kind: Kind, slug: str) -> Entry | HttpResponse:
    """The entry; else the reply to give: a permanent redirect where it moved, 410 with the reason where it was retired.

    Raises NoSuchEntry (a 404 that suggests others) where there never was one.
    """
    if entry := kind.model.objects.select_related("section").filter(slug=slug).first():
        found: Entry = entry
        return found
    if moved := moved_to(kind, slug):
        match = resolve(request.path_info)
        url = reverse(match.view_name, kwargs={**match.kwargs, "slug": moved})
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is not None and last.action == Action.RETIRE:
        return render(request, "410.html", {"kind": kind, "revision": last}, status=410)
    raise NoSuchEntry(kind, slug)
