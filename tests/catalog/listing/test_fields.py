"""One way to write a value: what a parameter reads, and what it refuses."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from catalog.listing.fields import DecimalField, MomentField, WholeNumberField

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-27", datetime(2026, 11, 27, 23, 59, 59, 999999, UTC)),
        ("9999-12-31", END_OF_TIME),
        ("2026-11-27T12:30Z", datetime(2026, 11, 27, 12, 30, tzinfo=UTC)),
        ("2026-11-27 12:30:15Z", datetime(2026, 11, 27, 12, 30, 15, tzinfo=UTC)),
        ("2026-11-27T12:30:15.25+02:00", datetime(2026, 11, 27, 10, 30, 15, 250000, UTC)),
        ("2026-11-27T12:30:15 02:00", datetime(2026, 11, 27, 10, 30, 15, tzinfo=UTC)),
    ],
)
def test_a_day_or_a_time_with_its_zone_is_a_moment(text: str, moment: datetime) -> None:
    assert MomentField(end_of_day=True).clean([text]) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("2026-W48-5", "2026W485", "20261127", "2026-1-31", "2026-11", "2026-02-30", "0000-01-01"),
        *("２０２６-11-27", "2026-11-2٧", "2026-11-27\n", " 2026-11-27"),
        *("2026-11-27T12:30", "20261127T123000Z", "2026-W48-5T12:30Z", "2026-11-27T123000Z", "2026-11-27x12:30Z"),
        *("2026-11-27T12Z", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-11-27T12:30:00+25:00"),
    ],
)
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(ValidationError, match="is neither a day"):
        MomentField().clean([text])


@pytest.mark.parametrize("text", ["1_0", "\xa01", "1 ", "٣", "１", "", "+1", "1.", ".", "NaN", "Infinity", "1e", "0x1"])
def test_numbers_are_written_in_plain_digits(text: str) -> None:
    with pytest.raises(ValidationError, match="is not a number from 0 to 100"):
        DecimalField(limits=(0, 100)).clean([text])
    with pytest.raises(ValidationError, match="is not a whole number from 0 to 100"):
        WholeNumberField(limits=(0, 100)).clean([text])


@pytest.mark.parametrize("text", ["0", "-0.5", "13", "0.50", ".5", "1e1", "1E-05"])
def test_a_decimal_number_may_have_a_sign_a_point_and_an_exponent(text: str) -> None:
    assert DecimalField(limits=(-1, 100)).clean([text]) == Decimal(text)
