"""Repeated parts of a payload: lists of rows, each validated by a form of its own."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.fields import (
    MAX_ROWS,
    ChoiceField,
    LineField,
    LinkField,
    PayloadField,
    SlugReference,
    is_blank,
    refuse_too_many,
)
from catalog.forms.payload import CleansPayload, payload_errors
from catalog.forms.references import row_numbers
from catalog.models import Confidence, LinkKind, SourceClass
from catalog.text.addresses import is_at
from catalog.text.source_classes import source_class
from catalog.text.source_names import names_no_source, source_name

Row = dict[str, Any]


class RowForm(CleansPayload, forms.Form):
    """The form of a row. `renamed` and `dropped` list changed fields, as on EntryForm."""

    base_fields: ClassVar[dict[str, PayloadField]]  # type: ignore[assignment]  # all of ours are
    renamed: ClassVar[Mapping[str, str]] = MappingProxyType({})
    dropped: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @classmethod
    def empty(cls) -> Row:
        """An empty row: the value that each absent key means."""
        return {name: cell.empty() for name, cell in cls.base_fields.items()}

    @classmethod
    def upgraded(cls, row: Any, *, keep_unknown: bool = False) -> Any:
        """A row that an older version of this form wrote, in the present shape; a row of a wrong type as it is."""
        if not isinstance(row, Mapping):
            return row
        given = {cls.renamed.get(name, name): value for name, value in row.items()}
        upgraded = {
            name: cell.upgrade(given[name]) if name in given else cell.empty() for name, cell in cls.base_fields.items()
        }
        if keep_unknown:
            upgraded |= {name: value for name, value in given.items() if name not in {*cls.base_fields, *cls.dropped}}
        return upgraded

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        """The display item of a row."""
        texts = [str(value) for value in row.values() if not is_blank(value) and value is not False]
        return DisplayItem(texts[0] if texts else "", "", " · ".join(texts[1:]))


class RowsField(PayloadField):
    """A list of rows; errors name the row and its field."""

    json_types = (list,)
    input = "rows"

    def __init__(self, row_form: type[RowForm], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.row_form = row_form
        self.bind: Any = row_form

    @property
    def cells(self) -> dict[str, PayloadField]:
        """The fields of a row."""
        return self.row_form.base_fields

    def empty(self) -> list[Row]:
        return []

    def to_python(self, value: Any) -> list[Row]:
        refuse_too_many(value)
        rows, errors, stored = [], [], self.stored_items
        for number, data in enumerate(value or [], 1):
            if data in stored:
                rows.append(dict(data))
                continue
            form = self.bind(data)
            if form.is_valid():
                rows.append({name: cell.canonical(form.cleaned_data[name]) for name, cell in form.fields.items()})
                continue
            for name, messages in form.errors.items():
                location = f"row {number}" if name == "__all__" else f"row {number}, {name}"
                errors += [f"{location}: {message}" for message in messages]
        if errors:
            raise ValidationError(errors)
        return rows

    def kept(self, value: Any) -> list[Row]:
        return [dict(row) for row in value]

    def upgrade(self, value: Any, *, keep_unknown: bool = False) -> Any:
        if not isinstance(value, list):
            return value
        return [self.row_form.upgraded(row, keep_unknown=keep_unknown) for row in value]

    def shape(self) -> Any:
        return [[name, cell.shape()] for name, cell in self.cells.items()]

    def references(self, value: Any) -> Iterator[SlugReference]:
        for row in value if isinstance(value, list) else ():
            if isinstance(row, Mapping):
                for name, cell in self.cells.items():
                    yield from cell.references(row.get(name))

    def replace_references(self, value: Any, present: Mapping[SlugReference, str]) -> Any:
        if present.keys().isdisjoint(self.references(value)):
            return value
        rows: dict[str, Any] = {}
        for row in value:
            replaced = self._with_references_replaced(row, present)
            rows.setdefault(json.dumps(replaced, sort_keys=True), replaced)
        return list(rows.values())

    def _with_references_replaced(self, row: Any, present: Mapping[SlugReference, str]) -> Any:
        if not isinstance(row, Mapping):
            return row
        cells = self.cells
        return {
            name: cells[name].replace_references(value, present) if name in cells else value
            for name, value in row.items()
        }

    def type_errors(self, value: Any) -> list[str]:
        return super().type_errors(value) or [
            f"row {number}: {message}" if key == "__all__" else f"row {number}, {key}: {message}"
            for number, row in enumerate(value[:MAX_ROWS], 1)
            for key, messages in payload_errors(self.row_form, row).items()
            for message in messages
        ]

    def json_schema(self) -> dict[str, Any]:
        properties = {name: cell.json_schema() for name, cell in self.cells.items()}
        row = {"type": "object", "properties": properties, "additionalProperties": False}
        return {"type": "array", "items": row}

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        """The rows, without those that are blank or marked for removal.

        A choice alone does not fill a row, since it always has a value.
        """
        rows = []
        for number in row_numbers(data, name):
            row = {key: cell.read_post(data, f"{name}-{number}-{key}") for key, cell in self.cells.items()}
            filled = any(row[key] for key, cell in self.cells.items() if cell.fills_row)
            if filled and not data.get(f"{name}-{number}-remove"):
                rows.append(row)
        return rows

    def item(self, value: Any, display: Display) -> DisplayItem:
        return self.row_form.item(value, display)

    def cell_options(self, cell: str, labels: Mapping[str, str]) -> list[tuple[str, str]]:
        """The options of a cell, as (value, label); `labels` are those of the payload's fields."""
        return self.cells[cell].options()


