"""Labels beside the points of a drawing, none on another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LETTER = 0.58
"""The average advance of a letter or digit of a wide sans, in font sizes."""
LONGEST = 26
TOLERATED = 3
"""How many obstacles a label may cover; it has an outline of the background's colour."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text for the point at `x`, `y`; `below` says that there is more room below the point than above."""

    text: str
    x: float
    y: float
    kind: str
    below: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A placed text: `x`, `y` are where its baseline starts, has its middle or ends, by `anchor`."""

    text: str
    x: float
    y: float
    anchor: str
    kind: str

    def box(self, size: float) -> Box:
        """What the text covers in letters of `size`."""
        width = len(self.text) * LETTER * size
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - 0.8 * size, left + width, self.y + 0.25 * size)


def place(wanted: Iterable[Wanted], obstacles: Sequence[Box], area: Box, size: float, most: int) -> tuple[Label, ...]:
    """Place up to `most` texts within `area` in letters of `size`, the first ones first. No two overlap; one that would
    cover more than a few obstacles wherever it is put is left out."""
    placed: list[Label] = []
    taken: list[Box] = []
    for want in wanted:
        if len(placed) == most:
            break
        best = _best(want, obstacles, taken, area, size)
        if best:
            placed.append(best)
            taken.append(best.box(size))
    return tuple(placed)


def _best(want: Wanted, obstacles: Sequence[Box], taken: Sequence[Box], area: Box, size: float) -> Label | None:
    best, least = None, TOLERATED + 1
    for label in _candidates(want, size):
        box = label.box(size)
        if not box.within(area) or any(box.overlaps(other) for other in taken):
            continue
        covered = sum(box.overlaps(obstacle) for obstacle in obstacles)
        if covered < least:
            best, least = label, covered
    return best


def _candidates(want: Wanted, size: float) -> list[Label]:
    """The places around a point, the preferred ones first."""
    text = want.text if len(want.text) <= LONGEST else f"{want.text[: LONGEST - 1].rstrip()}…"
    gap, above, below = 0.55 * size, want.y - 0.65 * size, want.y + 1.35 * size
    before, behind = below if want.below else above, above if want.below else below
    spots = [
        (want.x - gap, before, "end"),
        (want.x, before, "middle"),
        (want.x + gap, before, "start"),
        (want.x + gap, behind, "start"),
        (want.x, behind, "middle"),
        (want.x - gap, want.y + 0.35 * size, "end"),
        (want.x + gap, want.y + 0.35 * size, "start"),
        (want.x - gap, behind, "end"),
    ]
    return [Label(text, round(x, 1), round(y, 1), anchor, want.kind) for x, y, anchor in spots]
