"""The search page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, KINDS
from catalog.reading.search import search as find
from catalog.reading.search import suggest
from catalog.web.histories import picked

EXAMPLES = ("Qwen2.5 VL", "siglip so400m", "docvqa", "2304.08485", "withdrawn dataset")


def search(request: HttpRequest) -> HttpResponse:
    """What a visitor's words find in all kinds; ?kind= and ?year= narrow it."""
    query = request.GET.get("q", "").replace("\0", "")[:400].strip()
    kind = BY_PLURAL.get(request.GET.get("kind", ""))
    year = picked(request.GET.get("year"), 0) or None
    page = find(query, kind=kind.name if kind else None, year=year, page=picked(request.GET.get("page"), 1))
    context = {
        "query": query,
        "suggestions": suggest(query) if query and not page.hits else [],
        "page": page,
        "kind": kind,
        "year": year,
        "counts": [(KINDS[name], count) for name, count in page.kinds],
        "base": urlencode({"q": query}),
        "examples": EXAMPLES,
        "numbers": range(1, page.pages + 1),
    }
    return render(request, "catalog/search.html", context)
