"""The list of a kind."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import select_template

from catalog.kinds import BY_PLURAL, Kind
from catalog.listing.filters import Group, listing, sort_key
from catalog.listing.paging import ListPaginator

SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Choice:
    """One of several ways to see the same list."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address of the list without it."""

    label: str
    value: str
    url: str


def entry_list(request: HttpRequest, plural: str) -> HttpResponse:
    """A page of the list of a kind, narrowed and sorted as the query says."""
    kind = BY_PLURAL[plural]
    params = request.GET
    found = listing(kind, params)
    groups, size = found.groups, page_size(params)
    page = ListPaginator(kind.model.for_rows(found.qs), size, known=found.count).get_page(params.get("page"))
    context = {
        "kind": kind,
        "page": page,
        "groups": groups,
        "chips": chips(groups, params),
        "sorts": [
            Choice(key, order.label, key == sort_key(kind, params.get("sort"))) for key, order in kind.orders.items()
        ],
        "sizes": [Choice(str(number), str(number), number == size) for number in SIZES],
        "query": without(params, "page"),
        "unknown": [chip for group in groups for chip in unknown(group)],
        "row_template": row_template(kind),
    }
    return render(request, [f"kinds/{kind.name}/list.html", "catalog/list.html"], context)


def row_template(kind: Kind) -> Any:
    """The template of a row of the kind, else the one that serves any."""
    return select_template([f"kinds/{kind.name}/row.html", "catalog/row.html"])


def page_size(params: QueryDict) -> int:
    """The number of rows asked for, if it is one of those offered, else the first of them."""
    wanted = params.get("size", "")
    return int(wanted) if wanted in map(str, SIZES) else SIZES[0]


def without(params: QueryDict, name: str, value: str | None = None) -> str:
    """The query without a parameter, or without one value of it; pages start again."""
    rest = params.copy()
    values = [other for other in rest.getlist(name) if value is not None and other != value]
    rest.setlist(name, values) if values else rest.pop(name, None)
    rest.pop("page", None)
    return rest.urlencode()


def chips(groups: list[Group], params: QueryDict) -> list[Chip]:
    """The filters that are on."""
    return [
        Chip(group.label, option.label, f"?{without(params, group.name, option.value)}")
        for group in groups
        for option in [*group.options, *group.more]
        if option.selected
    ]


def unknown(group: Group) -> list[Chip]:
    """Chosen values that no entry of the kind has."""
    return [Chip(group.label, option.label, "") for option in group.options if not option.known]
