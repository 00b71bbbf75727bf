"""The JSON Schema of a kind's payload, read from its form: the schema cannot say anything else than the validator."""

from collections.abc import Callable
from typing import Any

from django import forms

from catalog.forms.fields import (
    LinkField,
    PartialDateField,
    PrintedDecimalField,
    ReferenceField,
    ReferencesField,
    RowsField,
    TextListField,
)
from catalog.forms.rows import SlugField
from catalog.kinds import Kind
from catalog.ledger.history import label_of


def payload_schema(kind: Kind) -> dict[str, Any]:
    """The payload of a kind: every key, none required, since an absent key means the empty value."""
    fields = kind.form.base_fields
    properties = {
        key: {**field_schema(fields[key]), "description": label_of(kind, key)} for key in kind.form.payload_keys()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def field_schema(field: Any) -> dict[str, Any]:
    """The JSON Schema of one form field's values."""
    for types, write in SCHEMAS:
        if isinstance(field, types):
            return write(field)
    return _text(field)


def _row(form: type[forms.Form]) -> dict[str, Any]:
    properties = {name: field_schema(field) for name, field in form.base_fields.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _bounded(field: forms.IntegerField) -> dict[str, Any]:
    bounds = {"minimum": field.min_value, "maximum": field.max_value}
    return {"type": ["integer", "null"], **{name: value for name, value in bounds.items() if value is not None}}


def _choices(field: Any) -> dict[str, Any]:
    values = [str(value) for value, _ in field.choices]
    return {"type": "string", "enum": values if field.required or "" in values else ["", *values]}


def _texts(field: TextListField) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "maxLength": field.item_length}}


def _text(field: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if field.max_length:
        schema["maxLength"] = field.max_length
    if isinstance(field, LinkField):
        schema["examples"] = ["https://arxiv.org/abs/2304.08485"]
    if isinstance(field, PartialDateField):
        schema["examples"] = ["2024-09"]
    return schema


SCHEMAS: list[tuple[Any, Callable[[Any], dict[str, Any]]]] = [
    (RowsField, lambda field: {"type": "array", "items": _row(field.row_form)}),
    (TextListField, _texts),
    (ReferencesField, lambda field: {"type": "array", "items": {"type": "string"}}),
    ((ReferenceField, PrintedDecimalField, SlugField), lambda field: {"type": ["string", "null"]}),
    (forms.NullBooleanField, lambda field: {"type": ["boolean", "null"]}),
    (forms.BooleanField, lambda field: {"type": "boolean"}),
    (forms.IntegerField, _bounded),
    (forms.ChoiceField, _choices),
]
