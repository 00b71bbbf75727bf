"""URLs of the API for what a page shows."""

from django import template
from django.http import QueryDict
from django.urls import reverse

from catalog.kinds import Kind
from catalog.listing.filterset import filterset_class

register = template.Library()


@register.simple_tag
def api_list_url(kind: Kind, query: str) -> str:
    """Return the URL of a kind's list in the API, filtered and sorted like the page with this query."""
    page_query, api_query = QueryDict(query), QueryDict(mutable=True)
    for name in filterset_class(kind).base_filters:
        if name != "sort" and (values := [value for value in page_query.getlist(name) if value]):
            api_query.setlist(name, values)
    sort = page_query.get("sort", "")
    if "as_of" not in api_query:
        api_query["sort"] = sort if sort in kind.orders else next(iter(kind.orders))
    if page_query.get("size"):
        api_query["page_size"] = page_query["size"]
    return f"{reverse(f'{kind.plural}-list')}?{api_query.urlencode()}"


@register.simple_tag
def api_entry_url(kind: Kind, slug: str) -> str:
    """Return the URL of an entry in the API."""
    return reverse(f"{kind.plural}-detail", args=[slug])


@register.simple_tag
def api_search_url(query: str, kind: Kind | None, year: int | None) -> str:
    """Return the URL of a search in the API."""
    api_query = QueryDict(mutable=True)
    api_query["q"] = query
    if kind:
        api_query["kind"] = kind.name
    if year:
        api_query["year"] = str(year)
    return f"{reverse('api-search')}?{api_query.urlencode()}"
