"""The names that entries have now, for payloads of any day."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS, Kind
from catalog.ledger.history import FieldChange
from catalog.reading.values import names_for_payloads, one_line_change
from tests.factories import make_benchmark, make_paper, make_revision

pytestmark = pytest.mark.django_db
RESULT, PAPER = KINDS["result"], KINDS["paper"]


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


def changed(kind: Kind, field: str, before: object, after: object) -> tuple[str, str]:
    return one_line_change(kind, FieldChange(field, "", before, after))


def test_a_change_of_a_note_shows_the_note() -> None:
    before, after = ([{"field": "split", "reason": reason}] for reason in ("As usual.", "As in the paper."))
    assert changed(RESULT, "inferred", before, after) == ("Split (As usual.)", "Split (As in the paper.)")


def test_a_change_behind_the_end_of_the_line_shows_what_has_changed() -> None:
    aliases = [f"A rather long name of a model, number {number}" for number in range(9)]
    assert changed(PAPER, "aliases", aliases, [*aliases, "New"]) == ("", "New")


def test_a_long_text_is_shown_from_where_it_changes() -> None:
    start = "A sentence that is longer than a line is. " * 9
    assert changed(PAPER, "notes", f"{start}So far.", f"{start}So good.") == ("…far.", "…good.")


def test_a_change_that_a_line_shows_stays_as_it_is() -> None:
    assert changed(PAPER, "aliases", ["A", "B"], ["A", "C"]) == ("A, B", "A, C")
