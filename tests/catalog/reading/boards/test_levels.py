"""Rows that are level: their intervals overlap that of the first of them, or their numbers are the same."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.reading.boards.levels import Span, spans
from catalog.reading.results.claims import Metric
from tests.catalog.reading.boards.boards import ERROR, claim, many, ranked


def test_rows_are_level_with_the_first_whose_interval_theirs_overlap() -> None:
    board = ranked(*(claim(name, number, items=900) for name, number in (("a", "85"), ("b", "83"), ("c", "60"))))
    assert spans(board) == [Span(0, 2, level=True), Span(2, 3, level=False)]


def test_rows_that_are_level_with_none_are_together() -> None:
    board = ranked(
        *(claim(name, number) for name, number in (("a", "9"), ("b", "8"), ("c", "7"), ("d", "7.0"), ("e", "1")))
    )
    assert spans(board) == [Span(0, 2, level=False), Span(2, 4, level=True), Span(4, 5, level=False)]


def test_intervals_count_as_well_where_lower_is_better() -> None:
    claims = [
        claim(name, number, metric="WER", error=Decimal("0.5")) for name, number in (("a", "3"), ("b", "4"), ("c", "9"))
    ]
    assert spans(ranked(*claims, metric=ERROR)) == [Span(0, 2, level=True), Span(2, 3, level=False)]


def test_without_places_nothing_is_level() -> None:
    board = ranked(claim("a", "5"), claim("b", "5"), metric=Metric(name="accuracy"))
    assert spans(board) == [Span(0, 2, level=False)]


def test_an_empty_board_has_none() -> None:
    assert spans(ranked()) == []


@given(st.integers(0, 60), st.sampled_from([None, 30, 900, 100_000]))
def test_each_row_is_in_one_span(count: int, items: int | None) -> None:
    found = spans(ranked(*many(count, items=items)))
    assert [n for span in found for n in range(span.start, span.end)] == list(range(count))
