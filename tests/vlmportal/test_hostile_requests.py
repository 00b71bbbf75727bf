"""No address of the site fails, whatever is in its path, its query or what it is sent: every URL pattern is requested
with numbers that no column holds, texts that no parser expects, and cursors of impossible moments."""

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from catalog.api.paging import encode
from catalog.kinds import KINDS, Kind
from catalog.listing.filterset import filterset_class
from submissions.models import Batch
from tests.examples import FULL
from tests.factories import make, make_paper, make_result, make_revision, make_topic
from tests.people import admin, propose, signed_in

pytestmark = pytest.mark.django_db

NUMBERS = [str(2**31), str(2**63), str(10**30)]
TEXTS = ["\0", "\ufffe", "%zz" * 100]
MOMENTS = ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "9999-12-31", "0001-01-01", "99999-01-01"]
WRONG_VALUES: list[Any] = [2**31, 2**62, 2**63, -(2**63), 1e308, None, True, [], {}]
POSITIONS: list[list[Any]] = [
    *([moment, "clip"] for moment in MOMENTS),
    *([value, "clip"] for value in WRONG_VALUES),
    *([2024, text] for text in ("\0", "\ufffe", 5)),
    *([number] for number in (0, 2**31, 2**62, 2**63, -1, "x", MOMENTS[0])),
]
NO_CURSORS = ["x", "=", "e30", "W10", "bnVsbA", "NQ", "é", "WyJuYW1lIl0", "/w", "_w"]
CURSORS = [
    *(("changes/", "since", encode("changes", position)) for position in POSITIONS),
    *(("papers/clip/revisions/", "cursor", encode("revisions", position)) for position in POSITIONS),
    *(("proposals/", "cursor", encode("proposals", position)) for position in POSITIONS),
    *(
        (f"papers/?sort={sort}", "cursor", encode(sort, position))
        for sort in KINDS["paper"].orders
        for position in POSITIONS
    ),
    *((path, "cursor", text) for path in ("papers/", "papers/clip/revisions/", "proposals/") for text in NO_CURSORS),
]
PAGE_PARAMETERS = [
    *("page", "size", "q", "kind", "year", "sort", "action", "from", "to", "as_of", "add", "next", "process", "code"),
    *(
        "state",
        "error",
        "benchmark",
        "paper",
        "topic",
        "section",
        "entry",
        "batch",
        "field",
        "name",
        "account",
        "since",
    ),
    *("held", "_changelist_filters", "text", "link", "arxiv_id", "term", "app_label", "model_name", "field_name", "p"),
]
API_PARAMETERS = ["cursor", "since", "page_size", "as_of", "q", "year", "author", "batch"]
LOOKUPS = ["id__in", "id__exact", "id__gt", "id__range", "pk__in", "p", "o", "q", "_to_field"]
MORE_LOOKUPS = {
    "catalog/revision": ["at__year", "at__month", "at__day", "number__in", "entry_id__range", "at__gt"],
    "catalog/paper": ["year__in", "year__range", "revision__in", "updated__year"],
    "submissions/proposal": ["author", "batch", "age", "author__id__in", "submitted_at__year"],
    "accounts/user": ["date_joined__year", "groups__id__exact"],
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of 404s are not logged."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def client() -> Client:
    """An administrator's browser that shows a failure as a 500."""
    browser = signed_in(admin())
    browser.raise_request_exception = False
    return browser


@pytest.fixture
def known(db: None) -> dict[str, str]:
    """Valid values of path parameters: each pattern is reached with those beside the hostile one."""
    paper = make_paper(name="CLIP", authors=["A"], year=2021)
    make_revision("paper", entry=paper, year=2022, source="https://example.org/")
    make_result(paper="clip")
    make_topic(name="Video")
    proposal = propose(name="New")
    Batch.objects.create(author=proposal.author, name="Batch")
    return {
        **dict.fromkeys(("pk", "number", "revision_id", "object_id", "content_type_id"), "1"),
        "plural": "papers",
        "kind_name": "paper",
        "slug": "clip",
        "extension": "json",
        "section": "papers",
        "verb": "approve",
        "username": "ada",
        "token": "x",
        "name": "organisations",
        "app_label": "catalog",
        "url": "x",
        "key": "x",
        "uidb36": "1",
        "type": "totp",
    }


def routes(patterns: list[Any] | None = None, before: str = "", names: frozenset[str] = frozenset()) -> Iterator[Any]:
    """The routes of the site as texts, such as "papers/<slug:slug>/", each with the names of its parameters."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        route, more = before + str(pattern.pattern), names | set(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route, more)
        elif isinstance(pattern, URLPattern):
            yield route, sorted(more)


def path_of(route: str, values: dict[str, str]) -> str:
    """The path of a route with these values in place of its parameters."""
    path, rest = "", route
    while "<" in rest:
        fixed, _, rest = rest.partition("<")
        parameter, _, rest = rest.partition(">")
        path += fixed + quote(values.get(parameter.rpartition(":")[2], "x"), safe="", errors="surrogatepass")
    return f"/{path}{rest}"


ROUTES = sorted(dict.fromkeys((route, tuple(names)) for route, names in routes()))
ROUTES_WITH_PARAMETERS = [(route, names) for route, names in ROUTES if names]


def failures(client: Client, requests: Iterator[tuple[str, dict[str, str]]], method: str = "get") -> list[Any]:
    """The requests, as path and query or form, that failed."""
    failed = []
    for url, data in requests:
        fields = {name: text.encode("utf-8", "replace").decode() for name, text in data.items()}
        path, _, query = url.partition("?")
        response = getattr(client, method)(path, {**fields, **dict(parse_qsl(query))})
        if response.streaming:
            b"".join(response.streaming_content)
        if response.status_code >= 500:
            failed.append((response.status_code, path[:200], {k: v[:60] for k, v in fields.items()}))
    return failed


def test_the_walk_reaches_the_site() -> None:
    walked = {route for route, _ in ROUTES}

    assert {"papers/", "api/v1/changes/", "submissions/<id:pk>/", "admin/catalog/paper/"} & walked == {
        "api/v1/changes/",
        "submissions/<id:pk>/",
        "admin/catalog/paper/",
    }
    assert len(ROUTES) > 200


@pytest.mark.parametrize(
    ("method", "values"), [("get", [*NUMBERS, *TEXTS]), ("post", [str(2**63), "\0"])], ids=["get", "post"]
)
def test_no_value_in_a_path_fails(client: Client, known: dict[str, str], method: str, values: list[str]) -> None:
    nothing: dict[str, str] = {}
    requests = (
        (path_of(route, {**known, name: value}), nothing)
        for route, names in ROUTES_WITH_PARAMETERS
        for name in names
        for value in values
    )

    assert failures(client, requests, method) == []


def test_no_value_in_a_query_fails_a_page(client: Client, known: dict[str, str]) -> None:
    requests = (
        (path_of(route, known), dict.fromkeys(PAGE_PARAMETERS, value))
        for route, _ in ROUTES
        if not route.startswith(("admin/", "api/"))
        for value in (str(2**63), "\0", "\ufffe", *MOMENTS[:2])
    )

    assert failures(client, requests) == []


@pytest.mark.django_db(transaction=True)  # a query that PostgreSQL refuses ends the transaction
def test_no_lookup_fails_a_list_of_the_admin(client: Client, known: dict[str, str]) -> None:
    """Every model's own list, and the lookups of dates and numbers where a model has them."""
    tables = [model._meta.label_lower.replace(".", "/") for model in site._registry]
    requests = (
        (f"/admin/{table}/", {name: value})
        for table in tables
        for name in (*LOOKUPS, *MORE_LOOKUPS.get(table, []))
        for value in (str(2**63), f"1,{2**63}", "9999999", "\0")
    )

    assert failures(client, requests) == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_value_of_a_filter_fails_a_list(client: Client, known: dict[str, str], kind: Any) -> None:
    requests = (
        (path, {name: value})
        for path in (f"/{kind.plural}/", f"/api/v1/{kind.plural}/")
        for name in filterset_class(kind).base_filters
        for value in (str(2**63), "\ufffe", MOMENTS[0])
    )

    assert failures(client, requests) == []


def test_no_value_in_a_query_fails_the_api(client: Client, known: dict[str, str]) -> None:
    requests = (
        (path_of(route, known), {name: value})
        for route, _ in ROUTES
        if route.startswith("api/") and "<id:pk>" not in route
        for name in API_PARAMETERS
        for value in (str(2**63), "\0")
    )

    assert failures(client, requests) == []


@pytest.mark.parametrize("text", ["a\0b", "X" * 51_000], ids=["nul", "long"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_text_in_a_form_fails(client: Client, surroundings: None, kind: Kind, text: str) -> None:
    entry = make(kind.name, **FULL[kind.name])
    names = [name for key in kind.form.payload_keys() for name in posted_names(kind, key)]
    references = [name for key in kind.form.reference_keys() for name in posted_names(kind, key)]
    fields = dict.fromkeys(references if len(text) > 10 else names, text)
    new, page = f"/contribute/{kind.plural}/", f"/{kind.plural}/{entry.slug}/"
    forms = [new, f"{new}twins/", f"{page}edit/", f"/admin/catalog/{kind.name}/{entry.pk}/change/"]
    posts = [(path, {**fields, "source": "The report", "submit": "1"}) for path in forms]
    posts += [(f"{page}retire/", {"into": text, "action": "merge", "comment": "It is the same."})]

    assert failures(client, iter(posts), "post") == []
    assert failures(client, iter([(new, fields)])) == []


@pytest.mark.parametrize("text", ["\0", "10.1234/a\0b", "https://doi.org/10.1234/a%00b", "10.1234/a%2500b"], ids=ascii)
def test_no_pasted_text_fails(client: Client, text: str) -> None:
    lines = [text, f"2024 | Title | {text} | Description", f"@article{{a, title={{A}}, doi={{{text}}}}}"]
    batch = {"name": "A list", "source": "The list", "chosen": "1", "take": "0", "submit": "1"}
    requests = [("/contribute/paste/", {"text": line}) for line in lines]
    requests += [("/contribute/batch/", {"text": line, **more}) for line in lines for more in ({}, batch)]

    assert failures(client, iter(requests), "post") == []


@pytest.mark.parametrize(
    "text", ["a " * 5_000, "x" * 60_000, "\0", "a\0 b"], ids=["words", "long", "nul", "nul within"]
)
def test_no_search_fails_a_list_of_the_admin(client: Client, known: dict[str, str], text: str) -> None:
    requests = [(f"/admin/{model._meta.label_lower.replace('.', '/')}/", {"q": text}) for model in site._registry]

    assert failures(client, iter(requests)) == []


def posted_names(kind: Kind, key: str) -> list[str]:
    """The names under which a form posts a value of a field, or of each cell of its first row."""
    field = kind.form.payload_fields()[key]
    cells = getattr(field, "cells", ["slug"] if field.input == "rows" else [])
    return [f"{key}-0-{cell}" for cell in cells] or [key]


def test_no_cursor_fails_a_list(client: Client, known: dict[str, str]) -> None:
    requests = ((f"/api/v1/{path}", {name: cursor}) for path, name, cursor in CURSORS)

    assert failures(client, requests) == []
