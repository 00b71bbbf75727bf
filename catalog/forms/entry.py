"""What the forms of all kinds share: binding a payload, its canonical form, saving its rows."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms.fields import (
    LineField,
    PrintedDecimalField,
    ReferenceField,
    ReferencesField,
    RowsField,
    TextListField,
    entry_formfield,
)
from catalog.forms.related import Known, RelatedRows
from catalog.forms.rows import LinkRow, SourceRow
from catalog.models import Entry, Section, Topic

COMMON = ("name", "summary", "notes", "year", "section", "links", "aliases", "topics", "sources")


class EntryForm(forms.ModelForm):
    """THE validator of a payload of one kind: for HTML, API, import and publishing alike.

    Bind it with a complete payload that `payload_errors` has let through. `related` maps the payload keys that are
    kept in tables of their own.
    """

    related: ClassVar[Mapping[str, RelatedRows]] = {}
    known: Known = MappingProxyType({})

    name = LineField(max_length=300)
    year = forms.IntegerField(min_value=1900, max_value=2100, required=False)
    section = ReferenceField(Section.objects.all(), required=False)
    links = RowsField(LinkRow, required=False)
    aliases = TextListField(required=False, label="Also known as")
    topics = ReferencesField(Topic.objects.all(), required=False)
    sources = RowsField(SourceRow, required=False)

    class Meta:
        model: type[Entry]
        fields: ClassVar[tuple[str, ...]] = COMMON
        formfield_callback = entry_formfield

    @classmethod
    def payload_keys(cls) -> tuple[str, ...]:
        """The payload's keys, in their order: the common ones, then the kind's own."""
        meta = cls.Meta
        return tuple(meta.payload) if hasattr(meta, "payload") else tuple(meta.fields)

    @classmethod
    def empty(cls) -> dict[str, Any]:
        """The payload of nothing: what an absent key means."""
        return {key: empty_value(cls.base_fields[key]) for key in cls.payload_keys()}

    @classmethod
    def dump(cls, entry: Entry) -> dict[str, Any]:
        """The payload of a saved entry; fetch it `with_references()` for a number of queries that is constant."""
        return {key: cls._dump_value(entry, key) for key in cls.payload_keys()}

    @classmethod
    def repointed(cls, payload: Mapping[str, Any], model: type[Entry], former: str, heir: str) -> dict[str, Any]:
        """The payload with every reference to the entry `former` of `model` made one to `heir`, rows once each."""
        return {key: cls._repointed_value(key, value, model, former, heir) for key, value in payload.items()}

    @classmethod
    def _repointed_value(cls, key: str, value: Any, model: type[Entry], former: str, heir: str) -> Any:
        field = cls.base_fields[key]
        if isinstance(field, ReferencesField) and field.target is model:
            return sorted({heir if slug == former else slug for slug in value})
        if isinstance(field, ReferenceField) and field.target is model:
            return heir if value == former else value
        targets = (
            [name for name, target in cls.related[key].targets.items() if target is model] if key in cls.related else []
        )
        if not targets:
            return value
        rows = [{name: heir if name in targets and v == former else v for name, v in row.items()} for row in value]
        return [row for number, row in enumerate(rows) if row not in rows[:number]]

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
        self.found = {}
        for key, rows in self.related.items():
            if key in data:
                try:
                    self.found[key] = rows.check(data[key], self.known)
                except ValidationError as error:
                    self.add_error(key, error)
        return data

    def canonical(self) -> dict[str, Any]:
        """The cleaned payload as the ledger keeps it; equal to `dump` of the entry once it is saved."""
        return {key: _as_payload(self.base_fields[key], self.cleaned_data[key]) for key in self.payload_keys()}

    def save_rows(self, before: Mapping[str, Any]) -> None:
        """Write the rows that differ from the payload `before`, after the entry itself is saved."""
        for key, rows in self.related.items():
            if before.get(key, []) != self.cleaned_data[key]:
                rows.save(self.instance, self.cleaned_data[key], self.found[key])
        if before.get("topics", []) != (topics := self.canonical()["topics"]):
            self.instance.topics.set(Topic.objects.filter(slug__in=topics))

    def _get_validation_exclusions(self) -> set[str]:
        """A reference was looked up by its slug a moment ago; the model need not ask for it again by its key."""
        skipped: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, not in the stubs
        return skipped | {key for key, field in self.fields.items() if isinstance(field, ReferenceField)}

    @classmethod
    def _dump_value(cls, entry: Entry, key: str) -> Any:
        field = cls.base_fields[key]
        if key in cls.related and isinstance(field, RowsField):
            return cls.related[key].dump(entry, list(field.row_form.base_fields))
        if isinstance(field, ReferencesField):
            return sorted(topic.slug for topic in getattr(entry, key).all())
        return _as_payload(field, getattr(entry, key))


def empty_value(field: forms.Field) -> Any:
    """What a payload holds where nothing is known."""
    if isinstance(field, RowsField | TextListField | ReferencesField):
        return []
    if isinstance(field, PrintedDecimalField | ReferenceField | forms.NullBooleanField | forms.IntegerField):
        return None
    if isinstance(field, forms.BooleanField):
        return False
    return field.initial or ""


def _as_payload(field: forms.Field, value: Any) -> Any:
    if isinstance(field, PrintedDecimalField):
        return value or None
    if isinstance(field, ReferencesField):
        return sorted(target.slug for target in value)
    if isinstance(field, ReferenceField):
        return value.slug if value else None
    return value
