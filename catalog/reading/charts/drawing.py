"""Where the axes, lines, points and labels of a chart are, in the units of its view box."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.reading.charts.labels import Box, Label, Wanted, place
from catalog.reading.charts.scales import Axis

WIDTH, HEIGHT = 620, 380
AREA = Box(46, 18, 598, 344)
"""The part of the view box that has points; the rest is for the ticks."""
SIZE, PHONE_SIZE = 12, 20
"""Sizes of letters: on a phone, where the drawing shrinks to half its size, they are larger."""
MOST_LABELS, MOST_ON_PHONES = 14, 4
RADIUS, MANY, SMALL_RADIUS = 4, 80, 3


@dataclass(frozen=True, slots=True)
class Place:
    """A point as values of the axes; `title` is what it says when pointed at."""

    name: str
    x: float
    y: float
    weights: str
    title: str
    on_line: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawn point; `d` is the path of the shape of its weights: a disc, a diamond or a square."""

    d: str
    weights: str
    title: str
    on_line: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Marks:
    """The points that are drawn alike."""

    weights: str
    on_line: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line: `sort` is "all" or "open"."""

    sort: str
    text: str
    d: str


Text = Label
"""A tick or label of the drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing; the ticks of x are at the foot of their lines, those of y at the end of theirs."""

    x_ticks: tuple[Text, ...]
    y_ticks: tuple[Text, ...]
    lines: tuple[Line, ...]
    marks: tuple[Marks, ...]
    labels: tuple[Text, ...]
    few_labels: tuple[Text, ...]


NamedLine = tuple[str, str, Sequence[Place]]
"""The sort of a line, its text, and its points from left to right."""


def draw(*, x: Axis, y: Axis, places: Sequence[Place], lines: Sequence[NamedLine], lower: bool) -> Drawing:
    """Lay out the points, and lines of steps through some of them; `lower` says that lower is better."""
    marks = [_mark(x, y, point, SMALL_RADIUS if len(places) > MANY else RADIUS) for point in places]
    corners = {sort: _corners(x, y, points) for sort, _, points in lines}
    obstacles = [box for mark in marks for box in _obstacles(mark)]
    for steps in corners.values():
        obstacles += _segments(steps)
    wanted = _wanted(x, y, lines, lower)
    return Drawing(
        x_ticks=tuple(Text(tick.text, _across(x, tick.at), HEIGHT - 10, "middle", "") for tick in x.ticks),
        y_ticks=tuple(Text(tick.text, AREA.left - 7, _down(y, tick.at), "end", "") for tick in y.ticks),
        lines=tuple(Line(sort, text, _path(corners[sort])) for sort, text, _ in lines),
        marks=_grouped(marks),
        labels=place(wanted, obstacles, ROOM, SIZE, MOST_LABELS),
        few_labels=place(wanted, obstacles, ROOM, PHONE_SIZE, MOST_ON_PHONES),
    )


def _grouped(marks: Sequence[Mark]) -> tuple[Marks, ...]:
    """The marks by how they are drawn, those on the lines last, which is on top."""
    groups: dict[tuple[bool, str], list[Mark]] = {}
    for mark in marks:
        groups.setdefault((mark.on_line, mark.weights), []).append(mark)
    return tuple(Marks(weights, on_line, tuple(groups[on_line, weights])) for on_line, weights in sorted(groups))


ROOM = Box(AREA.left, 2, WIDTH - 2, AREA.bottom)


def _across(axis: Axis, value: float) -> float:
    return round(AREA.left + (AREA.right - AREA.left) * axis.share(value), 1)


def _down(axis: Axis, value: float) -> float:
    return round(AREA.bottom - (AREA.bottom - AREA.top) * axis.share(value), 1)


def _mark(x: Axis, y: Axis, point: Place, radius: int) -> Mark:
    across, down = _across(x, point.x), _down(y, point.y)
    return Mark(shape(across, down, point.weights, radius), point.weights, point.title, point.on_line, across, down)


def _obstacles(mark: Mark) -> list[Box]:
    """What a label should not cover; a point on a line weighs as much as four others."""
    return [Box(mark.x - 3, mark.y - 3, mark.x + 3, mark.y + 3)] * (4 if mark.on_line else 1)


def shape(x: float, y: float, weights: str, radius: int) -> str:
    """The path of a disc (open), a diamond (closed) or a square (unknown) of about the same area around a point."""
    if weights == "open":
        arc = f"a{radius} {radius} 0 1 1"
        return f"M{x - radius:g} {y:g}{arc} {2 * radius} 0{arc}-{2 * radius} 0z"
    if weights == "closed":
        r = round(radius * 1.25)
        return f"M{x:g} {y - r:g}l{r} {r}-{r} {r}-{r}-{r}z"
    half = radius - 0.5
    return f"M{x - half:g} {y - half:g}h{2 * half:g}v{2 * half:g}h-{2 * half:g}z"


def _corners(x: Axis, y: Axis, points: Sequence[Place]) -> list[tuple[float, float]]:
    """Where a line changes its height; of steps less than a unit apart the last."""
    corners: list[tuple[float, float]] = []
    for point in points:
        across, down = _across(x, point.x), _down(y, point.y)
        if corners and across - corners[-1][0] < 1:
            across = corners.pop()[0]
        corners.append((across, down))
    return corners


def _path(corners: Sequence[tuple[float, float]]) -> str:
    (x, y), *others = corners
    steps = "".join(f"H{across:g}V{down:g}" for across, down in others)
    return f"M{x:g} {y:g}{steps}H{AREA.right}"


def _segments(corners: Sequence[tuple[float, float]]) -> list[Box]:
    """The strokes of a line of steps, as thin rectangles."""
    boxes = []
    ends = [*corners[1:], (AREA.right, corners[-1][1])]
    for (x, y), (next_x, next_y) in zip(corners, ends, strict=True):
        boxes.append(Box(x, y - 1, next_x, y + 1))
        boxes.append(Box(next_x - 1, min(y, next_y), next_x + 1, max(y, next_y)))
    return boxes


def _wanted(x: Axis, y: Axis, lines: Sequence[NamedLine], lower: bool) -> list[Wanted]:
    """The labels of the lines' points: from the last backwards, each name once."""
    wanted: dict[str, Wanted] = {}
    for n in range(max((len(points) for _, _, points in lines), default=0)):
        for sort, _, points in lines:
            if n < len(points):
                point = points[-1 - n]
                label = Wanted(point.name, _across(x, point.x), _down(y, point.y), sort, below=lower)
                wanted.setdefault(point.name, label)
    return list(wanted.values())
