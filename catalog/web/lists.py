"""The list of a kind, now and at a past moment."""

from collections.abc import Collection, Iterator, Mapping
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
from catalog.listing.fields import printable
from catalog.listing.groups import FacetGroup, FacetGroups
from catalog.listing.paging import ListPaginator
from catalog.models import Revision
from catalog.web.parameters import PAGING, ListQuery, Notice, list_query

PAGE_SIZES = (25, 50, 100)
PARAMETERS = (*PAGING, "after")
PLAIN = ("sort", "as_of")
"""The parameters of a filter set that are not shown as chips."""
PAGING_LABELS = {"page": "Page", "size": "Rows", "after": "After"}


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
    paging, wrong = paging_of(asked.params)
    size = page_size(paging)
    rows = asked.filterset.queryset.none() if asked.empty else asked.filterset.qs
    paginator = ListPaginator(kind.model.for_rows(rows), size, known=0 if asked.empty else facets.count)
    sort = asked.filterset.values.get("sort") or next(iter(kind.orders))
    groups = facets.groups
    context = {
        "kind": kind,
        "page": paginator.get_page(paging.get("page")),
        "groups": groups,
        "uncounted": not facets.countable,
        "chips": [*chips(groups, asked.params), *other_chips(asked, groups)],
        "notices": [*asked.notices, *wrong.values(), *unused(kind, groups)],
        "sorts": [ListOption(key, order.label, key == sort) for key, order in kind.orders.items()],
        "sizes": [ListOption(str(number), str(number), number == size) for number in PAGE_SIZES],
        "query": without(asked.params),
        "usable": without(asked.usable, *wrong),
        "empty": asked.empty,
        "narrows": asked.filterset.narrows,
        "kept": kept_on_other_days(asked, wrong),
        "row_template": row_template(kind),
    }
    return render(request, [f"kinds/{kind.name}/list.html", "catalog/list.html"], context)


def past_list(request: HttpRequest, asked: ListQuery, moment: datetime) -> HttpResponse:
    """The list at a past moment, in the order of the addresses; the present list where the moment is not past."""
    kind = asked.kind
    if moment >= timezone.now():
        rest = without(asked.params, "as_of")
        return redirect(f"{reverse('catalog:list', args=[kind.plural])}{'?' + rest if rest else ''}")
    paging, wrong = paging_of(asked.params)
    size, after = page_size(paging), paging.get("after", "").replace("\0", "")
    found: list[Revision] = []
    following = None
    if not asked.empty:
        found, following = past.page(asked.filterset, moment, after=after, size=size, fetch=without_snapshots)
    context = {
        "kind": kind,
        "moment": moment,
        "rows": found,
        "next": following,
        "after": after,
        "chips": list(other_chips(asked, [])),
        "notices": [*asked.notices, *wrong.values()],
        "query": without(asked.params),
        "usable": without(asked.usable, *wrong),
        "empty": asked.empty,
        "kept": kept_on_other_days(asked, wrong),
        "now": f"?{without(asked.params, 'as_of')}",
    }
    return render(request, "catalog/past-list.html", context)


def without_snapshots(rows: Any) -> list[Revision]:
    """Revisions without their payloads."""
    return list(rows.defer("snapshot"))


def row_template(kind: Kind) -> Any:
    """The template of a row of the kind, else the one that serves any."""
    return select_template([f"kinds/{kind.name}/row.html", "catalog/row.html"])


def page_size(paging: Mapping[str, str]) -> int:
    """The number of rows of a page; the first of those offered where none is asked for."""
    return int(paging.get("size", PAGE_SIZES[0]))


def paging_of(params: QueryDict) -> tuple[dict[str, str], dict[str, Notice]]:
    """Those parameters of a page that can be used, and what is wrong with the others, each by name."""
    usable, wrong = {}, {}
    for name, label in PAGING_LABELS.items():
        if texts := params.getlist(name):
            if trouble := paging_trouble(name, texts, past="as_of" in params):
                wrong[name] = Notice(f"{label}: {trouble}")
            else:
                usable[name] = texts[0]
    return usable, wrong


def paging_trouble(name: str, texts: list[str], *, past: bool) -> str:
    """Why a parameter of a page cannot be used; "" where it can."""
    text = texts[0]
    if len(texts) > 1:
        return f"Given {len(texts)} times; at most 1."
    if name == "size" and text not in map(str, PAGE_SIZES):
        return f"a page has {', '.join(map(str, PAGE_SIZES[:-1]))} or {PAGE_SIZES[-1]}."
    if name == "page" and past:
        return "the list of a past day has no numbers; “after” continues it."
    if name == "page" and not (text.isascii() and text.isdigit() and text.strip("0")):
        return f"“{printable(text)}” is not the number of a page."
    if name == "after" and not past:
        return "only the list of a past day is continued by “after”; it takes “as_of”."
    return ""


def without(params: QueryDict, *names: str, value: str | None = None) -> str:
    """The query without some parameters, or without one value of them; pages start again."""
    rest = params.copy()
    for name in names:
        values = [other for other in rest.getlist(name) if value is not None and other != value]
        rest.setlist(name, values) if values else rest.pop(name, None)
    for name in ("page", "after"):
        rest.pop(name, None)
    return rest.urlencode()


def kept_on_other_days(asked: ListQuery, wrong: Collection[str]) -> list[tuple[str, str]]:
    """The parameters that stay when another day is chosen, name and value: not the order, which a past list lacks, nor
    what no day could use. Values that nothing has today may have been in use."""
    left_out = {"as_of", "sort", "page", "after", *wrong, *asked.malformed}
    return [(name, value) for name in asked.params if name not in left_out for value in asked.params.getlist(name)]


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
