"""Two charts of the scores of a board: by date, and by number of parameters."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from catalog.reading.charts import scales
from catalog.reading.charts.drawing import Line, Marks, Place, Text, draw
from catalog.reading.charts.scales import Axis, month
from catalog.text.dates import first_day, partial_date

LEAST_POINTS = 3
MOST_POINTS = 200
WEIGHTS = ("open", "closed", "")


class Point(NamedTuple):
    """A score; a tuple, since there are thousands.

    `text` is the score as the page shows it, `weights` is "open", "closed" or "" for unknown, `reported` a partial date
    or "", `parameters` a number or None.
    """

    name: str
    value: Decimal
    text: str
    weights: str = ""
    reported: str = ""
    parameters: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A point in the table behind a chart; `best` says which lines it is on."""

    point: Point
    at: str
    weights: str
    best: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with its words: `column` is the head of what is across, `notes` say what is drawn and what is not."""

    name: str
    title: str
    description: str
    metric: str
    column: str
    notes: tuple[str, ...]
    lower: bool
    x_ticks: tuple[Text, ...]
    y_ticks: tuple[Text, ...]
    lines: tuple[Line, ...]
    marks: tuple[Marks, ...]
    labels: tuple[Text, ...]
    few_labels: tuple[Text, ...]
    rows: tuple[TableRow, ...]

    @property
    def weights(self) -> tuple[str, ...]:
        """The sorts of weights that occur, in the order of the key."""
        return tuple(sort for sort in WEIGHTS if any(group.weights == sort for group in self.marks))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Across:
    """What a chart has across: its words, and where on it a point is, None for nowhere."""

    name: str
    title: str
    column: str
    lacking: str
    at: Callable[[Point], float | None]
    text: Callable[[Point], str]
    short: Callable[[Point], str]
    axis: Callable[[Sequence[Point]], Axis]
    best: str
    best_open: str


def _day(point: Point) -> float | None:
    day = first_day(point.reported)
    return float(day.toordinal()) if day else None


def _size(point: Point) -> float | None:
    return math.log10(point.parameters) if point.parameters and point.parameters > 0 else None


TIME = _Across(
    name="over-time",
    title="Score over time",
    column="Reported",
    lacking="without a date",
    at=_day,
    text=lambda point: partial_date(point.reported),
    short=lambda point: month(point.reported),
    axis=lambda points: scales.days(filter(None, (first_day(point.reported) for point in points))),
    best="best so far",
    best_open="best so far with open weights",
)
SIZE = _Across(
    name="against-size",
    title="Score against size",
    column="Parameters",
    lacking="without a known number of parameters",
    at=_size,
    text=lambda point: scales.size_text(point.parameters or 0),
    short=lambda point: scales.size_text(point.parameters or 0),
    axis=lambda points: scales.logarithmic(point.parameters for point in points if point.parameters),
    best="best at this size or below",
    best_open="best at this size or below with open weights",
)


def over_time(points: Iterable[Point], metric: str, direction: str) -> Chart | None:
    """The chart of scores by the day they were reported; None if fewer than three have one. `direction` is "higher",
    "lower" or "" for unknown, and then there are no best ones."""
    return _chart(TIME, list(dict.fromkeys(points)), metric, direction)


def against_size(points: Iterable[Point], metric: str, direction: str) -> Chart | None:
    """The chart of scores by number of parameters, on a logarithmic axis; None if fewer than three have one."""
    return _chart(SIZE, list(dict.fromkeys(points)), metric, direction)


@dataclass(slots=True, eq=False)
class _Placed:
    """A point and where across it is. It is equal to itself only, so that thousands are looked up quickly; it is not
    frozen, so that they are made quickly."""

    point: Point
    at: float


def _chart(across: _Across, given: list[Point], metric: str, direction: str) -> Chart | None:
    placed = [_Placed(point, at) for point in given if (at := across.at(point)) is not None]
    if len(placed) < LEAST_POINTS:
        return None
    lines = _lines(across, placed, direction)
    on_lines = dict.fromkeys(one for _, _, line in lines for one in line)
    shown = _thinned(placed, on_lines)
    places = {one: _place(across, one, one in on_lines) for one in (*shown, *on_lines)}
    points = [one.point for one in placed]
    drawn = draw(
        x=across.axis(points),
        y=scales.linear(point.value for point in points),
        places=[places[one] for one in shown],
        lines=[(sort, text, [places[one] for one in line]) for sort, text, line in lines],
        lower=direction == "lower",
    )
    return Chart(
        name=across.name,
        title=across.title,
        description=_description(across, points, lines, metric, direction),
        metric=metric,
        column=across.column,
        notes=_notes(across, len(given), len(placed), len(shown)),
        lower=direction == "lower",
        x_ticks=drawn.x_ticks,
        y_ticks=drawn.y_ticks,
        lines=drawn.lines,
        marks=drawn.marks,
        labels=drawn.labels,
        few_labels=drawn.few_labels,
        rows=_rows(across, shown, lines),
    )


def _place(across: _Across, one: _Placed, on_line: bool) -> Place:
    point = one.point
    return Place(point.name, one.at, float(point.value), point.weights, _title(across, point), on_line)


_Line = tuple[str, str, list[_Placed]]
"""The sort of a line ("all" or "open"), its text, its points."""


def _lines(across: _Across, placed: list[_Placed], direction: str) -> list[_Line]:
    """The line of the best, and that of the best with open weights unless it is the same."""
    if not direction:
        return []
    sign = 1 if direction == "lower" else -1
    best = _improving(placed, sign)
    best_open = _improving((one for one in placed if one.point.weights == "open"), sign)
    lines = [("all", across.best, best)]
    return [*lines, ("open", across.best_open, best_open)] if best_open and best_open != best else lines


def _improving(placed: Iterable[_Placed], sign: int) -> list[_Placed]:
    """The points that are better than all before them, from left to right; of equal ones at one place the first by
    name."""
    best: dict[float, tuple[tuple[Decimal, str], _Placed]] = {}
    for one in placed:
        key = sign * one.point.value, one.point.name
        if one.at not in best or key < best[one.at][0]:
            best[one.at] = key, one
    line: list[_Placed] = []
    for at in sorted(best):
        one = best[at][1]
        if not line or sign * one.point.value < sign * line[-1].point.value:
            line.append(one)
    return line


def _thinned(placed: list[_Placed], on_lines: Collection[_Placed]) -> list[_Placed]:
    """At most MOST_POINTS: those on the lines, and of the others as many as fit, evenly from highest to lowest."""
    kept = _evenly(list(on_lines), MOST_POINTS)
    others = [one for one in placed if one not in on_lines]
    others.sort(key=lambda one: (-one.point.value, one.point.name, one.point.reported))
    return [*_evenly(others, MOST_POINTS - len(kept)), *kept]


def _evenly(placed: list[_Placed], most: int) -> list[_Placed]:
    if len(placed) <= most:
        return placed
    return [placed[n * len(placed) // most] for n in range(most)]


def _title(across: _Across, point: Point) -> str:
    return f"{point.name}: {point.text}, {across.short(point)}"


def _notes(across: _Across, given: int, drawn: int, shown: int) -> tuple[str, ...]:
    notes = [f"{drawn:,} results."]
    if given > drawn:
        notes.append(f"{given - drawn:,} {across.lacking} {'is' if given - drawn == 1 else 'are'} left out.")
    if drawn > shown:
        notes.append(
            f"Only {shown:,} are drawn and in the table: the best, and of the others an even selection by score."
        )
    return tuple(notes)


def _description(across: _Across, points: list[Point], lines: list[_Line], metric: str, direction: str) -> str:
    lowest, highest = (pick(points, key=lambda point: point.value).text for pick in (min, max))
    better = f", {direction} is better" if direction else ""
    parts = [f"{len(points):,} values of {metric} from {lowest} to {highest}{better}."]
    for _, text, line in lines:
        last = line[-1].point
        parts.append(f"The line “{text}” has {len(line)} steps and ends at {last.name} with {last.text}.")
    return " ".join(parts)


def _rows(across: _Across, shown: list[_Placed], lines: list[_Line]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(
            point=one.point,
            at=across.text(one.point),
            weights=one.point.weights or "unknown",
            best=", ".join(text for _, text, line in lines if one in line),
        )
        for one in sorted(shown, key=lambda one: (-one.at, -one.point.value, one.point.name))
    )
