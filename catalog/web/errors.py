"""The page for status 404."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404

from catalog.kinds import Kind
from catalog.reading import search


class NoSuchEntry(Http404):
    """No entry has, or ever had, this slug."""

    def __init__(self, kind: Kind, slug: str) -> None:
        self.kind, self.slug = kind, slug
        super().__init__(f"There is no {kind.label.lower()} at “{slug}”.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, with entries of a similar name if an entry was requested."""
    context: dict[str, Any] = {}
    if isinstance(exception, NoSuchEntry):
        name = exception.slug.replace("-", " ")
        context = {"kind": exception.kind, "name": name, "suggestions": search.suggest(name, exception.kind.name)}
    elif not isinstance(exception, Resolver404):
        context = {"message": str(exception)}
    return render(request, "404.html", context, status=404)
