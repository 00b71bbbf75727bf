"""The JSON Schema of a kind's payload, derived from its form so that schema and validation cannot differ."""

from typing import Any

from catalog.kinds import Kind

SET_BY_MODERATORS = "Set by moderators: a proposal leaves it out, or as it is."


def payload_schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema of a payload. No key is required, since an absent key means the empty value."""
    fields = kind.form.payload_fields().items()
    properties = {key: {**field.json_schema(), "description": _description(kind, key)} for key, field in fields}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _description(kind: Kind, key: str) -> str:
    label = kind.label_of(key)
    return f"{label}. {SET_BY_MODERATORS}" if key in kind.set_by_moderators else label
