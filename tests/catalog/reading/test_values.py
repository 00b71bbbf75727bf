"""The names that entries have now, for payloads of any day."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.reading.values import names_for_payloads
from tests.factories import make_benchmark, make_paper, make_revision

pytestmark = pytest.mark.django_db
RESULT = KINDS["result"]


def test_names_are_those_of_now_also_where_the_payload_has_a_former_slug() -> None:
    make_revision("paper", entry=make_paper(name="One"), slug="two", name="Two")
    make_benchmark(name="MMMU")

    names = names_for_payloads(RESULT, {"paper": "one", "benchmark": "mmmu"})

    assert names == {("paper", "one"): "Two", ("paper", "two"): "Two", ("benchmark", "mmmu"): "MMMU"}


def test_slug_of_another_kind_and_slug_of_nobody_have_no_name() -> None:
    make_revision("paper", entry=make_paper(name="One"), slug="two")
    make_benchmark(name="MMMU")

    assert names_for_payloads(RESULT, {"paper": "mmmu", "benchmark": "one"}) == {}


@pytest.mark.parametrize("count", [1, 20])
def test_names_take_one_query_and_two_more_for_former_slugs(count: int) -> None:
    for number in range(count):
        make_revision("paper", entry=make_paper(name=f"Old {number}"), slug=f"new-{number}")
    payloads = [{"paper": f"{age}-{number}"} for number in range(count) for age in ("old", "new")]

    with CaptureQueriesContext(connection) as queries:
        names_for_payloads(RESULT, *payloads)

    assert len(queries) == 3
