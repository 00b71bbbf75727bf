"""Whatever stands in the query of a list, the answer is a page."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.views.lists import SIZES
from tests.catalog.test_publishing import FULL, surroundings
from tests.factories import make

__all__ = ["surroundings"]

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
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
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
