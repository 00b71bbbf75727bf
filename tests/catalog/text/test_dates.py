"""Partial dates: days that exist, have come, and lie in order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text.dates import date_error, in_order, surely_not_after

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize("partial", ["2026", "2026-11", "2026-11-28", "2026-11-29", "2024-02-29", "1999-12-31"])
def test_a_day_that_has_come_somewhere_is_accepted(partial: str) -> None:
    assert date_error(partial, TODAY) == ""


@pytest.mark.parametrize(
    ("partial", "error"),
    [
        ("2023-02-29", "There is no day 2023-02-29."),
        ("2023-04-31", "There is no day 2023-04-31."),
        ("2023-04-00", "There is no day 2023-04-00."),
        ("2023-13", "There is no month 2023-13."),
        ("2023-00", "There is no month 2023-00."),
        ("2026-11-30", "2026-11-30 has not come yet."),
        ("2026-12", "2026-12 has not come yet."),
        ("2027", "2027 has not come yet."),
    ],
)
def test_a_day_that_does_not_exist_or_has_not_come_is_refused(partial: str, error: str) -> None:
    assert date_error(partial, TODAY) == error


@given(
    st.dates(date(1900, 1, 1), TODAY), st.integers(0, 20_000), st.sampled_from((4, 7, 10)), st.sampled_from((4, 7, 10))
)
def test_an_earlier_day_is_in_order_however_much_of_it_is_known(day: date, days: int, first: int, second: int) -> None:
    later = day + timedelta(days=days)

    assert in_order(day.isoformat()[:first], later.isoformat()[:second])


@pytest.mark.parametrize(
    ("first", "second"), [("2024", "2023"), ("2024-03", "2024-02-28"), ("2024-03-02", "2024-03-01")]
)
def test_a_later_day_is_not(first: str, second: str) -> None:
    assert not in_order(first, second)


@pytest.mark.parametrize(
    ("first", "second", "surely"),
    [
        ("2025-03-12", "2025-03-12", True),
        ("2025-03-12", "2025-03-13", True),
        ("2025-03-13", "2025-03-12", False),
        ("2025-03", "2025-04-01", True),
        ("2024", "2025-01", True),
        ("2025-03", "2025-03", False),
        ("2025", "2025-03-12", False),
        ("2025-03-12", "2025", False),
        ("", "2025", False),
    ],
)
def test_a_day_is_surely_not_after_another_if_what_is_not_known_cannot_matter(
    first: str, second: str, surely: bool
) -> None:
    assert surely_not_after(first, second) is surely
