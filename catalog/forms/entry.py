"""The base form of all kinds: payload fields, validation, canonical form, older payloads, saving rows."""

import json
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms.display import Display, DisplayItem, Names
from catalog.forms.fields import (
    MAX_ROWS,
    Known,
    LineField,
    LinkField,
    PayloadField,
    SlugReference,
    TextListField,
    YearField,
    entry_formfield,
    is_blank,
)
from catalog.forms.holders import Holder, Holders, Identifiers, TakenIdentifier
from catalog.forms.listed import Listed, Row, with_additions
from catalog.forms.payload import CleansPayload
from catalog.forms.references import ReferencesField, SectionField, SingleReferenceField
from catalog.forms.rows import LinkRow, RowsField, SourcesField
from catalog.forms.tables import ReferencedIds, TableRowsField
from catalog.models import Entry
from catalog.text.dates import in_order

Payload = dict[str, Any]
COMMON = ("name", "summary", "notes", "year", "section", "links", "aliases", "topics", "sources")


class EntryForm(CleansPayload, forms.ModelForm):
    """The only validator of payloads of a kind, for HTML, API, import and publishing.

    Bind it to a complete payload for which `payload_errors` is empty. `Meta.fields` are the payload's keys, in the
    order of the API and of the pages; a key that is no column of the model is declared as a field of the form.

    What an entry says already is neither refused nor normalised again (`use_stored`): a change answers for what it
    changes. A new entry is checked in full.

    Fields may change while stored payloads stay as they were written: `renamed` has the present key of each former
    one, `dropped` the reason why a key was dropped. `reshaped` brings along what renaming cannot: former fields whose
    values have another form now. Former names must never be used again.
    """

    base_fields: ClassVar[dict[str, PayloadField]]  # type: ignore[assignment]  # all of ours are
    renamed: ClassVar[Mapping[str, str]] = MappingProxyType({})
    dropped: ClassVar[Mapping[str, str]] = MappingProxyType({})
    joined: ClassVar[frozenset[str]] = frozenset()
    """The former keys that `reshaped` joins with others; `renamed` has what each became."""
    in_order: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs of keys with a year or a partial date: the first is not later than the second."""
    known: Known = MappingProxyType({})
    holders: Holders | None = None
    """The entries that hold the identifiers of the payloads, if they were fetched beforehand."""
    replaces_references: bool = False
    """Whether nothing changes but where references lead: names and identifiers are not looked at again."""
    checks_unique: bool = True
    """Whether Django looks for other rows with the values of unique columns."""
    sharing_keys: ClassVar[tuple[str, ...]] = ()
    """The keys that say which entries may share identifiers with it."""
    listed: ClassVar[Mapping[str, Listed]] = MappingProxyType({})
    """The keys of fields that hold a name which another entry lists, and where."""
    additions: Mapping[str, Row] = MappingProxyType({})
    """Rows that those entries are to list as well, by the key that names them: a proposal may bring both."""
    stored: Sequence[Payload] = ()
    """The payloads of which the values are not refused again: see `use_stored`."""

    name = LineField(max_length=300, help_text="As readers know it.")
    year = YearField(required=False, help_text="Of the first publication.")
    section = SectionField(required=False)
    links = RowsField(LinkRow, required=False)
    aliases = TextListField(
        required=False, label="Also known as", help_text="Other names it is known by.", max_items=MAX_ROWS
    )
    topics = ReferencesField("topic", required=False)
    sources = SourcesField(
        required=False,
        help_text="Which source each field was read in. The source of your change as a whole goes below.",
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
        """The fields whose rows have a table of their own, by key."""
        return {key: field for key, field in cls.base_fields.items() if isinstance(field, TableRowsField)}

    @classmethod
    def label_of(cls, key: str) -> str:
        """The label of a payload field; for a former key, the label of its present name."""
        field = cls.base_fields.get(cls.renamed.get(key, key))
        return str(field.label) if field is not None and field.label else key.replace("_", " ").capitalize()

    @classmethod
    def empty(cls) -> Payload:
        """An empty payload: the value that each absent key means."""
        return {key: field.empty() for key, field in cls.payload_fields().items()}

    @classmethod
    def dump(cls, entry: Entry) -> Payload:
        """The payload of a saved entry; fetch it `with_references()` to keep the number of queries constant."""
        return cls._with_present_sources({key: field.dump(entry, key) for key, field in cls.payload_fields().items()})

    @classmethod
    @cache
    def shape(cls) -> int:
        """A checksum (CRC-32) of the payload's present shape: its keys, and those of its rows."""
        return zlib.crc32(json.dumps([[key, field.shape()] for key, field in cls.payload_fields().items()]).encode())

    @classmethod
    def upgraded(cls, stored: Mapping[str, Any], *, keep_unknown: bool = False) -> Payload:
        """A payload that an older version of this form wrote, in the present shape: with renamed keys, without dropped
        keys, and with empty values for new keys. Slugs and values of a wrong type stay as they were.

        Keys that were never declared are left out, or kept with `keep_unknown` so that validation reports them.
        """
        given = {cls.renamed.get(key, key): value for key, value in cls.reshaped(stored).items()}
        payload = {
            key: field.upgrade(given[key], keep_unknown=keep_unknown) if key in given else field.empty()
            for key, field in cls.payload_fields().items()
        }
        if keep_unknown:
            payload |= {key: stored[key] for key in cls.unknown_keys(stored)}
        return cls._with_present_sources(payload, keep_unknown=keep_unknown)

    @staticmethod
    def reshaped(stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """A payload of any age, or some values of one, in which former fields that were joined or split are replaced by
        present ones. The default has none such."""
        return stored

    @classmethod
    def _with_present_sources(cls, payload: Payload, *, keep_unknown: bool = False) -> Payload:
        """The payload with sources of renamed fields under their present names, and without those of dropped fields.

        Sources are JSON in a column of the entry, so migrations of other columns do not change them.
        """
        if (cls.renamed or cls.dropped) and isinstance(payload["sources"], list):
            rows = [cls._present_source(row) for row in payload["sources"]]
            payload["sources"] = [row for row in rows if not cls._is_without_field(row, keep_unknown)]
        return payload

    @classmethod
    def _present_source(cls, row: Any) -> Any:
        """A source with the present name of its field; a row of a wrong type as it is."""
        field = row.get("field") if isinstance(row, Mapping) else None
        return {**row, "field": cls.renamed[field]} if isinstance(field, str) and field in cls.renamed else row

    @classmethod
    def _is_without_field(cls, row: Any, keep_unknown: bool) -> bool:
        """Whether a source is for a field that was dropped or, unless `keep_unknown`, never declared; False for a row
        of a wrong type."""
        field = row.get("field") if isinstance(row, Mapping) else None
        return isinstance(field, str) and (field in cls.dropped if keep_unknown else field not in cls.base_fields)

    @classmethod
    def upgraded_changes(cls, stored: Mapping[str, Any]) -> Payload:
        """Part of a payload that an older version of this form wrote, in the present shape; dropped keys are left out,
        and unknown keys are kept so that validation reports them."""
        present = cls.upgraded(stored)
        remaining = {key: value for key, value in cls.reshaped(stored).items() if key not in cls.dropped}
        return {
            name: present.get(name, value) for key, value in remaining.items() if (name := cls.renamed.get(key, key))
        }

    @classmethod
    def unknown_keys(cls, stored: Mapping[str, Any]) -> list[str]:
        """The keys of a stored payload that are no field, and are not listed as renamed or dropped."""
        return [key for key in stored if key not in {*cls.payload_keys(), *cls.renamed, *cls.dropped}]

    @classmethod
    def references(cls, payload: Mapping[str, Any], *keys: str) -> Iterator[SlugReference]:
        """The entries and sections that a payload refers to; only in the fields `keys`, if any are given. Values of a
        wrong type refer to none, and neither does a payload that is not an object."""
        for key, field in cls.payload_fields().items() if isinstance(payload, Mapping) else ():
            if key in payload and (not keys or key in keys):
                yield from field.references(payload[key])

    @classmethod
    def reference_keys(cls) -> list[str]:
        """The payload keys that can refer to other entries or a section."""
        fields = cls.payload_fields().items()
        return [
            key for key, field in fields if isinstance(field, SingleReferenceField | ReferencesField | TableRowsField)
        ]

    @classmethod
    def with_references_replaced(cls, payload: Mapping[str, Any], present: Mapping[SlugReference, str]) -> Payload:
        """The payload with these references replaced by others to the same kinds, without repeated rows."""
        fields = cls.payload_fields()
        return {
            key: fields[key].replace_references(value, present) if key in fields else value
            for key, value in payload.items()
        }

    @classmethod
    def items(cls, key: str, value: Any, names: Names) -> list[DisplayItem]:
        """The display items of a value, one for each item of a list; none if it is empty. `key` may be a former one."""
        if is_blank(value):
            return []
        field = cls.base_fields.get(key) or PayloadField()
        display = Display(cls.Meta.model.plural, cls.label_of, names)
        return [_display_item(field, item, display) for item in (value if isinstance(value, list) else [value])]

    def use_stored(self, stored: Sequence[Payload]) -> None:
        """Check only what differs from these payloads: what the entry says, and what its author started from.

        A value that was accepted once may be one that the form refuses today, or would store otherwise. Unchanged, it
        stays and makes no edit impossible; items and rows of lists likewise, each for itself.
        `catalog.ledger.checking` finds such values.
        """
        self.stored = stored
        for key, field in self.fields.items():
            field.stored = [payload[key] for payload in stored if key in payload]  # type: ignore[attr-defined]

    def is_unchanged(self, *keys: str) -> bool:
        """Whether one of the stored payloads has the same values for all these keys."""
        return any(all(key in row and row[key] == self.data.get(key) for key in keys) for row in self.stored)

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error, unless it is about a field whose value is unchanged and can be saved as it is."""
        error = error if isinstance(error, ValidationError) else ValidationError(error)
        if field is None and hasattr(error, "error_dict"):
            for key, errors in error.error_dict.items():
                self.add_error(key, ValidationError(errors))
        elif field is None or not self._keeps(field):
            super().add_error(field, error)

    def _keeps(self, key: str) -> bool:
        """Whether the value of a field is unchanged; it is then among the cleaned data as it is stored."""
        if key not in self.fields or not self.is_unchanged(key):
            return False
        if key not in self.cleaned_data:
            field: PayloadField = self.fields[key]  # type: ignore[assignment]  # as in base_fields
            try:
                self.cleaned_data[key] = field.kept(self.data[key])
            except ValidationError:
                return False
        return True

    def owner_with_additions(self, key: str) -> Any:
        """The entry that a field refers to; it lists what is to be added to it already, and is not to be saved."""
        return with_additions(self.cleaned_data[key], self.listed, key, self.additions)

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
        self._validate_unique = self.checks_unique
        self.referenced_ids: dict[str, ReferencedIds] = {}
        for key, field in self.tables().items():
            if key in data:
                try:
                    self.referenced_ids[key] = field.resolve(data[key], self.known)
                except ValidationError as error:
                    super().add_error(key, error)  # changed or not, rows cannot refer to what is gone
        self._refuse_itself(data)
        self._refuse_disorder(data)
        self._refuse_shared_identifiers(data)
        return data

    def _refuse_itself(self, data: Mapping[str, Any]) -> None:
        """Add an error for each reference of an entry to itself."""
        own = (self.Meta.model.kind, self.instance.slug)
        for key, field in self.payload_fields().items() if self.instance.pk else ():
            if key in data and own in field.references(field.canonical(data[key])):
                self.add_error(key, "An entry cannot refer to itself; remove the reference.")

    def _refuse_disorder(self, data: Mapping[str, Any]) -> None:
        """Add an error for each date that is before one it follows."""
        for first, second in self.in_order:
            earlier, later = (str(data.get(key) or "") for key in (first, second))
            if earlier and later and not in_order(earlier, later) and not self.is_unchanged(first, second):
                label = self.label_of(first)
                super().add_error(second, f"{later} is before “{label}”, {earlier}: one of the two is wrong.")

    @classmethod
    def identifiers(cls, payload: Mapping[str, Any]) -> Identifiers:
        """The identifiers of a payload that belong to one entry of the kind; none unless the kind has some."""
        return {}

    @classmethod
    def fetch_holders(cls, identifiers: Collection[str], exclude: int | None = None) -> Holders:
        """The entries but `exclude` that have one of these identifiers, in a number of queries that hardly grows."""
        return {}

    @classmethod
    def holder_of(cls, payload: Mapping[str, Any], pk: int | None = None, slug: str = "") -> Holder:
        """An entry with this payload, as a holder of its identifiers."""
        return Holder(pk, slug, payload.get("name", ""))

    @classmethod
    def refusal(cls, identifier: str, own: Holder, other: Holder) -> str:
        """Why an identifier that `other` has is refused to `own`, and what to do; "" if the two may share it."""
        return f"{other.name} ({other.slug}) has it already."

    @classmethod
    def taken(
        cls, payload: Mapping[str, Any], own: Holder, *, stored: Sequence[Payload] = (), holders: Holders | None = None
    ) -> list[TakenIdentifier]:
        """The identifiers of a payload that another entry has and may not share with `own`.

        Those that one of the `stored` payloads has, too, are none, unless the payload changes whom it shares them with.
        `holders` saves the query; the entry itself may be among them.
        """
        identifiers = dict(cls.identifiers(payload))
        if any(all(row.get(key) == payload.get(key) for key in cls.sharing_keys) for row in stored):
            for identifier in (identifier for row in stored for identifier in cls.identifiers(row)):
                identifiers.pop(identifier, None)
        if holders is None:
            holders = cls.fetch_holders(list(identifiers), own.pk) if identifiers else {}
        return [
            TakenIdentifier(key, other, message)
            for identifier, key in identifiers.items()
            for other in holders.get(identifier, ())
            if (other.pk is None or other.pk != own.pk) and (message := cls.refusal(identifier, own, other))
        ]

    def holder(self) -> Holder:
        """The entry itself, as a holder of its identifiers."""
        return self.holder_of(self.cleaned_data, self.instance.pk, self.instance.slug)

    def _refuse_shared_identifiers(self, data: Mapping[str, Any]) -> None:
        """Add an error for each identifier that another entry has and may not share, unless it was there already. Of an
        entry that is being restored none was: others may have taken them since."""
        stored = [] if self.instance._state.adding else self.stored
        if self.replaces_references:
            return
        for taken in self.taken(data, self.holder(), stored=stored, holders=self.holders):
            super().add_error(taken.key, taken.message)

    def canonical(self) -> Payload:
        """The cleaned payload as stored in the ledger; equal to `dump` of the saved entry."""
        return {key: field.canonical(self.cleaned_data[key]) for key, field in self.payload_fields().items()}

    def replace_sources(self, rows: list[dict[str, Any]]) -> None:
        """Have a valid form save these of its sources instead of all of them."""
        self.cleaned_data["sources"] = self.instance.sources = rows

    def save_rows(self, before: Mapping[str, Any]) -> None:
        """Write the rows and topics that differ from the payload `before`; the entry must be saved first."""
        for key, field in self.tables().items():
            if before.get(key, []) != self.cleaned_data[key]:
                field.save(self.instance, self.cleaned_data[key], self.referenced_ids[key])
        if before.get("topics", []) != self.canonical()["topics"]:
            self.instance.topics.set(self.cleaned_data["topics"])

    def _get_validation_exclusions(self) -> set[str]:
        """Exclude references, which were just fetched by slug: the model need not query them again by primary key; and
        addresses, of which the form accepts more than a URLField does."""
        skipped: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, not in the stubs
        checked = (SingleReferenceField, LinkField)
        return skipped | {key for key, field in self.fields.items() if isinstance(field, checked)}


def _display_item(field: PayloadField, value: Any, display: Display) -> DisplayItem:
    """The item for a value; of a damaged value its JSON, so that the rest of the page can be shown."""
    try:
        item = field.item(value, display)
    except (AttributeError, KeyError, TypeError, ValueError):
        return DisplayItem(json.dumps(value, ensure_ascii=False))
    return item if isinstance(item.text, str) else DisplayItem(json.dumps(value, ensure_ascii=False))
