"""Refusing a payload before it is bound: a Django form would turn nested JSON into text and ignore unknown keys."""

from typing import Any

from django import forms

from catalog.forms.fields import ReferencesField, RowsField, TextListField, json_types

JSON_NAMES = {str: "text", int: "a whole number", bool: "true or false", list: "a list", type(None): "null"}

Errors = dict[str, list[str]]


def payload_errors(form_class: type[forms.Form] | type[forms.ModelForm], payload: Any) -> Errors:
    """What is wrong with the shape of `payload`, by field; empty when it may be bound.

    Unknown keys and values of another JSON type than the field's are errors; absent keys are not.
    """
    if not isinstance(payload, dict):
        return {"__all__": ["The fields must be an object."]}
    fields = form_class.base_fields
    errors: Errors = {}
    for key in payload:
        if key not in fields:
            errors[str(key)] = [f"Unknown field; known are: {', '.join(fields)}."]
    for key, field in fields.items():
        if key in payload and (found := _type_errors(field, payload[key])):
            errors[key] = found
    return errors


def _type_errors(field: Any, value: Any) -> list[str]:
    types: Any = json_types(field)
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        wanted = " or ".join(JSON_NAMES[kind] for kind in types)
        return [f"Must be {wanted}, not {JSON_NAMES.get(type(value), type(value).__name__)}."]
    if isinstance(field, TextListField | ReferencesField):
        return [f"Item {n} must be text." for n, item in enumerate(value, 1) if not isinstance(item, str)]
    if isinstance(field, RowsField):
        return [error for n, row in enumerate(value, 1) for error in _row_errors(field, n, row)]
    return []


def _row_errors(field: RowsField, number: int, row: Any) -> list[str]:
    return [
        f"row {number}: {message}" if key == "__all__" else f"row {number}, {key}: {message}"
        for key, messages in payload_errors(field.row_form, row).items()
        for message in messages
    ]
