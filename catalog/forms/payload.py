"""Check a payload before it is bound, since a Django form turns nested JSON into text and ignores unknown keys."""

from typing import Any

from django import forms

Errors = dict[str, list[str]]


def payload_errors(form_class: type[forms.Form] | type[forms.ModelForm], payload: Any) -> Errors:
    """Errors in the shape of `payload`, by field; empty if it may be bound.

    Unknown keys and values of a wrong JSON type are errors; absent keys are not.
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
