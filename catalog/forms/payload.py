"""Refusing a payload before it is bound: a Django form would turn nested JSON into text and ignore unknown keys."""

from typing import Any

from django import forms

Errors = dict[str, list[str]]


def payload_errors(form_class: type[forms.Form] | type[forms.ModelForm], payload: Any) -> Errors:
    """What is wrong with the shape of `payload`, by field; empty when it may be bound.

    Unknown keys and values of another JSON type than the field's are errors; absent keys are not.
    """
    if not isinstance(payload, dict):
        return {"__all__": ["The fields must be an object."]}
    fields: dict[str, Any] = form_class.base_fields
    errors: Errors = {
        str(key): [f"Unknown field; known are: {', '.join(fields)}."] for key in payload if key not in fields
    }
    for key, field in fields.items():
        if key in payload and (messages := field.type_errors(payload[key])):
            errors[key] = messages
    return errors
