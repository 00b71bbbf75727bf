"""The list of a kind, now and at a past moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone

from catalog.kinds import BY_PLURAL, Kind
from catalog.listing import past
from catalog.listing.groups import FacetGroup, FacetGroups
from catalog.listing.paging import ListPaginator
from catalog.models import Revision
from catalog.web.parameters import PAGING, ListQuery, Notice, list_query

PAGE_SIZES = (25, 50, 100)
PARAMETERS = (*PAGING, "after")
PLAIN = ("sort", "as_of")
"""The parameters of a filter set that are not shown as chips."""


@dataclass(frozen=True)
class ListOption:
    """One of several ways to see the same list."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class Chip:
    """A filter that is in use, and the address of the list without it. One that no facet of the page holds is `kept` by
    a hidden input of the form."""

    name: str
    label: str
    value: str
    text: str
    url: str
    kept: bool = False


def entry_list(request: HttpRequest, plural: str) -> HttpResponse:
    """A page of the list of a kind, narrowed and sorted as the query says; with ?as_of= as it was at a past moment."""
    kind = BY_PLURAL[plural]
    asked = list_query(kind, request.GET, also=PARAMETERS, counted=True)
    if asked.filterset.as_of:
        return past_list(request, asked, asked.filterset.as_of)
    facets = FacetGroups(asked.filterset)
    size = page_size(asked.params)
    rows = asked.filterset.queryset.none() if asked.empty else asked.filterset.qs
    paginator = ListPaginator(kind.model.for_rows(rows), size, known=0 if asked.empty else facets.count)
    sort = asked.filterset.values.get("sort") or next(iter(kind.orders))
    groups = facets.groups
    context = {
        "kind": kind,
        "page": paginator.get_page(asked.params.get("page")),
        "groups": groups,
        "uncounted": not facets.countable,
        "chips": [*chips(groups, asked.params), *other_chips(asked, groups)],
        "notices": [*asked.notices, *size_notices(asked.params), *unused(kind, groups)],
        "sorts": [ListOption(key, order.label, key == sort) for key, order in kind.orders.items()],
        "sizes": [ListOption(str(number), str(number), number == size) for number in PAGE_SIZES],
        "query": without(asked.params, "page", "after"),
        "row_template": row_template(kind),
    }
    return render(request, [f"kinds/{kind.name}/list.html", "catalog/list.html"], context)


def past_list(request: HttpRequest, asked: ListQuery, moment: datetime) -> HttpResponse:
    """The list at a past moment, in the order of the addresses; the present list where the moment is not past."""
    kind = asked.kind
    if moment >= timezone.now():
        rest = without(asked.params, "as_of", "page", "after")
        return redirect(f"{reverse('catalog:list', args=[kind.plural])}{'?' + rest if rest else ''}")
    size, after = page_size(asked.params), asked.params.get("after", "").replace("\0", "")
    found: list[Revision] = []
    following = None
    if not asked.empty:
        found, following = past.page(asked.filterset, moment, after=after, size=size, fetch=without_snapshots)
    query = without(asked.params, "page", "after")
    context = {
        "kind": kind,
        "moment": moment,
        "rows": found,
        "next": following,
        "after": after,
        "chips": list(other_chips(asked, [])),
        "notices": [*asked.notices, *size_notices(asked.params)],
        "query": query,
        "now": f"?{without(asked.params, 'as_of', 'page', 'after')}",
    }
    return render(request, "catalog/past-list.html", context)


def without_snapshots(rows: Any) -> list[Revision]:
    """Revisions without their payloads."""
    return list(rows.defer("snapshot"))


def row_template(kind: Kind) -> Any:
    """The template of a row of the kind, else the one that serves any."""
    return select_template([f"kinds/{kind.name}/row.html", "catalog/row.html"])


def page_size(params: QueryDict) -> int:
    """The number of rows of a page, if it is one of those offered, else the first of them."""
    wanted = params.get("size", "")
    return int(wanted) if wanted in map(str, PAGE_SIZES) else PAGE_SIZES[0]


def size_notices(params: QueryDict) -> list[Notice]:
    """That a number of rows is not offered."""
    if params.get("size", str(PAGE_SIZES[0])) in map(str, PAGE_SIZES):
        return []
    return [Notice(f"Rows: a page has {', '.join(map(str, PAGE_SIZES[:-1]))} or {PAGE_SIZES[-1]}.")]


def without(params: QueryDict, *names: str, value: str | None = None) -> str:
    """The query without some parameters, or without one value of them; pages start again."""
    rest = params.copy()
    for name in names:
        values = [other for other in rest.getlist(name) if value is not None and other != value]
        rest.setlist(name, values) if values else rest.pop(name, None)
    rest.pop("page", None)
    return rest.urlencode()


def chips(groups: list[FacetGroup], params: QueryDict) -> Iterator[Chip]:
    """The facets of the page that are in use."""
    for group in groups:
        for option in [*group.options, *group.more]:
            if option.selected:
                url = f"?{without(params, group.name, value=option.value)}"
                yield Chip(group.name, group.label, option.value, option.label, url)


def other_chips(asked: ListQuery, groups: list[FacetGroup]) -> Iterator[Chip]:
    """The filters in use that no facet of the page shows, and those that cannot be used."""
    filterset, shown = asked.filterset, {group.name for group in groups}
    labels = {(one.facet, one.value): one.label for one in filterset.facet_sets}
    for name in asked.params:
        if name not in filterset.filters or name in PLAIN or (name in shown and name not in filterset.errors):
            continue
        for value in asked.params.getlist(name):
            text = labels.get((name, value), value[:80])
            url = f"?{without(asked.params, name, value=value)}"
            yield Chip(name, filterset.filters[name].label, value, text, url, kept=name not in filterset.errors)


def unused(kind: Kind, groups: list[FacetGroup]) -> Iterator[Notice]:
    """That no entry of the kind has a value which it could have."""
    for group in groups:
        for option in group.options:
            if not option.known:
                yield Notice(f"{group.label}: no {kind.label.lower()} has “{option.label}”.")
