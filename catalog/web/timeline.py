"""Models by date of release: one row a year, one scale for all, no label on top of another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from catalog.text.dates import first_day

WIDTH, LEFT, RIGHT = 1180, 64, 20
LANE, PADDING = 21, 15
LETTER_WIDTH = 6.4  # the average advance of an 11 px sans letter, in px
DAYS = 366


@dataclass(frozen=True)
class Dot:
    """A model: `x`, `y` in px of the drawing; the label stands right of the dot, or left of it near the edge."""

    name: str
    url: str
    released: str
    x: float
    y: float
    label_x: float
    anchor: str


@dataclass(frozen=True)
class Year:
    """A row of the drawing: its baseline and its dots."""

    year: int
    top: float
    height: float
    dots: list[Dot]

    @property
    def label_y(self) -> float:
        return self.top + PADDING + 4


@dataclass(frozen=True)
class Tick:
    """The start of a month."""

    name: str
    x: float


@dataclass(frozen=True)
class Timeline:
    """The drawing; sizes in px."""

    years: list[Year]
    ticks: list[Tick]
    width: int
    height: float


MONTHS = ("Jan", "Apr", "Jul", "Oct")
Model = tuple[str, str, str, date]
"""Name, URL, date of release as stated, and its first day."""


def timeline(models: Iterable[tuple[str, str, str]]) -> Timeline:
    """Lay out (name, url, released) triples; `released` is YYYY-MM or YYYY-MM-DD, a month stands for its first day.

    A model whose day does not exist, as older forms let through, is left out.
    """
    by_year: dict[int, list[Model]] = {}
    for name, url, released in models:
        if day := first_day(released):
            by_year.setdefault(day.year, []).append((name, url, released, day))
    years, top = [], 0.0
    for year in sorted(by_year, reverse=True):
        row = _year(year, top, sorted(by_year[year], key=lambda model: (model[2], model[0])))
        years.append(row)
        top += row.height
    ticks = [Tick(name, _x(date(2024, 3 * n + 1, 1))) for n, name in enumerate(MONTHS)]
    return Timeline(years, ticks, WIDTH, top + 24)


def _year(year: int, top: float, models: list[Model]) -> Year:
    lanes: list[float] = []
    dots = []
    for name, url, released, day in models:
        x = _x(day)
        width = len(name) * LETTER_WIDTH + 12
        flipped = x + width > WIDTH - RIGHT
        start, end = (x - width, x + 6) if flipped else (x - 6, x + width)
        lane = next((n for n, taken in enumerate(lanes) if taken <= start), len(lanes))
        lanes[lane : lane + 1] = [end + 10]
        y = top + PADDING + lane * LANE
        dots.append(Dot(name, url, released, x, y, x - 8 if flipped else x + 8, "end" if flipped else "start"))
    return Year(year, top, 2 * PADDING + (len(lanes) - 1) * LANE, dots)


def _x(day: date) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (day.timetuple().tm_yday - 1) / DAYS, 1)
