"""Pages by cursor: a page begins after the last row of the one before, whatever was inserted meanwhile.

A cursor holds the values of that row under the order in use. The rows after it are asked for one part of the order at a
time (same year, later slug; then lower years): each part is a range of one index, so that the millionth row costs what
the first does, which neither OFFSET nor an OR of conditions does (docs/api.md has the figures).
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.http import QueryDict

from catalog.api import params
from catalog.api.problems import Problem

SIZE = 25
MOST = 200
COUNTED = 10_000
"""A count stops here: a page says "10,000 or more" instead of counting a million rows."""

Position = list[Any]


@dataclass(frozen=True)
class Key:
    """One column of an order, and its direction."""

    column: str
    descending: bool = False

    @property
    def by(self) -> str:
        return f"-{self.column}" if self.descending else self.column


def keys_of(order: Sequence[str]) -> list[Key]:
    """The keys of an order as Django writes it ("-year", "slug")."""
    return [Key(name.removeprefix("-"), name.startswith("-")) for name in order]


def after(rows: QuerySet[Any], keys: Sequence[Key], position: Position | None, size: int) -> list[Any]:
    """The first `size` rows behind a position, or from the start; no more queries than there are keys."""
    ordered = rows.order_by(*(key.by for key in keys))
    if position is None:
        return list(ordered[:size])
    found: list[Any] = []
    for part in _parts(keys, position):
        if len(found) < size:
            found += ordered.filter(**part)[: size - len(found)]
    return found


def _parts(keys: Sequence[Key], position: Position) -> Iterator[dict[str, Any]]:
    """The rows behind a position in ranges: all keys but the last the same, then all but the last two, and so on."""
    for place in reversed(range(len(keys))):
        same = {keys[n].column: position[n] for n in range(place)}
        yield {**same, f"{keys[place].column}__{'lt' if keys[place].descending else 'gt'}": position[place]}


def encode(order: str, position: Position) -> str:
    """A position under a named order, for an address."""
    return base64.urlsafe_b64encode(orjson.dumps([order, *position], default=str)).rstrip(b"=").decode()


NOT_OURS = "Not a cursor of this portal; take it from an answer, or leave it out."


def decode(text: str, order: str, readers: Sequence[Callable[[Any], Any]], name: str = "cursor") -> Position:
    """The position that `encode` wrote under the same order; a reader a value. Raises Problem (400) for other texts,
    naming the parameter `name`."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        written, *position = orjson.loads(raw)
        if written != order:
            raise refused(name, "This cursor is for another order or another date; leave it out to start again.")
        return [read(value) for read, value in zip(readers, position, strict=True)]
    except (ValueError, TypeError, OverflowError):
        raise refused(name, NOT_OURS) from None


def refused(name: str, why: str) -> Problem:
    """A cursor that cannot be used."""
    return params.bad_parameters({name: [why]})


def position(text: str | None, order: str, model: type[models.Model], keys: Sequence[Key]) -> Position | None:
    """Where a page of `model` begins under an order's keys; None for the first page."""
    return decode(text, order, [_reader(model, key.column) for key in keys]) if text else None


def _reader(model: type[models.Model], column: str) -> Callable[[Any], Any]:
    """What reads a value of a column back from a cursor; raises ValueError for what the column cannot hold."""
    fields = {field.name: field for field in model._meta.get_fields()}
    field = fields.get(column)
    if isinstance(field, models.DateTimeField):
        return moment
    return whole if not isinstance(field, models.CharField | models.TextField) else plain


def moment(value: Any) -> datetime:
    """A time with its zone, in UTC. Raises OverflowError where UTC's calendar does not reach it."""
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found.astimezone(UTC)


def whole(value: Any) -> int:
    """A number that a column can hold."""
    if type(value) is not int or abs(value) > 2**62:
        raise ValueError(value)
    return value


def plain(value: Any) -> str:
    """A text that a query can hold."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    return value


PARAMS = (
    params.integer("page_size", f"Rows on a page, up to {MOST}.", 1, MOST, default=SIZE, example=SIZE),
    params.text("cursor", "Where the page begins: the `next` of the page before carries it."),
    params.choice("count", f"`true` counts all rows that match, up to {COUNTED:,}.", ["true", "false"]),
)


def link(path: str, query: QueryDict, **changed: str | None) -> str:
    """The absolute address of a read with some parameters changed, or left out where None."""
    rest = query.copy()
    for name, value in changed.items():
        rest.pop(name, None)
        if value is not None:
            rest[name] = value
    asked = urlencode(sorted(rest.lists()), doseq=True)
    return f"{settings.SITE_URL}{path}{'?' + asked if asked else ''}"


def counted(rows: QuerySet[Any]) -> dict[str, Any]:
    """How many rows match, in bounded time: exact below COUNTED."""
    number = rows.order_by().values("pk")[: COUNTED + 1].count()
    return {"count": min(number, COUNTED), "count_is_exact": number <= COUNTED}
