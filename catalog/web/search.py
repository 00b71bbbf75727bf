"""The search page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.kinds import BY_PLURAL, KINDS
from catalog.listing.fields import OneOfField, WholeNumberField
from catalog.listing.filterset import QueryForm
from catalog.reading.boards.standings import with_standings
from catalog.reading.search import SearchPage, suggest
from catalog.reading.search import search as find
from catalog.web.as_of import takes_as_of
from catalog.web.history import number_or_default
from catalog.web.parameters import PAGING, form_notices, without_ignored

EXAMPLES = ("Qwen2.5 VL", "siglip so400m", "docvqa", "2304.08485", "withdrawn dataset")
MAX_QUERY_LENGTH = 400


class SearchForm(QueryForm):
    """The filters of the search page."""

    kind = OneOfField(label="Kind", options=BY_PLURAL)
    year = WholeNumberField(label="Year", limits=(1900, 2100))


def feed_query(query: str, page: SearchPage, plural: str, year: int | None) -> str:
    """The query of the feed of a search; "" if it has none, because so much matches that it could miss entries."""
    given = {"kind": plural, "q": query, "year": year}
    return urlencode({name: value for name, value in given.items() if value}) if query and not page.more else ""


@takes_as_of
def search(request: HttpRequest) -> HttpResponse:
    """Search all kinds; ?kind= and ?year= narrow it."""
    query = request.GET.get("q", "").replace("\0", "")[:MAX_QUERY_LENGTH].strip()
    form = SearchForm(without_ignored(request.GET))
    page = SearchPage(query)
    valid = form.is_valid()
    kind, year = BY_PLURAL.get(form.cleaned_data.get("kind", "")), form.cleaned_data.get("year")
    if valid:
        number = number_or_default(request.GET.get("page"), 1)
        page = with_standings(find(query, kind=kind.name if kind else None, year=year, page=number))
    context = {
        "query": query,
        "notices": form_notices(form, request.GET, also=("q", *PAGING)),
        "suggestions": suggest(query) if query and valid and not page.hits else [],
        "page": page,
        "kind": kind,
        "year": year,
        "counts": [(KINDS[name], count) for name, count in page.kinds],
        "base": urlencode({"q": query}),
        "feed_query": feed_query(query, page, kind.plural if kind else "", year) if valid else "",
        "examples": EXAMPLES,
        "numbers": range(1, page.pages + 1),
    }
    return render(request, "catalog/search.html", context)
