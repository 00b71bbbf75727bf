"""Check a payload before it is bound, since a Django form turns nested JSON into text and ignores unknown keys."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

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


class CleansPayload(forms.BaseForm):
    """A form that reads its values from a payload as they are. Django would ask the widgets for them, as if they had
    been posted, which takes as long as cleaning them."""

    def _clean_fields(self) -> None:
        for key, field in self.fields.items():
            try:
                self.cleaned_data[key] = field.clean(self.data.get(key))
                if clean := getattr(self, f"clean_{key}", None):
                    self.cleaned_data[key] = clean()
            except ValidationError as error:
                self.add_error(key, error)
