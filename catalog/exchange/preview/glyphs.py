"""Text in the letters that a font has, so that nobody sees empty boxes."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from anyascii import anyascii
from django.conf import settings
from PIL import ImageFont

from catalog.text.documents import without_forbidden

FONTS = Path(__file__).parent / "fonts"
SERIF = settings.BASE_DIR / "static" / "vendor" / "source-serif-4" / "source-serif-4-600.woff2"
"""That of the site's headings, which has Latin letters only."""
SANS, SANS_BOLD = FONTS / "DejaVuSans.ttf", FONTS / "DejaVuSans-Bold.ttf"
"""Of many scripts."""
UNASSIGNED = "\U0010fffd"
"""For which each font draws what it draws for a letter that it lacks."""
LAST_MARK = "\u06ff"
"""Beyond Latin, Greek, Cyrillic, Hebrew and Arabic, marks belong to letters that the fonts lack."""
TEST_SIZE = 24


@cache
def font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """A font in a size in pixels."""
    return ImageFont.truetype(str(path), size)


@lru_cache(maxsize=10_000)
def has(path: Path, char: str) -> bool:
    """Whether a font has a character of its own. Blanks are drawn by no glyph, and had by all."""
    if char == " ":
        return True
    tested = font(path, TEST_SIZE)
    return bytes(tested.getmask(char)) not in (b"", bytes(tested.getmask(UNASSIGNED)))


def covers(path: Path, text: str) -> bool:
    """Whether a font has all characters of a text."""
    return all(has(path, char) for char in text)


def legible(text: str, path: Path) -> str:
    """The text with letters that the font lacks in Latin ones, and without signs that it lacks, such as emoji."""
    chars = unicodedata.normalize("NFC", " ".join(without_forbidden(text).split()))
    return " ".join("".join(_legible(char, path) for char in chars).split())


def _legible(char: str, path: Path) -> str:
    category = unicodedata.category(char)
    if category.startswith("C") or category == "So":  # also what is in no font but changes how others look
        return ""
    if category.startswith("M") and char > LAST_MARK:
        return ""
    if has(path, char):
        return char
    return anyascii(char) if category[0] in "LN" else ""
