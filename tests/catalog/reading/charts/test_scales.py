"""Axes: round ticks that enclose what is drawn."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reading.charts.scales import Axis, days, linear, logarithmic, size_text, tight

NUMBERS = st.lists(st.decimals(-10_000, 10_000, places=4), min_size=1, max_size=30)


def texts(axis: Axis) -> list[str]:
    return [tick.text for tick in axis.ticks]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("26.8", "85.4"), ["20", "30", "40", "50", "60", "70", "80", "90"]),
        (("0.61", "0.66"), ["0.61", "0.62", "0.63", "0.64", "0.65", "0.66"]),
        (("1200", "1900"), ["1,200", "1,400", "1,600", "1,800", "2,000"]),
        (("50", "50"), ["49", "50", "51"]),
        (("0", "0"), ["-0.2", "0.0", "0.2"]),
    ],
)
def test_numbers_have_round_ticks(numbers: tuple[str, str], expected: list[str]) -> None:
    assert texts(linear(map(Decimal, numbers))) == expected


@given(NUMBERS)
def test_numbers_lie_between_the_first_and_the_last_of_a_few_ticks(numbers: list[Decimal]) -> None:
    axis = linear(numbers)

    assert all(-1e-9 <= axis.share(float(number)) <= 1 + 1e-9 for number in numbers)
    assert 2 <= len(axis.ticks) <= 8
    assert axis.ticks[0].at == axis.low
    assert axis.ticks[-1].at == axis.high


@given(NUMBERS)
def test_a_tight_axis_ends_at_the_numbers_and_its_ticks_are_within(numbers: list[Decimal]) -> None:
    axis = tight(numbers)

    if min(numbers) < max(numbers):
        assert (axis.low, axis.high) == (float(min(numbers)), float(max(numbers)))
    assert all(axis.low <= tick.at <= axis.high for tick in axis.ticks)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2019, 3, 1), date(2025, 11, 1), ["2020", "2022", "2024"]),
        (date(2023, 11, 27), date(2025, 11, 20), ["Jan 2024", "Jul 2024", "Jan 2025", "Jul 2025"]),
        (date(2024, 1, 5), date(2024, 5, 20), ["Feb 2024", "Mar 2024", "Apr 2024", "May 2024"]),
        (date(2024, 2, 3), date(2024, 2, 3), ["Feb 2024", "Mar 2024"]),
        (date(2024, 11, 3), date(2024, 12, 30), ["Nov 2024", "Dec 2024", "Jan 2025"]),
    ],
)
def test_days_have_ticks_at_beginnings(first: date, last: date, expected: list[str]) -> None:
    assert texts(days([last, first])) == expected


@given(st.lists(st.dates(date(1990, 1, 1), date(2090, 1, 1)), min_size=1, max_size=10))
def test_days_lie_on_their_axis_with_one_to_seven_ticks(dates: list[date]) -> None:
    axis = days(dates)

    assert all(0 <= axis.share(day.toordinal()) <= 1 for day in dates)
    assert all(0 <= axis.share(tick.at) <= 1 for tick in axis.ticks)
    assert 1 <= len(axis.ticks) <= 7


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((1_000_000_000, 288_000_000_000), ["1B", "3B", "10B", "30B", "100B", "300B"]),
        ((7_000_000_000, 8_000_000_000), ["5B", "10B"]),
        ((2_000_000, 11_000_000), ["2M", "5M", "10M", "20M"]),
        ((86_000_000, 1_500_000_000_000), ["10M", "100M", "1B", "10B", "100B", "1T", "10T"]),
        ((10_000, 10_000), ["10k", "20k"]),
    ],
)
def test_sizes_have_ticks_on_a_logarithmic_axis(sizes: tuple[int, int], expected: list[str]) -> None:
    assert texts(logarithmic(sizes)) == expected


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7_000_000_000, "7B"),
        (7_616_000_000, "7.6B"),
        (86_000_000, "86M"),
        (428_400_000, "428M"),
        (1_040_000_000_000, "1T"),
        (900, "900"),
    ],
)
def test_a_number_of_parameters_is_short(number: int, text: str) -> None:
    assert size_text(number) == text
