"""Whatever stands in the query of a list, the answer is a page."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.web.lists import SIZES
from tests.examples import FULL
from tests.factories import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_of_each(surroundings: None) -> None:
    for name in KINDS:
        make(name, **FULL[name])


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "0", "-1", "1", "2024", "9" * 40, "\0", "'", '"', "%", "decoder-only", "video", "25", "name"]),
)


def queries(kind: Any) -> st.SearchStrategy[list[tuple[str, str]]]:
    names = [*(facet.name for facet in kind.facets), "sort", "size", "page", "odd"]
    return st.lists(st.tuples(st.sampled_from(names), TEXTS), max_size=6)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(data=st.data())
def test_any_query_gives_a_page_and_its_export(one_of_each: None, kind: Any, data: st.DataObject) -> None:
    pairs = data.draw(queries(kind))
    query = urlencode([(name, value.encode("utf-8", "ignore")) for name, value in pairs])
    client = Client()

    response = client.get(f"/{kind.plural}/?{query}")

    assert response.status_code == 200
    page = response.context["page"]
    assert 1 <= page.number <= page.paginator.num_pages
    assert page.paginator.per_page in SIZES
    exported: Any = client.get(f"/export/{kind.plural}.jsonl?{query}")
    assert len(b"".join(exported.streaming_content).splitlines()) == page.paginator.count


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_facet_counts_is_what_it_shows(one_of_each: None, client: Client, kind: Any) -> None:
    for group in client.get(f"/{kind.plural}/").context["groups"]:
        for option in [*group.options, *group.more]:
            shown = client.get(f"/{kind.plural}/", {group.name: option.value}).context["page"].paginator.count
            assert (group.name, option.value, shown) == (group.name, option.value, option.count)


@pytest.fixture
def several(one_of_each: None) -> None:
    for name in KINDS:
        plain = {"paper": "older", "benchmark": "mmmu", "metric": "CIDEr", "value": "1"} if name == "result" else {}
        for number in range(6):
            fields = {**(FULL[name] if number % 2 else plain), "name": f"Other {number}", "year": 2020 + number // 2}
            make(name, **fields)


def values_of(kind: Any, entry: Any) -> dict[str, set[str]]:
    return {facet.name: {value for value, _ in facet.values(entry)} for facet in kind.facets}


def matching(entries: dict[str, dict[str, set[str]]], chosen: dict[str, set[str]]) -> set[str]:
    """The slugs that have one of the chosen values of every facet in use."""
    return {slug for slug, has in entries.items() if all(has[name] & values for name, values in chosen.items())}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(data=st.data())
def test_a_list_holds_what_its_facets_say_on_all_its_pages_together(
    several: None, monkeypatch: pytest.MonkeyPatch, kind: Any, data: st.DataObject
) -> None:
    monkeypatch.setattr("catalog.web.lists.SIZES", (3, 5))
    entries = {entry.slug: values_of(kind, entry) for entry in kind.model.objects.with_references()}
    offered = [
        (facet.name, value)
        for facet in kind.facets
        for value in [*sorted({value for has in entries.values() for value in has[facet.name]}), "no-such-value"]
    ]
    picked = data.draw(st.lists(st.sampled_from(offered), max_size=4))
    chosen: dict[str, set[str]] = {}
    for name, value in picked:
        chosen.setdefault(name, set()).add(value)
    query = [*picked, ("sort", data.draw(st.sampled_from([*kind.orders, "odd"]))), ("size", "5")]

    def page(number: int) -> Any:
        return Client().get(f"/{kind.plural}/?{urlencode([*query, ('page', number)])}").context

    first = page(1)
    shown = [entry.slug for number in first["page"].paginator.page_range for entry in page(number)["page"]]

    assert sorted(shown) == sorted(matching(entries, chosen))
    for group in first["groups"]:
        others = {name: values for name, values in chosen.items() if name != group.name}
        for option in [*group.options, *group.more]:
            assert option.count == len(matching(entries, {**others, group.name: {option.value}}))
            assert option.selected == (option.value in chosen.get(group.name, set()))


BYTES = st.lists(
    st.one_of(
        st.binary(max_size=8).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
        st.sampled_from(
            ["year=", "page=", "size=", "sort=", "q=", "kind=", "as_of=", "from=", "&", "=", "%", "+", "%00"]
        ),
    ),
    max_size=12,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(query=BYTES, path=st.sampled_from(["/papers/", "/results/", "/topics/", "/search/", "/changes/", "/"]))
def test_no_bytes_in_a_query_are_an_error(one_of_each: None, query: str, path: str) -> None:
    assert Client().get(f"{path}?{query}").status_code == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(query=BYTES, path=st.sampled_from(["", "history/", "history/1/", "history/compare/", "blame/"]))
def test_no_bytes_break_an_entry(one_of_each: None, query: str, path: str) -> None:
    assert Client().get(f"/papers/older/{path}?{query}").status_code in (200, 302, 400, 404)
