"""BibTeX is read in time that grows with its length, up to 200 kB, whatever it holds."""

import math
from collections.abc import Callable

import pytest

from submissions.intake.bibtex import read_bibtex
from tests.linear import growth

SMALL, LARGE = 50_000, 200_000  # characters
NOISE = 0.04  # seconds
RECORD = "@misc{a, title={x}, "


def repeated(beginning: str, piece: str, ending: str = "") -> Callable[[int], str]:
    return lambda size: beginning + piece * (size // len(piece)) + ending


def numbered(piece: str) -> Callable[[int], str]:
    return lambda size: "".join(piece.format(n, n + 1) for n in range(size // len(piece)))


TEXTS: dict[str, Callable[[int], str]] = {
    "records that begin": repeated("", "@a{b,\n"),
    "records with one key": repeated("", "@a{b, title={c}}\n"),
    "records with references": numbered("@a{{k{}, crossref={{k{}}}, title={{T}}}}\n"),
    "braces without an end": repeated("@a{b, title=", "{"),
    "quotation marks": repeated('@a{b, title="', '"'),
    "closing brackets": repeated("@a(b, title={x}", ")"),
    "names": repeated(RECORD + "author={", "A B and ", "C}}"),
    "names with accents": repeated(RECORD + "author={", "{\\'E} Bcd Efg and " * 4 + "Abc Def and " * 40, "C}}"),
    "names in braces": repeated(RECORD + "author={", "{A}, {B and C} and ", "C}}"),
    "names by semicolons": repeated(RECORD + "author={", "A B; ", "C}}"),
    "names by commas": repeated(RECORD + "author={", "A B, ", "C}}"),
    "joined values": repeated("@misc{a, title=", '"x" # ', '"y"}'),
    "signs of joining": repeated("@misc{a, title=", "#", '"y"}'),
    "names of strings": repeated("@string{a={" + "x" * 900 + "}}@misc{a, title=", "a#", "a}"),
    "strings that double": repeated("@string{a={" + "x" * 900 + "}}", "@string{a=a#a}", "@misc{a, title=a}"),
    "missing commas": repeated("@misc{a, title={x}", " b={c}", "}"),
    "fields": lambda size: "@misc{a," + numbered("b{}={{c{}}},")(size) + "}",
    "dollars": repeated("@misc{a, title={", "$", "}}"),
    "backslashes": repeated("@misc{a, title={", "\\", "}}"),
    "blanks": repeated("@misc{a, title={a", " ", "b}}"),
    "addresses": repeated(RECORD + "note={", "https://a.b/c ", "}}"),
    "commands of addresses": repeated(RECORD + "howpublished={", "\\url{a", "}}"),
    "ids": repeated(RECORD + "journal={", "arXiv:2304.08485 ", "}}"),
    "tags": repeated("@misc{a, title={", "<i ", "}}"),
    "entities": repeated("@misc{a, title={", "&a", "}}"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_bibtex_is_read_in_time_in_proportion_to_it(name: str) -> None:
    try:
        with growth.processor_limit(60.0):
            times = growth.ratio(read_bibtex, TEXTS[name], SMALL, LARGE, NOISE)
    except growth.TooSlow:
        times = math.inf

    assert times <= growth.MAX_RATIO
