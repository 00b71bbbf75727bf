"""Request bodies: one declaration for strict parsing and for the schema.

Only the presence and JSON type of members are checked here; `fields`, the payload, is validated by the kind's form.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

import orjson
from rest_framework.parsers import BaseParser

from catalog.api.params import printable
from catalog.api.problems import Problem
from catalog.api.schema import Schema, listed

MAX_DEPTH = 12
"""No payload has more levels; a deeper body is refused before any recursive code sees it."""

TEXT: Schema = {"type": "string"}
TEXTS: Schema = listed(TEXT)
OBJECT: Schema = {"type": "object"}
TYPE_LABELS = {"string": "text", "object": "an object", "boolean": "true or false"}
JSON_TYPES: dict[str, Any] = {"string": str, "object": dict, "boolean": bool}
ITEM_TYPES: dict[str, type] = {"string": str, "integer": int}
ITEM_LABELS = {"string": "a list of texts", "integer": "a list of whole numbers"}


@dataclass(frozen=True)
class Member:
    """A member of a body; `schema` is a JSON Schema of type string (optionally with an enum), object, boolean, or
    array of strings or integers."""

    name: str
    about: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False
    default: Any = ""


def schema_of(members: Iterable[Member], **more: Any) -> dict[str, Any]:
    """Return the JSON Schema of a body."""
    declared = list(members)
    return {
        "type": "object",
        "properties": {member.name: {**member.schema, "description": member.about} for member in declared},
        "required": [member.name for member in declared if member.required],
        "additionalProperties": False,
        **more,
    }


def read_body(data: Any, members: Iterable[Member]) -> dict[str, Any]:
    """Return the values by member name, with defaults for absent ones. Raises Problem (400, or 422 by member)."""
    if not isinstance(data, dict):
        raise Problem(400, "The body must be a JSON object.")
    members_by_name = {member.name: member for member in members}
    errors = {
        printable(name): [f"There is no such member here. Allowed: {', '.join(members_by_name) or 'none'}."]
        for name in data
        if name not in members_by_name
    }
    for name, member in members_by_name.items():
        if name in data and (message := _value_error(member.schema, data[name])):
            errors[name] = [message]
        elif name not in data and member.required:
            errors[name] = ["This member must be given."]
    if errors:
        raise Problem(422, f"Not right in the body: {', '.join(errors)}.", kind="invalid-fields", errors=errors)
    return {name: data.get(name, member.default) for name, member in members_by_name.items()}


def _value_error(schema: Schema, value: Any) -> str:
    """Return an error message about the type of a value, or an empty text."""
    json_type = schema["type"]
    if json_type == "array":
        items = schema["items"]["type"]
        is_list = isinstance(value, list) and all(type(item) is ITEM_TYPES[items] for item in value)
        return "" if is_list else f"Must be {ITEM_LABELS[items]}."
    if not isinstance(value, JSON_TYPES[json_type]):
        return f"Must be {TYPE_LABELS[json_type]}."
    options = schema.get("enum")
    if options and value not in options:
        return f"“{printable(value)}” is not one of: {', '.join(options)}."
    return ""


def loads(text: bytes | str) -> Any:
    """Parse JSON that the database can store. Raises Problem (400) for anything else."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"The body is not JSON: {error}.", kind="not-json") from error
    _check_storable(value)
    return value


def _check_storable(value: Any) -> None:
    """Refuse NUL, which PostgreSQL cannot store, and nesting deeper than MAX_DEPTH."""
    level = [value]
    for _ in range(MAX_DEPTH):
        next_level: list[Any] = []
        for item in level:
            if isinstance(item, str) and "\0" in item:
                raise Problem(400, "A text in the body holds a NUL character.", kind="not-json")
            if isinstance(item, dict):
                next_level += [*item, *item.values()]
            elif isinstance(item, list):
                next_level += item
        level = next_level
    if level:
        raise Problem(400, f"The body is nested deeper than {MAX_DEPTH} levels.", kind="not-json")


class JSONBody(BaseParser):
    """application/json, parsed strictly: no NaN, lone surrogate or NUL; an empty body is an empty object."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the parsed value. Raises Problem (400)."""
        return loads(stream.read() or b"{}")


class MergePatchBody(JSONBody):
    """JSON with the media type of RFC 7396."""

    media_type = "application/merge-patch+json"


class JSONLinesBody(BaseParser):
    """application/jsonl, unparsed, since an invalid line must not affect the others."""

    media_type = "application/jsonl"

    def parse(  # type: ignore[override] # the stubs expect form data
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> IO[bytes]:
        """Return the lines, which are read one by one: a body may have millions."""
        return BytesIO(stream.read())


class NDJSONBody(JSONLinesBody):
    """JSON Lines with its other media type."""

    media_type = "application/x-ndjson"
