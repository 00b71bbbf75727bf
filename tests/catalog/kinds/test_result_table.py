"""Moderators see several proposed results as a table, beside what is on record."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds.result.table import UNREADABLE, State, Table
from tests.catalog.kinds.mmmu import CLAIM, make_mmmu
from tests.factories import make_benchmark, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def board() -> None:
    make_mmmu()


def table_of(*claims: dict[str, Any]) -> Table:
    return Table([({**CLAIM, "paper": "new", **claim}, "") for claim in claims])


def states(*claims: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row.state.value, row.reason) for row in table_of(*claims).rows]


def test_each_row_says_what_it_would_be_beside_the_record() -> None:
    make_result(**CLAIM, paper="new", variant="New-7B", value="54.1", source_url="https://new.example.org/")

    assert states(
        {"value": "54.1", "variant": "New-7B", "source_url": "https://other.example.org/"},
        {"value": "54.1", "variant": "New-7B", "metric": "Accuracy", "source_url": "https://new.example.org/"},
        {"value": "0.60", "scale": "fraction"},
        {"value": "", "paper": "m1"},
        {"value": "1", "paper": "nobody"},
        {"value": "50", "paper": "m1"},
    ) == [
        ("second source", ""),
        ("duplicate", "New-7B on MMMU: Accuracy says the same already, from the same source"),
        ("new", ""),
        ("unreadable", UNREADABLE),
        ("unreadable", UNREADABLE),
        ("rival", ""),
    ]


def test_rows_that_contradict_one_another_are_rivals() -> None:
    assert states({"value": "54.1"}, {"value": "54.2"}) == [
        ("rival", "row 2 of this table says 54.2"),
        ("rival", "row 1 of this table says 54.1"),
    ]


def test_a_value_out_of_bounds_cannot_be_approved() -> None:
    make_benchmark(name="Nest", metrics=[{"name": "hits", "unit": "percent", "minimum": "0", "maximum": "100"}])

    [row] = table_of({"benchmark": "nest", "metric": "hits", "split": "", "value": "600"}).rows

    assert (row.state, row.bounds) == (State.OUT_OF_BOUNDS, "0 to 100")
    assert row.reason.startswith("600, but hits lies between 0 and 100 percent")
    assert not row.state.can_be_approved


def test_a_claim_on_another_track_is_no_rival() -> None:
    make_result(**CLAIM, paper="new", value="20", harness="lmms-eval")

    assert states({"value": "54.1"}) == [("new", "")]


def test_a_row_says_what_is_on_record_and_on_the_board() -> None:
    rival = make_result(**CLAIM, paper="new", value="99", source_url="https://arxiv.org/abs/2401.00001")

    [row] = table_of({"value": "0.101", "scale": "fraction", "source_url": "https://new.example.org/x"}).rows

    assert ([claim.slug for claim in row.on_record], row.on_board, row.outside) == ([rival.slug], "50 to 99", True)
    assert (row.number, row.is_shifted, row.source, row.source_class) == (
        *(Decimal("10.1"), True),
        *("new.example.org", "class unknown"),
    )


def test_the_boards_are_those_with_what_is_taken() -> None:
    table = table_of({"value": "57.5"}, {"value": "99", "paper": "m3"}, {"value": "50.5", "split": ""})

    [board] = table.boards([0])
    assert (board.title, board.ranked) == ("MMMU, val, as reported", 11)
    assert [(row.place, row.model, row.is_proposed) if row else None for row in board.rows] == [
        None,
        ("2", "M8", False),
        ("3", "New", True),
        ("4", "M7", False),
    ]
    assert [one.reason for one in table.boards([2])] == ["no split is stated"]
    assert table.boards([]) == []


def test_an_edit_stands_in_place_of_its_entry() -> None:
    mine = make_result(**CLAIM, paper="new", value="99", verification="checked")
    table = Table([({**CLAIM, "paper": "new", "value": "54.5"}, mine.slug)])

    assert [row.state for row in table.rows] == [State.NEW]
    [board] = table.boards([0])
    assert [row.place for row in board.rows if row and row.is_proposed] == ["6"]


def test_a_hundred_rows_take_as_many_queries_as_one() -> None:
    counts = []
    for many in (1, 100):
        with CaptureQueriesContext(connection) as queries:
            table = table_of(*({"value": f"{at / 10}", "source_url": "https://e.org/"} for at in range(many)))
            assert len(table.rows) == many
            assert table.boards(range(many))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_damaged_values_are_told_and_break_nothing() -> None:
    assert states({"value": "much"}, {"value": None}, {"value": "NaN"}) == [("unreadable", UNREADABLE)] * 3
