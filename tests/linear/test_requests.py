"""No request takes a worker by how much it holds: many values of a query, many rows of a form, many lines of a body.

What is counted are queries, comparisons, encoded values and bytes, which no slow or busy machine changes.
"""

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.forms import payload_errors
from catalog.forms.fields import MAX_ITEMS, MAX_ROWS
from catalog.kinds import KINDS, Kind
from catalog.ledger.publishing import PayloadError, bound_form
from catalog.listing.fields import MAX_VALUES
from catalog.listing.filterset import filterset_class
from catalog.listing.suggestions import MAX_EXPLAINED
from submissions.forms import payload_from_post
from tests.examples import FULL
from tests.factories import make
from tests.people import admin, contributor, signed_in
from tests.submissions.api.conftest import API, by_token
from vlmportal.middleware import MAX_PARAMETERS

pytestmark = pytest.mark.django_db

MANY = 20_000
FEW = 25
"""More than a list has parameters that may be repeated, each of which may take queries of its own."""


@pytest.fixture
def one_of_each(surroundings: None) -> None:
    for name in KINDS:
        make(name, **FULL[name])


def queries_of(kind: Kind) -> dict[str, Callable[[int], list[tuple[str, str]]]]:
    """Queries of a number of values: of one parameter of the list, and of all of them."""
    names = [name for name, one in filterset_class(kind).base_filters.items() if one.field.many]
    return {
        **{name: partial(values_of, name) for name in names},
        "every parameter": lambda size: [(names[n % len(names)], f"value-{n}") for n in range(size)],
        "one value": lambda size: [(names[n % len(names)], "value") for n in range(size)],
        "numbers": lambda size: [(names[n % len(names)], str(1900 + n)) for n in range(size)],
    }


def values_of(name: str, size: int) -> list[tuple[str, str]]:
    return [(name, f"value-{number}") for number in range(size)]


