"""How a share of a whole is printed: as a fraction, in percent, per mille."""

from decimal import Decimal

from django.db import models


class Scale(models.TextChoices):
    """How a value is printed, where that is not the unit of its metric."""

    FRACTION = "fraction", "A fraction, 0 to 1"
    PERCENT = "percent", "Percent"
    PER_MILLE = "per-mille", "Per mille"
    POINTS = "points", "Points"


POWERS: dict[str, int] = {Scale.FRACTION: 0, Scale.PERCENT: 2, Scale.PER_MILLE: 3}
"""The power of ten by which a fraction is multiplied."""
WHOLE = Decimal(1)


def shifted(number: Decimal, scale: str, unit: str) -> Decimal:
    """A number that was printed in `scale` in a unit, without rounding and with all its digits: 0.6690 is 66.90 %.

    The number itself if both are the same, or one of the two is no share of a whole.
    """
    if scale == unit or scale not in POWERS or unit not in POWERS:
        return number
    moved = number.scaleb(POWERS[unit] - POWERS[scale])
    return moved.quantize(WHOLE) if moved.as_tuple().exponent > 0 else moved  # type: ignore[operator] # finite


def scale_of_unit(unit: str) -> str:
    """The scale that a unit, as a benchmark names it, stands for; "" if it is no share."""
    return UNITS.get(unit.strip().casefold(), "")


UNITS = {
    "%": Scale.PERCENT.value,
    "percent": Scale.PERCENT.value,
    "fraction": Scale.FRACTION.value,
    "per mille": Scale.PER_MILLE.value,
    "‰": Scale.PER_MILLE.value,
}
