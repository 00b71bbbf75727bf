"""What a browser posts, as a payload. Only the shape changes here: the kind's form judges the values.

A value that cannot be read stays as it was typed, so that the form names it and nothing typed is lost.
"""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from catalog.forms import EntryForm
from catalog.forms.fields import (
    PrintedDecimalField,
    ReferenceField,
    ReferencesField,
    RowsField,
    TextListField,
)
from catalog.forms.rows import SlugField
from catalog.kinds import KINDS, Kind
from catalog.models import Entry

YES_NO = {"yes": True, "no": False}


def payload_of(kind: Kind, data: Mapping[str, str]) -> dict[str, Any]:
    """The payload that a posted form means; rows left blank or ticked for removal are left out."""
    fields = kind.form.base_fields
    payload = {key: _value(fields[key], key, data) for key in kind.form.payload_keys()}
    return _with_slugs(kind.form, payload)


def number_in(data: Mapping[str, str], name: str) -> int | None:
    """A small whole number that was posted (or asked for) under a name; None where it is not one."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _value(field: forms.Field, name: str, data: Mapping[str, str]) -> Any:
    if isinstance(field, RowsField):
        return [row for row in _rows(field, name, data) if row]
    if isinstance(field, ReferencesField):
        return [text for key in _numbered(name, data) if (text := data.get(f"{name}-{key}-slug", "").strip())]
    return _scalar(field, data.get(name, ""))


def _scalar(field: forms.Field, text: str) -> Any:
    if isinstance(field, TextListField):
        return [line.strip() for line in text.splitlines() if line.strip()]
    if isinstance(field, forms.NullBooleanField):
        return YES_NO.get(text)
    if isinstance(field, forms.BooleanField):
        return bool(text)
    text = text.strip()
    if isinstance(field, forms.IntegerField):
        return int(text) if re.fullmatch(r"[+-]?[0-9]{1,12}", text) else text or None
    if isinstance(field, PrintedDecimalField | ReferenceField | SlugField):
        return text or None
    return text.replace("\r\n", "\n")


def _numbered(name: str, data: Mapping[str, str]) -> list[int]:
    """The numbers of the rows posted under a name, in order."""
    pattern = re.compile(rf"{re.escape(name)}-(\d{{1,6}})-")
    return sorted({int(match[1]) for key in data if (match := pattern.match(key))})


def _rows(field: RowsField, name: str, data: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = []
    for number in _numbered(name, data):
        prefix = f"{name}-{number}"
        row = {key: _scalar(cell, data.get(f"{prefix}-{key}", "")) for key, cell in field.row_form.base_fields.items()}
        if not data.get(f"{prefix}-remove") and not _is_blank(field, row):
            rows.append(row)
    return rows


def _is_blank(field: RowsField, row: Mapping[str, Any]) -> bool:
    """Whether nothing was typed; a choice always has a value and does not count."""
    cells = field.row_form.base_fields
    return not any(value for key, value in row.items() if type(cells[key]) is not forms.ChoiceField)


def _with_slugs(form: type[EntryForm], payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with the slugs of entries that were named by their names; one query a kind that is named so."""
    places = list(_references(form, payload))
    for model in {model for model, _, _ in places}:
        names = {holder[key] for target, holder, key in places if target is model}
        found = _slugs(model, names)
        for target, holder, key in places:
            if target is model:
                holder[key] = found.get(holder[key].casefold(), holder[key])
    return payload


def _references(form: type[EntryForm], payload: dict[str, Any]) -> list[tuple[type[Entry], Any, Any]]:
    """Where the payload names entries otherwise than by a slug: (model, holder, key)."""
    places: list[tuple[Any, Any, Any]] = []
    for key, value in payload.items():
        field = form.base_fields[key]
        if isinstance(field, ReferenceField):
            places.append((field.target, payload, key))
        elif isinstance(field, ReferencesField):
            places += [(field.target, value, number) for number in range(len(value))]
        elif key in form.related:
            places += [(model, row, name) for row in value for name, model in form.related[key].targets.items()]
    kinds = {kind.model for kind in KINDS.values()}
    return [place for place in places if place[0] in kinds and _is_a_name(place[1][place[2]])]


def _is_a_name(text: Any) -> bool:
    return isinstance(text, str) and re.fullmatch(r"[a-z0-9_-]+", text) is None


def _slugs(model: type[Entry], names: set[str]) -> dict[str, str]:
    """Slugs by casefolded name, where a name leads to one entry only."""
    found: dict[str, str | None] = {}
    for name in names:
        rows = list(model.objects.filter(name__iexact=name).values_list("slug", flat=True)[:2])
        found[name.casefold()] = rows[0] if len(rows) == 1 else None
    return {name: slug for name, slug in found.items() if slug}
