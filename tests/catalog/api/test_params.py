"""Any query gives a page or a 400 that says what is wrong."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.api import params
from catalog.api.filtering import FilterBackend
from catalog.api.lists import EntryList, list_params
from catalog.api.problems import Problem
from catalog.kinds import KINDS
from tests.examples import FULL
from tests.factories import make

ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1",
            "2024",
            "9" * 40,
            "1e5",
            "NaN",
            "\0",
            "'",
            "%",
            "²",
            "٣",
            "2024-02-30",
            "2024-01-01T00:00Z",
        ]
    ),
)


@pytest.fixture
def one_of_each(surroundings: None) -> None:
    for name in KINDS:
        make(name, **FULL[name])


def queries(kind: Any) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Generate queries of list parameters with valid and odd values."""
    known = [*FilterBackend().get_schema_operation_parameters(EntryList(kind=kind)), *list_params(kind)]
    odd = st.tuples(st.sampled_from([*(param.name for param in known), "odd"]), ODD)
    fit = [(param.name, value) for param in known for value in param.schema.get("enum", [])]
    return st.lists(st.one_of(odd, st.sampled_from(fit)), max_size=4)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_query_is_answered_or_refused_by_name(one_of_each: None, kind: Any, data: st.DataObject) -> None:
    pairs = data.draw(queries(kind))
    query = urlencode([(name, value.encode("utf-8", "ignore")) for name, value in pairs])

    response = Client().get(f"/api/v1/{kind.plural}/?{query}")

    assert response.status_code in (200, 400)
    if response.status_code == 400:
        assert set(response.json()["errors"]) <= {name for name, _ in pairs}


NUMBER = params.integer("n", "", 1, 10)


@given(st.integers())
def test_a_number_is_read_where_it_lies_between_its_bounds(number: int) -> None:
    if 1 <= number <= 10:
        assert params.read([NUMBER], QueryDict(f"n={number}")) == {"n": number}
    else:
        with pytest.raises(Problem):
            params.read([NUMBER], QueryDict(f"n={number}"))


def test_all_errors_are_reported_at_once() -> None:
    with pytest.raises(Problem) as caught:
        params.read([NUMBER, params.text("q", "", required=True)], QueryDict("n=11&x=1"))

    assert caught.value.errors == {
        "x": ["There is no such parameter here. Allowed: n, q."],
        "n": ["“11” is not a whole number from 1 to 10."],
        "q": ["This parameter must be given."],
    }
