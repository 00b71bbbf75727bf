"""Form fields of a payload: each knows the JSON type it takes and refuses what a reader could not see or follow."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models

from catalog.models import FormerSlug

URL_LENGTH = 500
MOST_ROWS = 500
SCHEMES = ("http", "https", "mailto")

# Control characters (Cc), halves of a pair that no database keeps (Cs), and the explicit bidirectional controls of
# Unicode Annex 9 (embeddings, overrides, isolates, marks): with those a name can be shown as another one.
UNSEEN = "\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
IN_A_LINE = re.compile(f"[{UNSEEN}]")
IN_LINES = re.compile(f"(?![\\n\\t\\r])[{UNSEEN}]")


def refuse_too_many(rows: Any) -> None:
    """Raise ValidationError for more rows than a page of one entry can hold."""
    if len(rows or ()) > MOST_ROWS:
        raise ValidationError(f"At most {MOST_ROWS} rows; these are {len(rows)}.", code="many")


def refuse_unseen(value: str, *, lines: bool = False) -> None:
    """Raise ValidationError for control and bidirectional characters, and for halves of a pair that no database keeps;
    `lines` allows line breaks and tabs."""
    if match := (IN_LINES if lines else IN_A_LINE).search(value):
        raise ValidationError(f"Holds the invisible character U+{ord(match[0]):04X}; remove it.", code="unseen")


class LineField(forms.CharField):
    """One line of text, in Unicode's composed form (NFC)."""

    json_types: tuple[type, ...] = (str,)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_unseen(value)


class ProseField(LineField):
    """Several lines of Markdown."""

    widget = forms.Textarea

    def validate(self, value: str) -> None:
        forms.CharField.validate(self, value)
        refuse_unseen(value, lines=True)


class LinkField(LineField):
    """An absolute address, kept as it was given: http, https or mailto."""

    widget = forms.URLInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", URL_LENGTH)
        super().__init__(**kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value or value.lower().startswith("mailto:"):
            return
        message = "Not an address that starts with http:// or https://."
        URLValidator(schemes=["http", "https"], message=message)(value)


class PartialDateField(LineField):
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601)."""

    default_validators = [
        RegexValidator(
            r"^(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$", "Write a date as 2024, 2024-09 or 2024-09-17."
        )
    ]


class PrintedDecimalField(LineField):
    """A decimal number exactly as printed, trailing zeros and all; null when there is none."""

    json_types = (str, type(None))
    default_validators = [
        RegexValidator(r"^[-+]?\d{1,10}(\.\d{1,8})?$", "Write a plain decimal number such as 64.50, as a string.")
    ]


class TextListField(forms.Field):
    """A list of short texts, in order, without repeats."""

    json_types = (list,)
    item_length = 500

    def to_python(self, value: Any) -> list[str]:
        items = [unicodedata.normalize("NFC", item).strip() for item in value or []]
        return list(dict.fromkeys(item for item in items if item))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        for number, item in enumerate(value, 1):
            if len(item) > self.item_length:
                raise ValidationError(f"Item {number} is longer than {self.item_length} characters.", code="long")
            refuse_unseen(item)


class RowsField(forms.Field):
    """A list of rows, each a small form of its own; errors name the row and its field."""

    json_types = (list,)

    def __init__(self, row_form: type[forms.Form], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.row_form = row_form

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        refuse_too_many(value)
        rows, errors = [], []
        for number, data in enumerate(value or [], 1):
            form = self.row_form(data)
            if form.is_valid():
                rows.append({name: _as_json(field, form.cleaned_data[name]) for name, field in form.fields.items()})
                continue
            for name, messages in form.errors.items():
                place = f"row {number}" if name == "__all__" else f"row {number}, {name}"
                errors += [f"{place}: {message}" for message in messages]
        if errors:
            raise ValidationError(errors)
        return rows


class ReferenceField(forms.ModelChoiceField):
    """Another entry, by its slug; those in `known`, looked up beforehand, need no query."""

    json_types = (str, type(None))
    known: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="slug", **kwargs)
        self.target: type[models.Model] = queryset.model

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if value in self.known:
            return self.known[value]
        rows: Any = self.queryset
        found = rows.filter(slug=value).first() if isinstance(value, str) else None
        if found is None and isinstance(value, str):
            found = rows.filter(pk__in=former_ids(rows.model, {value}).values()).first()
        if found is None:
            noun = rows.model._meta.verbose_name
            raise ValidationError(f"There is no {noun} “{value}” in the catalogue.", code="unknown")
        return found


class ReferencesField(forms.ModelMultipleChoiceField):
    """Other entries of one kind, by their slugs; those in `known`, looked up beforehand, need no query."""

    json_types = (list,)
    known: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="slug", **kwargs)
        self.target: type[models.Model] = queryset.model
        self.error_messages["invalid_choice"] = (
            f"There is no {queryset.model._meta.verbose_name} “%(value)s” in the catalogue."
        )

    def clean(self, value: Any) -> Any:
        """The rows named, also by an address that one of them had before."""
        refuse_too_many(value)
        slugs = set(value or [])
        if slugs <= self.known.keys():
            return [self.known[slug] for slug in slugs]
        rows: Any = self.queryset
        if slugs and (missing := slugs - set(rows.filter(slug__in=slugs).values_list("slug", flat=True))):
            former = former_ids(rows.model, missing)
            present = dict(rows.filter(pk__in=former.values()).values_list("pk", "slug"))
            value = list({present.get(former.get(slug, 0), slug): None for slug in value})
        return super().clean(value)


def former_ids(model: type[models.Model], slugs: set[str]) -> dict[str, int]:
    """The entries (by primary key) that once had these addresses."""
    rows = FormerSlug.objects.filter(kind=getattr(model, "kind", ""), slug__in=slugs)
    return dict(rows.values_list("slug", "entry_id"))


def _as_json(field: forms.Field, value: Any) -> Any:
    """A row's cleaned value as the payload keeps it: null for a number that is not there."""
    return value or None if isinstance(field, PrintedDecimalField) else value


JSON_TYPES: list[tuple[type[forms.Field], tuple[type, ...]]] = [
    (forms.NullBooleanField, (bool, type(None))),
    (forms.BooleanField, (bool,)),
    (forms.IntegerField, (int, type(None))),
    (forms.ChoiceField, (str,)),
]


def json_types(field: forms.Field) -> tuple[type, ...]:
    """The Python types that JSON gives for a value of `field`."""
    if types := getattr(field, "json_types", None):
        return types  # type: ignore[no-any-return]  # an attribute of our own fields
    return next(types for base, types in JSON_TYPES if isinstance(field, base))


def entry_formfield(db_field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """Our form field for a model field: the one place where a column becomes a question."""
    label = str(db_field.verbose_name).capitalize() if str(db_field.verbose_name).islower() else db_field.verbose_name
    common: dict[str, Any] = {"required": False, "label": label}
    if db_field.choices or isinstance(db_field, models.BooleanField | models.IntegerField):
        return db_field.formfield(**kwargs)
    if isinstance(db_field, models.JSONField):
        return TextListField(**common)
    if isinstance(db_field, models.URLField):
        return LinkField(max_length=db_field.max_length, **common)
    if isinstance(db_field, models.TextField):
        return ProseField(max_length=20_000, **common)
    if db_field.max_length == DATE_LENGTH:
        return PartialDateField(max_length=DATE_LENGTH, **common)
    return LineField(max_length=db_field.max_length, **common)


DATE_LENGTH = 10
