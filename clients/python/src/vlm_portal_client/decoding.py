"""Make typed values of JSON. Members that a class does not have are ignored: a portal may be newer than its client."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from vlm_portal_client.errors import UnexpectedAnswer

T = TypeVar("T")

SCALARS = (str, int, bool)


def decode(as_type: type[T], value: object) -> T:
    """Return `value` as a dataclass. Raises UnexpectedAnswer, which names the place of what does not fit."""
    decoded: T = _decode(as_type, value, as_type.__name__)
    return decoded


def _decode(hint: Any, value: Any, place: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _decode_any_of(arguments, value, place)
    if origin is list and isinstance(value, list):
        return [_decode(arguments[0], item, f"{place}[{number}]") for number, item in enumerate(value)]
    if origin is dict and isinstance(value, dict):
        return {name: _decode(arguments[1], item, f"{place}.{name}") for name, item in value.items()}
    if is_dataclass(hint) and isinstance(value, dict):
        return _decode_members(hint, value, place)
    if hint is datetime and isinstance(value, str):
        return _time(value, place)
    if hint is Any or (hint in SCALARS and isinstance(value, hint)):
        return value
    raise _unexpected(place, value)


def _decode_any_of(hints: tuple[Any, ...], value: Any, place: str) -> Any:
    """Decode null, a scalar that has one of the types, or else what the only other type says."""
    if (value is None and NoneType in hints) or type(value) in hints:
        return value
    others = [hint for hint in hints if hint is not NoneType]
    if len(others) == 1:
        return _decode(others[0], value, place)
    raise _unexpected(place, value)


def _decode_members(as_type: Any, value: Mapping[str, Any], place: str) -> Any:
    members = {}
    for name, hint, required in _members(as_type):
        if name in value:
            members[name] = _decode(hint, value[name], f"{place}.{name}")
        elif required:
            raise UnexpectedAnswer(f"The answer has no {place}.{name}: is this the API of a portal of this version?")
    return as_type(**members)


@cache
def _members(as_type: Any) -> list[tuple[str, Any, bool]]:
    """Return name, type and whether it is required of each member."""
    hints = get_type_hints(as_type)
    return [(field.name, hints[field.name], _is_required(field)) for field in fields(as_type)]


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _time(text: str, place: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _unexpected(place, text) from None


def _unexpected(place: str, value: object) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"The answer has {value!r:.80} at {place}, which this client does not understand.")
