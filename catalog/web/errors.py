"""Pages for what is not there."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404

from catalog.kinds import Kind
from catalog.reading import search


class NoSuchEntry(Http404):
    """No entry has, or ever had, this address."""

    def __init__(self, kind: Kind, slug: str) -> None:
        self.kind, self.slug = kind, slug
        super().__init__(f"There is no {kind.label.lower()} at “{slug}”.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what was looked for in words, with entries of a similar name where it was an entry."""
    context: dict[str, Any] = {}
    if isinstance(exception, NoSuchEntry):
        wanted = exception.slug.replace("-", " ")
        context = {"kind": exception.kind, "wanted": wanted, "suggestions": search.suggest(wanted, exception.kind.name)}
    elif not isinstance(exception, Resolver404):
        context = {"told": str(exception)}
    return render(request, "404.html", context, status=404)
