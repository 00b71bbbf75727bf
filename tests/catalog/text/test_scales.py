"""Shares of a whole are moved between fractions, percent and per mille by their decimal point alone."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text.scales import POWERS, scale_of_unit, shifted


@pytest.mark.parametrize(
    ("printed", "scale", "unit", "shown"),
    [
        ("0.6690", "fraction", "percent", "66.90"),
        ("66.9", "percent", "fraction", "0.669"),
        ("669", "per-mille", "percent", "66.9"),
        ("0.71", "fraction", "percent", "71"),
        ("66.9", "percent", "percent", "66.9"),
        ("1204", "points", "percent", "1204"),
        ("64.5", "", "percent", "64.5"),
        ("0.645", "fraction", "", "0.645"),
    ],
)
def test_a_number_keeps_its_digits(printed: str, scale: str, unit: str, shown: str) -> None:
    assert f"{shifted(Decimal(printed), scale, unit):f}" == shown


@given(st.decimals(-1000, 1000, places=6), st.sampled_from(sorted(POWERS)), st.sampled_from(sorted(POWERS)))
def test_there_and_back_is_the_same(number: Decimal, scale: str, unit: str) -> None:
    assert shifted(shifted(number, scale, unit), unit, scale) == number


@pytest.mark.parametrize(("unit", "scale"), [("%", "percent"), ("Percent ", "percent"), ("points", ""), ("", "")])
def test_units_that_are_shares_are_known(unit: str, scale: str) -> None:
    assert scale_of_unit(unit) == scale
