"""The list of a kind."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import select_template

from catalog.kinds import BY_PLURAL, Kind
from catalog.listing.fields import printable
from catalog.listing.groups import FacetGroup, FacetGroups, Option
from catalog.listing.paging import ListPaginator
from catalog.web.as_of import takes_as_of
from catalog.web.parameters import ListQuery, Notice, list_query

PAGE_SIZES = (25, 50, 100)
NOT_SHOWN = ("sort",)
"""The parameters of a filter set that are not shown as active filters."""
PAGING_LABELS = {"page": "Page", "size": "Rows"}


@dataclass(frozen=True)
class ListOption:
    """One of several ways to see the same list."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in use, and the URL of the list without it. One without a control of its own in the form needs a
    `hidden_input`, else submitting the form would drop it."""

    name: str
    label: str
    value: str
    text: str
    url: str
    hidden_input: bool = False


@takes_as_of
def entry_list(request: HttpRequest, plural: str) -> HttpResponse:
    """Show a page of the list of a kind, filtered and sorted by the query."""
    kind = BY_PLURAL[plural]
    query = list_query(kind, request.GET, counted=True)
    if query.filterset.is_valid() and query.filterset.followed:
        given = QueryDict(request.META.get("QUERY_STRING", ""))  # with as_of, which the view is not given
        present = with_present_slugs(given, query.filterset.followed)
        return redirect(f"{request.path}?{present.urlencode()}")
    facets = FacetGroups(query.filterset)
    paging, wrong = paging_of(query.params)
    size = page_size(paging)
    rows = query.filterset.queryset.none() if query.empty else query.filterset.qs
    paginator = ListPaginator(kind.model.for_rows(rows), size, known=0 if query.empty else facets.count)
    sort = query.filterset.values.get("sort") or next(iter(kind.orders))
    groups = facets.groups
    context = {
        "kind": kind,
        "page": paginator.get_page(paging.get("page")),
        "groups": groups,
        "uncounted": not facets.countable,
        "active_filters": active_filters(query, groups),
        "notices": [*query.notices, *wrong.values(), *unused_value_notices(kind, groups)],
        "sorts": [ListOption(key, order.label, key == sort) for key, order in kind.orders.items()],
        "sizes": [ListOption(str(number), str(number), number == size) for number in PAGE_SIZES],
        "usable": query_without(query.usable, *wrong),
        "empty": query.empty,
        "narrows": query.filterset.narrows,
        "hidden_inputs": kept_on_other_days(query, wrong),
        "row_template": row_template(kind),
    }
    return render(request, [f"kinds/{kind.name}/list.html", "catalog/list.html"], context)


def with_present_slugs(params: QueryDict, followed: Mapping[str, Mapping[str, str]]) -> QueryDict:
    """The query with the present slugs of entries that it names by former ones."""
    present = params.copy()
    for name, slugs in followed.items():
        present.setlist(name, list(dict.fromkeys(slugs.get(value, value) for value in params.getlist(name))))
    return present


def row_template(kind: Kind) -> Any:
    """The row template of the kind, else the generic one."""
    return select_template([f"kinds/{kind.name}/row.html", "catalog/row.html"])


def page_size(paging: Mapping[str, str]) -> int:
    """The number of rows of a page: the requested one, else the default."""
    return int(paging.get("size", PAGE_SIZES[0]))


def paging_of(params: QueryDict) -> tuple[dict[str, str], dict[str, Notice]]:
    """The valid paging parameters, and notices about the others, each by name."""
    usable, wrong = {}, {}
    for name, label in PAGING_LABELS.items():
        if texts := params.getlist(name):
            if error := paging_error(name, texts):
                wrong[name] = Notice(f"{label}: {error}")
            else:
                usable[name] = texts[0]
    return usable, wrong


def paging_error(name: str, texts: list[str]) -> str:
    """The error message for a paging parameter, or "" if it is valid."""
    text = texts[0]
    if len(texts) > 1:
        return f"Given {len(texts)} times; at most 1."
    if name == "size" and text not in map(str, PAGE_SIZES):
        return f"a page has {', '.join(map(str, PAGE_SIZES[:-1]))} or {PAGE_SIZES[-1]}."
    if name == "page" and not (text.isascii() and text.isdigit() and text.strip("0")):
        return f"“{printable(text)}” is not the number of a page."
    return ""


def query_without(params: QueryDict, *names: str) -> str:
    """The query string without some parameters; the page number is dropped as well."""
    rest = params.copy()
    for name in (*names, "page"):
        rest.pop(name, None)
    return rest.urlencode()


def kept_on_other_days(query: ListQuery, wrong: Collection[str]) -> list[tuple[str, str]]:
    """The parameters, as name and value, that are kept when another day is chosen: not malformed values. A value
    that no entry has today may have been in use then."""
    left_out = {"page", *wrong, *query.malformed}
    return [(name, value) for name in query.params if name not in left_out for value in query.params.getlist(name)]


def active_filters(query: ListQuery, groups: list[FacetGroup]) -> list[ActiveFilter]:
    """The filters in use, and those with errors. Each value is encoded once, whatever the number of URLs with it."""
    filterset = query.filterset
    encoded = {
        (name, value): urlencode({name: value})
        for name, values in query.params.lists()
        for value in values
        if name != "page"
    }

    def active(name: str, label: str, value: str, text: str, *, hidden_input: bool = False) -> ActiveFilter:
        rest = "&".join(part for pair, part in encoded.items() if pair != (name, value))
        return ActiveFilter(name, label, value, text, f"?{rest}", hidden_input)

    return [
        active(group.name, group.label, option.value, option.label) for group, option in selected_options(groups)
    ] + [
        active(name, filterset.filters[name].label, value, text, hidden_input=name not in filterset.errors)
        for name, value, text in other_values(query, groups)
    ]


def selected_options(groups: list[FacetGroup]) -> Iterator[tuple[FacetGroup, Option]]:
    """The selected facet values of the page."""
    for group in groups:
        yield from ((group, option) for option in [*group.options, *group.more] if option.selected)


def other_values(query: ListQuery, groups: list[FacetGroup]) -> Iterator[tuple[str, str, str]]:
    """The values in the query that no facet of the page shows, and those with errors: parameter, value and text."""
    filterset, shown = query.filterset, {group.name for group in groups}
    labels = {(one.facet, one.value): one.label for one in filterset.facet_sets}
    for name in query.params:
        if name not in filterset.filters or name in NOT_SHOWN or (name in shown and name not in filterset.errors):
            continue
        for value in dict.fromkeys(query.params.getlist(name)):
            yield name, value, labels.get((name, value), value[:80])


def unused_value_notices(kind: Kind, groups: list[FacetGroup]) -> Iterator[Notice]:
    """Notices of selected values that no entry of the kind has."""
    for group in groups:
        for option in group.options:
            if not option.known:
                yield Notice(f"{group.label}: no {kind.label.lower()} has “{option.label}”.")
