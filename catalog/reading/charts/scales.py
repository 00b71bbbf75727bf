"""Axes with round ticks: of numbers, of days and, logarithmic, of sizes."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from catalog.text.dates import first_day

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120)
DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at a value of its axis, with its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The stretch from `low` to `high`, which is longer than 0, and its ticks. Numbers as they are, days as ordinals,
    sizes as logarithms to base 10."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def share(self, value: float) -> float:
        """How far along the axis a value is, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def linear(values: Iterable[Decimal], most: int = 7) -> Axis:
    """The axis of numbers between ticks, of which there are at most `most` + 1, at multiples of 1, 2 or 5 times a power
    of ten."""
    values = list(values)
    smallest, largest = min(values), max(values)
    step = _round_step((largest - smallest or abs(largest) / 10 or Decimal(1)) / (most - 1))
    first = int((smallest / step).to_integral_value(ROUND_FLOOR))
    last = int((largest / step).to_integral_value(ROUND_CEILING))
    if first == last:
        first, last = first - 1, last + 1
    ticks = tuple(Tick(float(n * step), f"{n * step:,f}") for n in range(first, last + 1))
    return Axis(ticks[0].at, ticks[-1].at, ticks)


def tight(values: Iterable[Decimal], most: int = 5) -> Axis:
    """The axis from the smallest to the largest number, with the ticks of `linear` that are between them; if they are
    the same, that of `linear`."""
    values = list(values)
    axis, low, high = linear(values, most), float(min(values)), float(max(values))
    return Axis(low, high, tuple(tick for tick in axis.ticks if low <= tick.at <= high)) if low < high else axis


def _round_step(least: Decimal) -> Decimal:
    """The smallest of 1, 2 and 5 times a power of ten that is not below `least`."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(n * power for n in (1, 2, 5, 10) if n * power >= least).normalize()


def days(values: Iterable[date], most: int = 7) -> Axis:
    """The axis of days, with at most `most` ticks, at the beginning of years, halves, quarters or months. A stretch of
    less than two months is extended to whole months."""
    values = list(values)
    earliest, latest = min(values), max(values)
    first, last = earliest.toordinal(), latest.toordinal()
    room = max(1, round((last - first) * 0.02))
    low, high = first - room, last + room
    if high - low < 2 * DAYS_A_MONTH:
        low = earliest.replace(day=1).toordinal()
        high = _month_start(_month_number(latest) + 1).toordinal()
    months = (high - low) / DAYS_A_MONTH
    step = next((step for step in MONTH_STEPS if months / step <= most - 1), math.ceil(months / 12 / (most - 1)) * 12)
    ticks = tuple(
        Tick(day.toordinal(), _month_text(day, step))
        for day in _starts(date.fromordinal(low), step)
        if low <= day.toordinal() <= high
    )
    return Axis(low, high, ticks[:most])


def _starts(day: date, step: int) -> Iterator[date]:
    """The beginnings of stretches of `step` months, from the one that has this day."""
    number = _month_number(day) // step * step
    for n in range(number, number + 16 * step, step):
        yield _month_start(n)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _month_text(day: date, step: int) -> str:
    return str(day.year) if step >= 12 else month_text(day)


def month_text(day: date) -> str:
    """The month of a day: "Nov 2025"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def month(partial: str) -> str:
    """The month of a partial date, "Nov 2025"; what has none as it is."""
    day = first_day(partial)
    return month_text(day) if day and "-" in partial else partial


def logarithmic(values: Iterable[int]) -> Axis:
    """The axis of sizes, which are 1 or more, between ticks: at 1, 2 and 5 times powers of ten, at 1 and 3 times if
    they span more than one power, at powers alone if more than four."""
    values = list(values)
    smallest, largest = min(values), max(values)
    powers = range(len(str(smallest)) - 1, len(str(largest)) + 1)
    factors = (1, 2, 5) if largest <= 10 * smallest else (1, 3) if largest <= 10_000 * smallest else (1,)
    sizes = [factor * 10**power for power in powers for factor in factors]
    low = max(size for size in sizes if size <= smallest)
    high = min(size for size in sizes if size >= largest and size > low)
    ticks = tuple(Tick(math.log10(size), size_text(size)) for size in sizes if low <= size <= high)
    return Axis(ticks[0].at, ticks[-1].at, ticks)


def size_text(number: int) -> str:
    """A number of parameters: 7000000000 as "7B", 7616000000 as "7.6B", 86000000 as "86M"."""
    for unit, letter in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k")):
        if number >= unit:
            digits = round(number / unit, 1)
            return f"{digits:.0f}{letter}" if digits >= 100 or digits.is_integer() else f"{digits}{letter}"
    return str(number)
