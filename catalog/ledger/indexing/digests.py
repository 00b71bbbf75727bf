"""A digest of how an index is defined, by which `migrate` notices that it must be rebuilt.

It covers the code of functions, their closures, and the functions and constants of this project that they use. A
comment, a function's docstring or a moved line does not change it. The code of model methods is not covered: raise the
`version` of the facet or the index after such a change. A new version of Python compiles to other bytecode, which costs
one unnecessary rebuild.
"""

import enum
import hashlib
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

PROJECT = __name__.partition(".")[0]
Seen = set[int]


def digest(*definitions: Any, without: Collection[Any] = ()) -> str:
    """SHA-256, in hex, of functions, dataclasses, containers and plain values, and of what they use.

    The objects `without` are left out; they must live as long as the process.
    """
    total = hashlib.sha256()
    for part in _parts(definitions, {id(one) for one in without}):
        total.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return total.hexdigest()


def _parts(value: Any, seen: Seen) -> Iterator[str]:
    """Texts that are equal in any process if the definitions are."""
    value = inspect.unwrap(value) if callable(value) else value
    yield type(value).__name__
    if id(value) in seen:
        return
    if isinstance(value, FunctionType | CodeType | type):  # these live as long as the process, so that ids are unique
        seen.add(id(value))
    for types, parts in WALKERS:
        if isinstance(value, types):
            yield from parts(value, seen)
            return
    if is_dataclass(value):
        for field in fields(value):
            yield field.name
            yield from _parts(getattr(value, field.name), seen)


def _of_function(function: FunctionType, seen: Seen) -> Iterator[str]:
    yield from _of_code(function.__code__, seen, function.__doc__)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    yield from _parts([function.__defaults__, function.__kwdefaults__, cells], seen)
    for name in _names(function.__code__):
        if _is_ours(used := function.__globals__.get(name)):
            yield name
            yield from _parts(used, seen)


def _of_code(code: CodeType, seen: Seen, docstring: str | None = None) -> Iterator[str]:
    yield code.co_code.hex()
    yield from (*code.co_names, *code.co_varnames, *code.co_freevars)
    for constant in code.co_consts:
        if constant != docstring:
            yield from _parts(constant, seen)


def _of_class(cls: type, seen: Seen) -> Iterator[str]:
    yield cls.__qualname__
    if issubclass(cls, enum.Enum):
        yield from (f"{member.value!r} {getattr(member, 'label', '')}" for member in cls)


def _in_order(values: Any, seen: Seen) -> Iterator[str]:
    for value in values:
        yield from _parts(value, seen)


def _of_mapping(mapping: Mapping[Any, Any], seen: Seen) -> Iterator[str]:
    for pair in mapping.items():
        yield from _parts(pair, seen)


WALKERS: tuple[tuple[Any, Callable[[Any, Seen], Iterator[str]]], ...] = (
    (FunctionType, _of_function),
    (CodeType, _of_code),
    (type, _of_class),
    (enum.Enum, lambda member, seen: iter([repr(member.value)])),
    (str | bytes | int | float | None, lambda value, seen: iter([repr(value)])),
    (re.Pattern, lambda pattern, seen: iter([repr(pattern.pattern), str(pattern.flags)])),
    (Mapping, _of_mapping),
    (list | tuple, _in_order),
    (set | frozenset, lambda values, seen: iter(sorted(map(repr, values)))),
)


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function and its nested functions use."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_ours(value: Any) -> bool:
    """Whether a global is a constant, or a function of this project. Classes and modules go by their names."""
    if callable(value):
        function = inspect.unwrap(value)
        return isinstance(function, FunctionType) and function.__module__.partition(".")[0] == PROJECT
    return value is not None and not isinstance(value, ModuleType)
