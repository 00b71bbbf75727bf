"""Query parameters: declared once, read strictly, and shown in the schema as they are declared.

A parameter that a read does not know, one given twice that is single, or a value that it cannot take, is a 400 that
names it and lists what is allowed. Nothing is silently ignored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.api.problems import Problem

MOST_VALUES = 50
LONGEST = 400


@dataclass(frozen=True)
class Param:
    """One parameter. `read` turns a text into a value and raises ValidationError; `many` allows it to be repeated and
    gives a list; `schema` is its JSON Schema."""

    name: str
    about: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    default: Any = None
    example: Any = None
    required: bool = False


def read(params: Iterable[Param], given: QueryDict) -> dict[str, Any]:
    """The values by parameter name; what was not given has its default. Raises Problem (400)."""
    known = {param.name: param for param in params}
    errors: dict[str, list[str]] = {}
    for name in given:
        if name not in known:
            allowed = ", ".join(sorted(known)) or "none"
            errors[printable(name)] = [f"There is no such parameter here. Allowed: {allowed}."]
    values: dict[str, Any] = {}
    for name, param in known.items():
        try:
            values[name] = _value(param, given.getlist(name))
        except ValidationError as error:
            errors[name] = list(error.messages)
    if errors:
        raise Problem(400, f"Not right in the query: {', '.join(errors)}.", kind="bad-parameter", errors=errors)
    return values


def _value(param: Param, texts: list[str]) -> Any:
    if not texts:
        if param.required:
            raise ValidationError("This parameter must be given.")
        return list(param.default or []) if param.many else param.default
    if len(texts) > (MOST_VALUES if param.many else 1):
        raise ValidationError(f"Given {len(texts)} times; at most {MOST_VALUES if param.many else 1}.")
    for text in texts:
        if len(text) > LONGEST or "\0" in text:
            raise ValidationError(f"At most {LONGEST} characters, and no NUL.")
    found = [param.read(text) for text in texts]
    return found if param.many else found[0]


def printable(text: str) -> str:
    """A visitor's text as it may stand in an answer: valid Unicode, not long."""
    return text[:80].encode("utf-8", "replace").decode()


def text(name: str, about: str, **more: Any) -> Param:
    """Any text."""
    return Param(name, about, str.strip, **more)


def choice(name: str, about: str, allowed: Iterable[str], **more: Any) -> Param:
    """One of a closed set."""
    options = list(allowed)
    return Param(name, about, one_of(options), {"type": "string", "enum": options}, **more)


def one_of(options: list[str]) -> Callable[[str], str]:
    """Reads one of `options`."""

    def inner(value: str) -> str:
        if value not in options:
            raise ValidationError(f"“{printable(value)}” is not one of: {', '.join(options)}.")
        return value

    return inner


def names(name: str, about: str, allowed: Iterable[str], **more: Any) -> Param:
    """Several of a closed set, with commas between."""
    options = list(allowed)
    one = one_of(options)
    schema = {"type": "array", "items": {"type": "string", "enum": options}, "minItems": 1}
    return Param(name, about, lambda value: [one(part.strip()) for part in value.split(",")], schema, **more)


def integer(name: str, about: str, least: int, most: int, **more: Any) -> Param:
    """A whole number between two, both included."""

    def inner(value: str) -> int:
        digits = value.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 19 and least <= int(value) <= most:
            return int(value)
        raise ValidationError(f"“{printable(value)}” is not a whole number from {least} to {most}.")

    return Param(name, about, inner, {"type": "integer", "minimum": least, "maximum": most}, **more)


def moment(name: str, about: str, *, end_of_day: bool, **more: Any) -> Param:
    """A day, or a time with its zone (RFC 3339); a day stands for its end (exclusive of the next) or its start, UTC."""

    def inner(value: str) -> datetime:
        try:
            if len(value) == 10:
                start = datetime.combine(date.fromisoformat(value), time(), UTC)
                return start + timedelta(days=1) - timedelta(microseconds=1) if end_of_day else start
            found = datetime.fromisoformat(value.replace(" ", "+"))  # an unescaped plus sign arrives as a blank
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError(
            f"“{printable(value)}” is neither a day (2026-01-31) nor a time with its zone (2026-01-31T12:00:00Z)."
        )

    return Param(name, about, inner, {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}, **more)
