"""Cursor pagination: a page begins after the last row of the previous page, whatever was inserted meanwhile.

A cursor holds the order and the values of that row's sort keys. The rows after it are queried in ranges (same year,
later slug; then lower years), each of which is one range of an index. The millionth row therefore costs as much as the
first, which is not so with OFFSET or an OR of conditions (docs/api.md has the figures).
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict

from catalog.api import params
from catalog.api.problems import Problem

DEFAULT_PAGE_SIZE = 25
MAX_PAGE_SIZE = 200
MAX_COUNT = 10_000
"""Rows are counted up to this limit, so that no request counts a million."""

MAX_DECIMAL_LENGTH = 30

Position = list[Any]


@dataclass(frozen=True)
class SortKey:
    """One column to sort by, and its direction."""

    column: str
    descending: bool = False

    @property
    def order_by(self) -> str:
        return f"-{self.column}" if self.descending else self.column


def sort_keys(order: Sequence[str]) -> list[SortKey]:
    """Return the sort keys of a Django ordering ("-year", "slug")."""
    return [SortKey(name.removeprefix("-"), name.startswith("-")) for name in order]


def rows_after(rows: QuerySet[Any], keys: Sequence[SortKey], position: Position | None, size: int) -> list[Any]:
    """Return the first `size` rows after a position, or from the start; at most one query per key."""
    ordered = rows.order_by(*(key.order_by for key in keys))
    if position is None:
        return list(ordered[:size])
    page: list[Any] = []
    for lookups in _ranges(keys, position):
        if len(page) < size:
            page += ordered.filter(**lookups)[: size - len(page)]
    return page


def _ranges(keys: Sequence[SortKey], position: Position) -> Iterator[dict[str, Any]]:
    """Yield lookups for the ranges after a position: all keys but the last equal, then all but two, and so on."""
    for index in reversed(range(len(keys))):
        equal_columns = {keys[n].column: position[n] for n in range(index)}
        yield {**equal_columns, f"{keys[index].column}__{'lt' if keys[index].descending else 'gt'}": position[index]}


def encode(order: str, position: Position) -> str:
    """Return a position under a named order as a cursor."""
    return base64.urlsafe_b64encode(orjson.dumps([order, *position], default=str)).rstrip(b"=").decode()


INVALID_CURSOR = "Not a cursor of this portal; take it from an answer, or leave it out."


def decode(text: str, order: str, readers: Sequence[Callable[[Any], Any]], name: str = "cursor") -> Position:
    """Return the position that `encode` wrote under the same order; `readers` has one function per value.

    Raises Problem (400) about the parameter `name` for any other text.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        cursor_order, *position = orjson.loads(raw)
        if cursor_order != order:
            raise cursor_problem(name, "This cursor is for another order or another date; leave it out to start again.")
        return [read(value) for read, value in zip(readers, position, strict=True)]
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        raise cursor_problem(name, INVALID_CURSOR) from None


def cursor_problem(name: str, why: str) -> Problem:
    """Build a 400 for a cursor that cannot be used."""
    return params.bad_parameters({name: [why]})


def position(text: str | None, order: str, model: type[models.Model], keys: Sequence[SortKey]) -> Position | None:
    """Return the position in a cursor of `model`; None without a cursor, for the first page."""
    return decode(text, order, [_reader(model, key.column) for key in keys]) if text else None


def _reader(model: type[models.Model], column: str) -> Callable[[Any], Any]:
    """Return the function that reads a column's value from a cursor; it raises ValueError for an invalid one."""
    fields = {field.name: field for field in model._meta.get_fields()}
    field = fields.get(column)
    if isinstance(field, models.DateTimeField):
        return read_time
    if isinstance(field, models.DecimalField):
        return read_decimal
    return read_integer if not isinstance(field, models.CharField | models.TextField) else read_text


def read_time(value: Any) -> datetime:
    """Parse a time with a UTC offset, into UTC. Raises OverflowError if UTC's calendar does not reach it."""
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(value)
    return time.astimezone(UTC)


def read_integer(value: Any) -> int:
    """Return an integer if a database column can hold it."""
    if type(value) is not int or abs(value) > 2**62:
        raise ValueError(value)
    return value


def read_decimal(value: Any) -> Decimal:
    """Return a decimal of the size that a column can hold. Raises InvalidOperation for what is none."""
    if not isinstance(value, str) or len(value) > MAX_DECIMAL_LENGTH:
        raise ValueError(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > MAX_DECIMAL_LENGTH:
        raise ValueError(value)
    return number


def read_text(value: Any) -> str:
    """Return a text if a query can contain it."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    return value


PARAMS = (
    params.integer(
        "page_size",
        f"Rows on a page, up to {MAX_PAGE_SIZE}.",
        1,
        MAX_PAGE_SIZE,
        default=DEFAULT_PAGE_SIZE,
        example=DEFAULT_PAGE_SIZE,
    ),
    params.text("cursor", "Where the page begins: the `next` of the page before carries it."),
    params.choice("count", f"`true` counts all rows that match, up to {MAX_COUNT:,}.", ["true", "false"]),
)


def url_with(path: str, query: QueryDict, **changed: str | None) -> str:
    """Return the absolute URL of a query with some parameters replaced, or removed if None."""
    parameters = query.copy()
    for name, value in changed.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = value
    query_string = urlencode(sorted(parameters.lists()), doseq=True)
    return f"{settings.SITE_URL}{path}{'?' + query_string if query_string else ''}"


def bounded_count(rows: QuerySet[Any]) -> dict[str, Any]:
    """Count the rows up to MAX_COUNT, in bounded time."""
    number = rows.order_by().values("pk")[: MAX_COUNT + 1].count()
    return {"count": min(number, MAX_COUNT), "count_is_exact": number <= MAX_COUNT}
