"""What the forms of all kinds share: binding a payload, its canonical form, reading older ones, saving its rows."""

import json
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms.fields import (
    Known,
    LineField,
    PayloadField,
    Reference,
    TextListField,
    YearField,
    entry_formfield,
    is_blank,
)
from catalog.forms.references import ReferencesField, SectionField, ToEntry
from catalog.forms.rows import LinkRow, RowsField, SourcesField
from catalog.forms.showing import Display, DisplayItem, Names
from catalog.forms.tables import Found, TableRowsField
from catalog.models import Entry

Payload = dict[str, Any]
COMMON = ("name", "summary", "notes", "year", "section", "links", "aliases", "topics", "sources")


class EntryForm(forms.ModelForm):
    """THE validator of a payload of one kind: for HTML, API, import and publishing alike.

    Bind it with a complete payload that `payload_errors` has let through. `Meta.fields` are the payload's keys, in the
    order of the API and of the pages; a key that is no column of the model is declared as a field of the form.

    A payload may change over the years while stored ones stay as they were written: `renamed` gives the present key of
    each former one, `dropped` says of a key that is gone why it went. Neither kind of name is ever used again.
    """

    base_fields: ClassVar[dict[str, PayloadField]]  # type: ignore[assignment]  # all of ours are
    renamed: ClassVar[Mapping[str, str]] = MappingProxyType({})
    dropped: ClassVar[Mapping[str, str]] = MappingProxyType({})
    known: Known = MappingProxyType({})

    name = LineField(max_length=300, help_text="As readers know it.")
    year = YearField(required=False, help_text="Of the first publication.")
    section = SectionField(required=False)
    links = RowsField(LinkRow, required=False)
    aliases = TextListField(required=False, label="Also known as", help_text="Other names it is known by.")
    topics = ReferencesField("topic", required=False)
    sources = SourcesField(
        required=False,
        help_text="Which field stands in which source. The source of your change as a whole goes below.",
    )

    class Meta:
        model: type[Entry]
        fields: ClassVar[tuple[str, ...]] = COMMON
        formfield_callback = entry_formfield
        help_texts: ClassVar[dict[str, str]] = {
            "summary": "Two or three sentences. Markdown is fine.",
            "notes": "Remarks for readers: what is disputed, what to mind. Markdown is fine.",
        }

    @classmethod
    def payload_keys(cls) -> tuple[str, ...]:
        """The payload's keys, in their order: the common ones, then the kind's own."""
        return tuple(cls.Meta.fields)

    @classmethod
    def payload_fields(cls) -> dict[str, PayloadField]:
        """The payload's fields by key, in their order."""
        return {key: cls.base_fields[key] for key in cls.Meta.fields}

    @classmethod
    def tables(cls) -> dict[str, TableRowsField]:
        """The parts of the payload that are kept in tables of their own."""
        return {key: field for key, field in cls.base_fields.items() if isinstance(field, TableRowsField)}

    @classmethod
    def label_of(cls, key: str) -> str:
        """The name of a payload field on the page; of one that was renamed, its present name."""
        field = cls.base_fields.get(cls.renamed.get(key, key))
        return str(field.label) if field is not None and field.label else key.replace("_", " ").capitalize()

    @classmethod
    def empty(cls) -> Payload:
        """The payload of nothing: what an absent key means."""
        return {key: field.empty() for key, field in cls.payload_fields().items()}

    @classmethod
    def dump(cls, entry: Entry) -> Payload:
        """The payload of a saved entry; fetch it `with_references()` for a number of queries that is constant."""
        return cls._with_present_sources({key: field.dump(entry, key) for key, field in cls.payload_fields().items()})

    @classmethod
    @cache
    def shape(cls) -> int:
        """A number (CRC-32) that tells today's shape of the payload from others: its keys, and those of its rows."""
        return zlib.crc32(json.dumps([[key, field.shape()] for key, field in cls.payload_fields().items()]).encode())

    @classmethod
    def upgraded(cls, stored: Mapping[str, Any], *, keep_unknown: bool = False) -> Payload:
        """A payload that was written by an older version of this form, in today's shape: renamed keys by their present
        name, dropped ones left out, new ones empty. Slugs stay as they were, and so do values of a wrong type.

        Keys that were never declared are left out, too, or kept for the validation to name them.
        """
        given = {cls.renamed.get(key, key): value for key, value in stored.items()}
        payload = {
            key: field.upgrade(given[key], keep_unknown=keep_unknown) if key in given else field.empty()
            for key, field in cls.payload_fields().items()
        }
        if keep_unknown:
            payload |= {key: stored[key] for key in cls.unknown_keys(stored)}
        return cls._with_present_sources(payload, keep_unknown=keep_unknown)

    @classmethod
    def _with_present_sources(cls, payload: Payload, *, keep_unknown: bool = False) -> Payload:
        """The payload with the sources of renamed fields under their present names, and without those of dropped ones.
        They are stored with an entry, which no migration of a column touches."""
        if (cls.renamed or cls.dropped) and isinstance(payload["sources"], list):
            rows = [cls._present_source(row) for row in payload["sources"]]
            payload["sources"] = [row for row in rows if not cls._is_of_no_field(row, keep_unknown)]
        return payload

    @classmethod
    def _present_source(cls, row: Any) -> Any:
        field = row.get("field") if isinstance(row, Mapping) else None
        return {**row, "field": cls.renamed[field]} if isinstance(field, str) and field in cls.renamed else row

    @classmethod
    def _is_of_no_field(cls, row: Any, keep_unknown: bool) -> bool:
        """Whether a source is about a field that was dropped, or is not known; what is no source is not."""
        field = row.get("field") if isinstance(row, Mapping) else None
        return isinstance(field, str) and (field in cls.dropped if keep_unknown else field not in cls.base_fields)

    @classmethod
    def upgraded_changes(cls, stored: Mapping[str, Any]) -> Payload:
        """Some keys of a payload that an older version of this form wrote, in today's shape; dropped ones are left out,
        and unknown ones stay, for the validation to name them."""
        present, kept = cls.upgraded(stored), {key: value for key, value in stored.items() if key not in cls.dropped}
        return {name: present.get(name, value) for key, value in kept.items() if (name := cls.renamed.get(key, key))}

    @classmethod
    def unknown_keys(cls, stored: Mapping[str, Any]) -> list[str]:
        """The keys of a stored payload that this form neither has nor says to be renamed or dropped."""
        return [key for key in stored if key not in {*cls.payload_keys(), *cls.renamed, *cls.dropped}]

    @classmethod
    def references(cls, payload: Mapping[str, Any], *keys: str) -> Iterator[Reference]:
        """The entries and sections that a payload names, by kind and slug; of `keys` alone where some are given. What
        is of a wrong type, the payload too, names none."""
        for key, field in cls.payload_fields().items() if isinstance(payload, Mapping) else ():
            if key in payload and (not keys or key in keys):
                yield from field.references(payload[key])

    @classmethod
    def reference_keys(cls) -> list[str]:
        """The payload keys that can name other entries or a section."""
        fields = cls.payload_fields().items()
        return [key for key, field in fields if isinstance(field, ToEntry | ReferencesField | TableRowsField)]

    @classmethod
    def repointed(cls, payload: Mapping[str, Any], kind: str, former: str, present: str) -> Payload:
        """The payload with every reference to the entry `former` of a kind made one to `present`, rows once each."""
        fields = cls.payload_fields()
        return {
            key: fields[key].repoint(value, kind, former, present) if key in fields else value
            for key, value in payload.items()
        }

    @classmethod
    def items(cls, key: str, value: Any, names: Names) -> list[DisplayItem]:
        """A value, or one item of a list, as people read it; nothing where it is empty. `key` may be a former one."""
        if is_blank(value):
            return []
        field = cls.base_fields.get(key) or PayloadField()
        display = Display(cls.Meta.model.plural, cls.label_of, names)
        return [_item(field, one, display) for one in (value if isinstance(value, list) else [value])]

    def clean_sources(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["sources"]
        unknown = [
            f"row {n}, field: unknown field “{row['field']}”."
            for n, row in enumerate(rows, 1)
            if row["field"] not in self.base_fields
        ]
        if unknown:
            raise ValidationError(unknown)
        return rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.found: dict[str, Found] = {}
        for key, field in self.tables().items():
            if key in data:
                try:
                    self.found[key] = field.resolve(data[key], self.known)
                except ValidationError as error:
                    self.add_error(key, error)
        return data

    def canonical(self) -> Payload:
        """The cleaned payload as the ledger keeps it; equal to `dump` of the entry once it is saved."""
        return {key: field.canonical(self.cleaned_data[key]) for key, field in self.payload_fields().items()}

    def save_rows(self, before: Mapping[str, Any]) -> None:
        """Write the rows that differ from the payload `before`, after the entry itself is saved."""
        for key, field in self.tables().items():
            if before.get(key, []) != self.cleaned_data[key]:
                field.save(self.instance, self.cleaned_data[key], self.found[key])
        if before.get("topics", []) != self.canonical()["topics"]:
            self.instance.topics.set(self.cleaned_data["topics"])

    def _get_validation_exclusions(self) -> set[str]:
        """A reference was looked up by its slug a moment ago; the model need not ask for it again by its key."""
        skipped: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, not in the stubs
        return skipped | {key for key, field in self.fields.items() if isinstance(field, ToEntry)}


def _item(field: PayloadField, value: Any, display: Display) -> DisplayItem:
    """A value as people read it; one that is damaged as it is stored, since it must not take down a page."""
    try:
        item = field.item(value, display)
    except (AttributeError, KeyError, TypeError, ValueError):
        return DisplayItem(json.dumps(value, ensure_ascii=False))
    return item if isinstance(item.text, str) else DisplayItem(json.dumps(value, ensure_ascii=False))
