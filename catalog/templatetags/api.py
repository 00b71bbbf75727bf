"""The address of what a page shows in the API."""

from django import template
from django.http import QueryDict
from django.urls import reverse

from catalog.kinds import Kind
from catalog.listing.filterset import filterset_class

register = template.Library()


@register.simple_tag
def api_list_url(kind: Kind, query: str) -> str:
    """The list of a kind in the API, narrowed and sorted as the query of its page says."""
    given, asked = QueryDict(query), QueryDict(mutable=True)
    for name in filterset_class(kind).base_filters:
        if name != "sort" and (values := [value for value in given.getlist(name) if value]):
            asked.setlist(name, values)
    sort = given.get("sort", "")
    if "as_of" not in asked:
        asked["sort"] = sort if sort in kind.orders else next(iter(kind.orders))
    if given.get("size"):
        asked["page_size"] = given["size"]
    return f"{reverse(f'{kind.plural}-list')}?{asked.urlencode()}"


@register.simple_tag
def api_entry_url(kind: Kind, slug: str) -> str:
    """An entry in the API."""
    return reverse(f"{kind.plural}-detail", args=[slug])


@register.simple_tag
def api_search_url(query: str, kind: Kind | None, year: int | None) -> str:
    """A search in the API."""
    asked = QueryDict(mutable=True)
    asked["q"] = query
    if kind:
        asked["kind"] = kind.name
    if year:
        asked["year"] = str(year)
    return f"{reverse('api-search')}?{asked.urlencode()}"
