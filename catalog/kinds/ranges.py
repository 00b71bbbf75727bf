"""Ranges: numbers that a list is filtered by."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.kinds.facets import YEAR_BOUNDS, Facet


@dataclass(frozen=True)
class Range:
    """A number that a list is filtered by with the parameters `<name>_min` and `<name>_max`.

    The number is in the column `column`, with `unknown` for no number, and in `attribute` of an unsaved entry; or it is
    a value of `facet`, written by `encode` so that the texts sort like the numbers.
    """

    name: str
    label: str
    help_texts: tuple[str, str]
    limits: tuple[int, int]
    column: str = ""
    attribute: str = ""
    unknown: int | None = None
    facet: Facet | None = None
    encode: Callable[[Decimal], str] = str
    decimal: bool = False
    examples: tuple[Any, Any] = (None, None)


YEARS = Range(
    "year",
    "Year",
    ("Of this year or later.", "Of this year or earlier."),
    YEAR_BOUNDS,
    column="order_year",
    attribute="year",
    unknown=0,
    examples=(2023, None),
)
