"""The classes of the Python client against the OpenAPI schema: each has the members of what it decodes."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
import vlm_portal_client as client

from catalog.api.describing import schema

READ = {
    "list_papers": client.Entry,
    "read_paper_revision": client.FullRevision,
    "list_paper_revisions": client.Revision,
    "search": client.Hit,
    "list_changes": client.Change,
    "list_leaderboards": client.RankedBenchmark,
    "read_leaderboards": client.Leaderboards,
    "list_leaderboard_changes": client.BoardChanges,
    "compare_results": client.Comparison,
    "listProposals": client.Proposal,
    "propose": client.Proposal,
    "proposeBatch": client.Batch,
    "parse": client.Draft,
}
"""By operation, what the client makes of its answer, or of a row of its answer."""

SCALARS = {"string": str, "integer": int, "boolean": bool}


@cache
def described() -> dict[str, Any]:
    description: dict[str, Any] = schema()
    return description


def resolved(part: Any) -> dict[str, Any]:
    """A schema without references, and of `anyOf` with null the other part."""
    found: dict[str, Any] = dict(part)
    while "$ref" in found:
        found = dict(described()["components"]["schemas"][found["$ref"].rpartition("/")[2]])
    return found


def answer_of(operation_id: str) -> dict[str, Any]:
    """The schema of a successful answer."""
    operations = (one for methods in described()["paths"].values() for one in methods.values())
    operation = next(one for one in operations if one["operationId"] == operation_id)
    success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    return resolved(success["content"]["application/json"]["schema"])


def types_of(part: dict[str, Any]) -> list[str]:
    types = part.get("type", [])
    return types if isinstance(types, list) else [types]


def is_nullable(part: dict[str, Any]) -> bool:
    return "null" in types_of(part) or {"type": "null"} in part.get("anyOf", [])


def differences(hint: Any, part: Any, place: str) -> list[str]:
    """Where a type and a schema say different things."""
    part = resolved(part)
    types = types_of(part)
    if is_nullable(part):
        others = [option for option in part.get("anyOf", []) if option != {"type": "null"}]
        rest = others[0] if others else {**part, "type": [one for one in types if one != "null"]}
        if get_origin(hint) not in (Union, UnionType) or NoneType not in get_args(hint):
            return [f"{place} may be null"]
        left = [one for one in get_args(hint) if one is not NoneType]
        return differences(left[0] if len(left) == 1 else Union[tuple(left)], rest, place)  # noqa: UP007
    if hint is Any:
        return []
    if len(types) > 1:
        expected = {SCALARS[name] for name in types}
        return [] if set(get_args(hint)) == expected else [f"{place} is one of {types}"]
    return of_one_type(hint, part, types[0] if types else "anything", place)


def of_one_type(hint: Any, part: dict[str, Any], name: str, place: str) -> list[str]:
    arguments = get_args(hint)
    if name == "array" and get_origin(hint) is list:
        return differences(arguments[0], part["items"], f"{place}[]")
    if name == "object" and is_dataclass(hint):
        return of_members(hint, part, place)
    if name == "object" and get_origin(hint) is dict:
        values = part.get("additionalProperties")
        return differences(arguments[1], values, f"{place}.*") if isinstance(values, dict) else []
    if name == "string" and part.get("format") == "date-time":
        return [] if hint is datetime else [f"{place} is a time"]
    return [] if SCALARS.get(name) is hint else [f"{place} is {name} and not {hint}"]


def of_members(hint: Any, part: dict[str, Any], place: str) -> list[str]:
    hints, members = get_type_hints(hint), {field.name: field for field in fields(hint)}
    found = [f"{place}.{name} is missing" for name in part["properties"] if name not in members]
    found += [f"{place}.{name} is no member" for name in members if name not in part["properties"]]
    for name in members.keys() & part["properties"]:
        required, inner = name in part.get("required", []), hints[name]
        if required == (members[name].default is not MISSING):
            found.append(f"{place}.{name} is {'required' if required else 'optional'}")
            continue
        if not required and not is_nullable(resolved(part["properties"][name])):  # None stands for its absence
            inner = Union[tuple(one for one in get_args(inner) if one is not NoneType)]  # noqa: UP007
        found += differences(inner, part["properties"][name], f"{place}.{name}")
    return sorted(found)


@pytest.mark.parametrize("operation", READ)
def test_a_class_of_the_client_has_the_members_of_the_schema(operation: str) -> None:
    answer, made = answer_of(operation), READ[operation]
    rows = answer["properties"].get("results")
    part = rows["items"] if rows and made not in (client.Batch, client.BoardChanges, client.Comparison) else answer

    assert differences(made, part, made.__name__) == []


def test_a_difference_would_be_seen() -> None:
    part = {
        "type": "object",
        "properties": {"text": {"type": ["string", "null"]}, "more": {"type": "integer"}},
        "required": ["text", "more"],
    }

    assert differences(client.Span, part, "Span") == [
        "Span.hit is no member",
        "Span.more is missing",
        "Span.text may be null",
    ]
