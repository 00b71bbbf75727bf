"""The JSON Schema of a kind's payload, read from its form: the schema cannot say anything else than the validator."""

from typing import Any

from catalog.kinds import Kind


def payload_schema(kind: Kind) -> dict[str, Any]:
    """The payload of a kind: every key, none required, since an absent key means the empty value."""
    fields = kind.form.payload_fields().items()
    properties = {key: {**field.json_schema(), "description": kind.label_of(key)} for key, field in fields}
    return {"type": "object", "properties": properties, "additionalProperties": False}
