"""Two charts of the scores of a board: by date, and by number of parameters."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.reading.charts import scales
from catalog.reading.charts.drawing import Line, Marks, Place, Text, draw
from catalog.reading.charts.scales import Axis, month
from catalog.text.dates import first_day, partial_date

LEAST_POINTS = 3
MOST_POINTS = 200
WEIGHTS = ("open", "closed", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A score.

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


def _chart(across: _Across, given: list[Point], metric: str, direction: str) -> Chart | None:
    at = {point: where for point in given if (where := across.at(point)) is not None}
    if len(at) < LEAST_POINTS:
        return None
    lines = _lines(across, at, direction)
    shown = _thinned(list(at), [point for _, _, line in lines for point in line])
    on_lines = {point for _, _, line in lines for point in line}
    places = {
        point: Place(point.name, where, float(point.value), point.weights, _title(across, point), point in on_lines)
        for point, where in at.items()
    }
    drawn = draw(
        x=across.axis(list(at)),
        y=scales.linear(point.value for point in at),
        places=[places[point] for point in shown],
        lines=[(sort, text, [places[point] for point in line]) for sort, text, line in lines],
        lower=direction == "lower",
    )
    return Chart(
        name=across.name,
        title=across.title,
        description=_description(across, list(at), lines, metric, direction),
        metric=metric,
        column=across.column,
        notes=_notes(across, len(given), len(at), len(shown)),
        lower=direction == "lower",
        x_ticks=drawn.x_ticks,
        y_ticks=drawn.y_ticks,
        lines=drawn.lines,
        marks=drawn.marks,
        labels=drawn.labels,
        few_labels=drawn.few_labels,
        rows=_rows(across, shown, at, lines),
    )


_Line = tuple[str, str, list[Point]]
"""The sort of a line ("all" or "open"), its text, its points."""


def _lines(across: _Across, at: dict[Point, float], direction: str) -> list[_Line]:
    """The line of the best, and that of the best with open weights unless it is the same."""
    if not direction:
        return []
    sign = 1 if direction == "lower" else -1
    ordered = sorted(at, key=lambda point: (at[point], sign * point.value, point.name))
    best = _improving(ordered, sign)
    best_open = _improving([point for point in ordered if point.weights == "open"], sign)
    lines = [("all", across.best, best)]
    return [*lines, ("open", across.best_open, best_open)] if best_open and best_open != best else lines


def _improving(points: Iterable[Point], sign: int) -> list[Point]:
    """The points that are better than all before them."""
    line: list[Point] = []
    for point in points:
        if not line or sign * point.value < sign * line[-1].value:
            line.append(point)
    return line


def _thinned(points: list[Point], on_lines: list[Point]) -> list[Point]:
    """At most MOST_POINTS: those on the lines, and of the others as many as fit, evenly from highest to lowest."""
    kept = _evenly(list(dict.fromkeys(on_lines)), MOST_POINTS)
    others = sorted(set(points).difference(on_lines), key=lambda point: (-point.value, point.name, point.reported))
    return [*_evenly(others, MOST_POINTS - len(kept)), *kept]


def _evenly(points: list[Point], most: int) -> list[Point]:
    if len(points) <= most:
        return points
    return [points[n * len(points) // most] for n in range(most)]


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
        last = line[-1]
        parts.append(f"The line “{text}” has {len(line)} steps and ends at {last.name} with {last.text}.")
    return " ".join(parts)


def _rows(across: _Across, shown: list[Point], at: dict[Point, float], lines: list[_Line]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(
            point=point,
            at=across.text(point),
            weights=point.weights or "unknown",
            best=", ".join(text for _, text, line in lines if point in line),
        )
        for point in sorted(shown, key=lambda point: (-at[point], -point.value, point.name))
    )
