"""Pages for what is not there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from catalog import search
from catalog.kinds import Kind


class NoSuchEntry(Http404):
    """No entry has, or ever had, this address."""

    def __init__(self, kind: Kind, slug: str) -> None:
        self.kind, self.slug = kind, slug
        super().__init__(f"There is no {kind.label.lower()} at “{slug}”.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with entries of a similar name where an entry was looked for."""
    context = {}
    if isinstance(exception, NoSuchEntry):
        wanted = exception.slug.replace("-", " ")
        context = {"kind": exception.kind, "wanted": wanted, "suggestions": search.suggest(wanted, exception.kind.name)}
    return render(request, "404.html", context, status=404)