@pytest.mark.parametrize("path", ["/{}/", "/feeds/{}/new.atom", "/export/{}.csv", "/api/v1/{}/"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_list_does_work_in_proportion_to_the_values_of_its_query(one_of_each: None, kind: Kind, path: str) -> None:
    address = path.format(kind.plural)
    wrong: dict[tuple[str, int], dict[str, int]] = {}
    for family, query_of in queries_of(kind).items():
        few = work_of(address, query_of(FEW))
        for size in (MAX_VALUES, MAX_PARAMETERS):
            many = work_of(address, query_of(size))
            bounds = {"queries": few["queries"], "encoded": size, "compared": MAX_EXPLAINED, "bytes": 1_000_000}
            if any(many[name] > bound for name, bound in bounds.items()):
                wrong[family, size] = many

    assert wrong == {}


def work_of(address: str, query: list[tuple[str, str]]) -> dict[str, int]:
    """What answering a request takes: queries, encoded values, compared values, bytes."""
    with (
        CaptureQueriesContext(connection) as queries,
        patch("catalog.web.lists.urlencode", wraps=urlencode) as encode,
        patch("catalog.listing.suggestions.get_close_matches", wraps=difflib.get_close_matches) as compare,
    ):
        response: Any = Client().get(address, query)
        content = b"".join(response.streaming_content) if response.streaming else response.content
    compared = sum(bool(call.args[1]) for call in compare.call_args_list)
    assert response.status_code in (200, 400)
    return {"queries": len(queries), "encoded": encode.call_count, "compared": compared, "bytes": len(content)}


LISTS = [
    (kind, key) for kind in KINDS.values() for key, field in kind.form.payload_fields().items() if field.empty() == []
]
ITEMS: dict[str, Callable[[int], Any]] = {
    "texts": lambda number: f"item {number}",
    "numbers": lambda number: number,
    "empty rows": lambda number: {},
    "rows of what there is not": lambda number: {"none": number},
}


@pytest.mark.parametrize("items", ITEMS)
@pytest.mark.parametrize(("kind", "key"), LISTS, ids=lambda value: getattr(value, "name", value))
def test_a_list_that_is_too_long_is_refused_before_it_is_read(
    kind: Kind, key: str, items: str, django_assert_max_num_queries: Any
) -> None:
    payload = {"name": "Vim", key: [ITEMS[items](number) for number in range(MANY)]}

    with (
        patch("catalog.forms.rows.payload_errors", wraps=payload_errors) as looked_at,
        django_assert_max_num_queries(3),
        pytest.raises(PayloadError) as refused,
    ):
        bound_form(kind, payload, kind.model())

    assert looked_at.call_count <= MAX_ROWS
    assert len(refused.value.errors[key]) <= MAX_ITEMS


def names_of_entries(kind: Kind, number: int) -> dict[str, str]:
    """A form with so many names of entries in each field with rows that refer to some."""
    cells = {
        key: [name for name, cell in getattr(field, "cells", {"slug": field}).items() if getattr(cell, "to", "")]
        for key, field in kind.form.payload_fields().items()
        if field.input == "rows"
    }
    return {
        f"{key}-{row}-{cell}": f"Name {row}" for key, names in cells.items() for cell in names for row in range(number)
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_names_in_a_form_are_looked_up_together(kind: Kind) -> None:
    counts = []
    for number in (1, 200):
        with CaptureQueriesContext(connection) as queries:
            payload_from_post(kind, names_of_entries(kind, number))
        counts.append(len(queries))

    assert counts[1] == counts[0] <= len(KINDS)


def test_names_are_replaced_together() -> None:
    makers = [make("dataset", name=f"Name {number}", slug=f"s{number}") for number in range(30)]
    data = names_of_entries(KINDS["paper"], 200)
    rows_field = type(KINDS["paper"].form.payload_fields()["training_datasets"])

    with patch.object(
        rows_field, "replace_references", autospec=True, side_effect=rows_field.replace_references
    ) as replace:
        payload = payload_from_post(KINDS["paper"], data)

    slugs = [row["dataset"] for row in payload["training_datasets"]]
    assert slugs == [entry.slug for entry in makers] + [f"Name {number}" for number in range(30, 200)]
    assert replace.call_count <= len(KINDS["paper"].form.payload_fields())


@pytest.mark.parametrize(
    "data", [{f"links-{n}-url": "https://a.example/" for n in range(2_001)}, {"aliases": "a\n" * 5_001}]
)
@pytest.mark.parametrize(
    "path", ["/contribute/papers/", "/contribute/papers/twins/", "{}edit/", "/admin/catalog/paper/{}/change/"]
)
def test_a_form_with_more_rows_than_can_be_shown_is_refused(path: str, data: dict[str, str]) -> None:
    entry = make("paper", name="CLIP")
    address = path.format(entry.pk if path.startswith("/admin/") else entry.get_absolute_url())

    with patch("submissions.forms.posted._with_slugs", side_effect=AssertionError):
        response = signed_in(admin()).post(address, data)

    assert response.status_code == 400


@pytest.mark.parametrize("line", [b"{}\n", b"1\r\n", b"x\n"])
def test_a_batch_with_too_many_lines_is_refused_before_one_is_read(line: bytes) -> None:
    with patch("submissions.api.batches.loads", side_effect=AssertionError):
        response = by_token(contributor()).post(f"{API}batch/", line * MANY, content_type="application/jsonl")

    assert (response.status_code, len(response.content) < 1_000) == (413, True)


def test_a_list_with_too_many_entries_is_not_compared_with_the_catalogue() -> None:
    text = "## Models\n" + "".join(f"- [VLM-{number}B](https://a.example/{number})\n" for number in range(2_001))

    with (
        patch("submissions.intake.batch.MAX_ENTRIES", 2_000),
        patch("submissions.intake.batch.compare_with_catalogue", side_effect=AssertionError),
    ):
        page = signed_in(contributor()).post("/contribute/batch/", {"text": text})
        answer = by_token(contributor()).post(f"{API}list/", {"text": text}, content_type="application/json")

    assert (page.status_code, answer.status_code) == (400, 422)