LINK_DOMAINS = {LinkKind.ARXIV.value: "arxiv.org"}
"""The link types that name a site, and the domain that their links lead to."""


class LinkRow(RowForm):
    kind = ChoiceField(choices=LinkKind.choices)
    url = LinkField(label="Address")
    label = LineField(max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        domain = LINK_DOMAINS.get(data.get("kind", ""))
        if domain and data.get("url") and not is_at(data["url"], domain):
            label = LinkKind(data["kind"]).label
            self.add_error("url", f"A link of the type {label} leads to {domain}; choose another type for this one.")
        return data

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return DisplayItem(row["label"] or str(LinkKind(row["kind"]).label), row["url"], row["url"])


BY_HOST = "By its host"


class SourceRow(RowForm):
    """Where a value was read. `source_class` is empty unless the row says what the source is, against its host."""

    field = LineField(max_length=50)
    url = LinkField(required=False, label="Address")
    note = LineField(max_length=500, required=False)
    confidence = ChoiceField(choices=Confidence.choices)
    source_class = ChoiceField(choices=[("", BY_HOST), *SourceClass.choices], required=False, label="Source type")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("confidence") != Confidence.UNVERIFIED and not data.get("url"):
            note = data.get("note", "")
            if not note:
                raise ValidationError("Name the source: an address, or a note that says where it was read.")
            if names_no_source(note):
                raise ValidationError(f"“{note}” names no source: give an address, or say where it was read.")
        return data

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        unverified = "not verified" if row["confidence"] == Confidence.UNVERIFIED else ""
        stated = _stated_class(row["source_class"], source_class(row["url"])) if row["source_class"] else ""
        where = source_name(row["url"]) if row["url"] else row["note"] or "general knowledge"
        return DisplayItem(f"{display.label_of(row['field'])}: {where}", row["url"], joined(unverified, stated))


def _stated_class(stated: str, by_host: str) -> str:
    """The class that a source states in words, with that of the table of hosts if it differs."""
    label, by_table = (str(SourceClass(name).label).lower() if name else "nothing" for name in (stated, by_host))
    return label if stated == by_host else f"{label}, as the entry states; the table says: {by_table}"


class SourcesField(RowsField):
    """The sources of values: rows that name a field of the payload."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SourceRow, **kwargs)

    def cell_options(self, cell: str, labels: Mapping[str, str]) -> list[tuple[str, str]]:
        if cell == "source_class":
            return [("", BY_HOST), *((value, str(label)) for value, label in SourceClass.choices)]
        if cell != "field":
            return super().cell_options(cell, labels)
        fields = [(key, label) for key, label in labels.items() if key != "sources"]
        return [("", "choose a field"), *fields]  # a blank row posts nothing
