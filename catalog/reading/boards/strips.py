"""The strips of a board: the score, interval and rival claims of each row on one axis, in percent of its width."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalog.reading.charts import scales
from catalog.reading.charts.drawing import shape
from catalog.reading.charts.scales import Axis
from catalog.reading.results.boards import Row

RADIUS = 4
SHAPES = {weights: shape(0, 0, weights, RADIUS) for weights in ("open", "closed", "")}
"""The paths of the shapes around the origin, by weights."""


@dataclass(frozen=True, slots=True)
class StripTick:
    """A tick of the axis in the head of the column; `x` in percent."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A row's strip; `low` and `high` are None without an interval, `words` say it for those who do not see it."""

    x: float
    low: float | None
    high: float | None
    rivals: tuple[float, ...]
    d: str
    words: str


def strip_axis(rows: Iterable[Row], metric: str) -> Axis | None:
    """The axis that has the numbers, rivals and intervals of these rows; None without rows."""
    numbers: list[Decimal] = []
    for row in rows:
        numbers += [*(row.interval or ()), *row.cells[metric].spread]
    return scales.tight(numbers) if numbers else None


def strip_ticks(axis: Axis) -> tuple[StripTick, ...]:
    """The ticks of the head."""
    return tuple(StripTick(percent(axis, tick.at), tick.text) for tick in axis.ticks)


def strip(row: Row, axis: Axis, metric: str, weights: str) -> Strip:
    """The strip of a row by `metric`."""
    low, high = row.interval or (None, None)
    cell = row.cells[metric]
    numbers = dict.fromkeys(claim.number for claim in cell.claims if claim.number != row.claim.number)
    return Strip(
        x=percent(axis, row.claim.number),
        low=None if low is None else percent(axis, low),
        high=None if high is None else percent(axis, high),
        rivals=tuple(percent(axis, number) for number in numbers),
        d=SHAPES[weights],
        words="" if low is None or high is None else f"between {_like(low, row)} and {_like(high, row)}",
    )


def percent(axis: Axis, value: Decimal | float) -> float:
    """How far along an axis a value is, in percent."""
    return round(100 * axis.share(float(value)), 1)


def _like(number: Decimal, row: Row) -> str:
    """A number with as many decimals as the score of the row."""
    exponent = min(int(row.claim.number.as_tuple().exponent), 0)
    return f"{number.quantize(Decimal(1).scaleb(exponent)):f}"
