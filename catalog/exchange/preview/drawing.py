"""Draw the picture: what the entry is, its name, what it is about, and the name of the site.

Its size is the one that Open Graph readers crop least. Texts are short and their number fixed, so that a picture takes
about the same time whatever the entry holds.
"""

import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from catalog.exchange.preview.glyphs import SANS, SANS_BOLD, SERIF, covers, font, legible

WIDTH, HEIGHT = 1200, 630
MARGIN = 80
PAPER, INK, QUIET, ACCENT, RULE = "#fbfaf6", "#1d1c1a", "#5d5a54", "#9b3d12", "#d9d4c7"
TITLE_SIZES = ((84, 2), (64, 3), (50, 4))
"""Sizes of the name in pixels, each with how many lines it may have; the last one is cut."""
TEXT_SIZE, TEXT_LINES = 30, 4
SMALL_SIZE = 26
LEADING = 1.28
MAX_TITLE, MAX_TEXT = 300, 400
CACHED = 128
"""Pictures, of about 40 kB each."""


@dataclass(frozen=True)
class Card:
    """The texts of a picture."""

    what: str
    title: str
    text: str
    site: str
    note: str


@lru_cache(maxsize=CACHED)
def drawn(card: Card) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 20, HEIGHT), ACCENT)
    foot = HEIGHT - MARGIN - SMALL_SIZE
    _line(draw, (MARGIN, MARGIN - 10), card.what, SANS_BOLD, SMALL_SIZE, colour=ACCENT)
    below = _title(draw, MARGIN + 44, card.title[:MAX_TITLE])
    room = int((foot - 44 - below) // (TEXT_SIZE * LEADING))
    text = legible(card.text[:MAX_TEXT], SANS)
    for number, line in enumerate(wrapped(text, SANS, TEXT_SIZE, min(room, TEXT_LINES))):
        _line(draw, (MARGIN, below + 16 + number * TEXT_SIZE * LEADING), line, SANS, TEXT_SIZE, colour=QUIET)
    draw.line((MARGIN, foot - 20, WIDTH - MARGIN, foot - 20), RULE, 2)
    _line(draw, (MARGIN, foot), card.site, SANS_BOLD, SMALL_SIZE, colour=INK)
    _line(draw, (WIDTH - MARGIN, foot), card.note, SANS, SMALL_SIZE, colour=QUIET, anchor="ra")
    buffer = io.BytesIO()
    image.quantize(64, Image.Quantize.FASTOCTREE).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _title(draw: ImageDraw.ImageDraw, top: float, title: str) -> float:
    """Draw the name, the larger the shorter it is; gives where it ends."""
    path = SERIF if covers(SERIF, title) else SANS_BOLD
    title = legible(title, path)
    for size, most in TITLE_SIZES:
        lines = wrapped(title, path, size, most + 1)
        if len(lines) <= most:
            break
    else:
        size, most = TITLE_SIZES[-1]
        lines = wrapped(title, path, size, most)
    for number, line in enumerate(lines):
        _line(draw, (MARGIN, top + number * size * LEADING), line, path, size, colour=INK)
    return top + len(lines) * size * LEADING


def _line(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    path: Path,
    size: int,
    *,
    colour: str,
    anchor: str = "la",
) -> None:
    draw.text(place, legible(text, path), colour, font(path, size), anchor=anchor)


def wrapped(text: str, path: Path, size: int, most: int) -> list[str]:
    """The text in at most so many lines that fit between the margins; the last one ends with an ellipsis if something
    is left out."""
    lines, face, width = list[str](), font(path, size), WIDTH - 2 * MARGIN
    for word in _pieces(text, path, size, width):
        if lines and face.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        elif len(lines) < most:
            lines.append(word)
        else:
            return [*lines[:-1], _shortened(lines[-1], path, size, width)] if lines else []
    return lines


def _pieces(text: str, path: Path, size: int, width: int) -> Iterator[str]:
    """The words, those that are wider than a line in pieces."""
    face = font(path, size)
    for word in text.split():
        rest = word
        while face.getlength(rest) > width:
            end = _fitting(rest, face, width)
            yield rest[:end]
            rest = rest[end:]
        if rest:
            yield rest


def _shortened(line: str, path: Path, size: int, width: int) -> str:
    face = font(path, size)
    room = width - int(face.getlength("…"))
    return f"{line[: _fitting(line, face, room)].rstrip()}…"


def _fitting(text: str, face: ImageFont.FreeTypeFont, width: int) -> int:
    """How many characters of a text fit into a width, at least one."""
    ends = range(1, len(text) + 1)
    return max(1, bisect_right(ends, float(width), key=lambda end: face.getlength(text[:end])))
