"""Query strings: from Python values to what the API reads, and from the address of a next page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

Value: TypeAlias = str | int | float | Decimal | date | None
"""A value of a parameter. None leaves it out, "" is a value, and True and False are "true" and "false"."""

Values: TypeAlias = Value | Sequence[Value]
"""One value, or several, of which any may match."""

Query: TypeAlias = tuple[tuple[str, str], ...]


def query_of(parameters: Mapping[str, Values]) -> Query:
    """Return parameters as pairs of texts."""
    return tuple((name, text) for name, values in parameters.items() for text in _texts(values))


def next_query(address: str) -> Query:
    """Return the query of an address, which the portal gave for the next page.

    Only the query is taken: host and path stay those by which the client reached the page, so a token goes nowhere
    else.
    """
    return tuple(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def names(given: Iterable[str] | None) -> str | None:
    """Return names as the API takes them: with commas between."""
    if given is None or isinstance(given, str):
        return given
    return ",".join(given)


def _texts(values: Values) -> Iterable[str]:
    listed = values if isinstance(values, Sequence) and not isinstance(values, str) else [values]
    return (_text(value) for value in listed if value is not None)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)
