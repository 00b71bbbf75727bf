"""The fields of a payload.

A field class decides everything about its values in one place: their JSON types, the empty value, how they are read
from a saved entry and from a posted form, which entries they refer to, their schema in the API and how they are shown.
Other code calls methods of the field and never checks its class.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from accounts import words
from catalog.forms.display import Display, DisplayItem
from catalog.models import Entry
from catalog.text.addresses import address_error
from catalog.text.dates import date_error, partial_date

URL_LENGTH = 500
MAX_ROWS = 500
MAX_ITEMS = 5_000
"""Of a list of short texts: some papers have thousands of authors."""
EXACT_DIGITS = 15
"""The digits of a decimal that SQLite, which stores 64-bit floats, gives back as they are."""
COLUMN_DECIMALS = 8
"""The decimals that a column of numbers keeps."""
JSON_NAMES = {str: "text", int: "a whole number", bool: "true or false", list: "a list", type(None): "null"}
JSON_SCHEMA_NAMES = {str: "string", int: "integer", bool: "boolean", list: "array", type(None): "null"}

# In several lines: control characters (Cc), lone surrogates, which no database stores (Cs), tags, and the explicit
# bidirectional controls of Unicode Annex 9 (embeddings, overrides, isolates, marks), which can make a text look like
# another one. One line, such as a name, holds no character at all that nobody sees: see accounts/words.py.
INVISIBLE = "\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
INVISIBLE_IN_LINES = re.compile(f"(?![\\n\\t\\r])[{INVISIBLE}]")

BLANK: tuple[Any, ...] = ("", None, [], {})
SlugReference = tuple[str, str]
"""Kind and slug of what a payload refers to; the kind is "section" for sections of the list."""
Known = Mapping[str, Mapping[str, Any]]
"""Entries and sections that were fetched beforehand, by kind (or "section") and slug."""


def json_name(value: Any) -> str:
    """The JSON type of a value, in words."""
    return JSON_NAMES.get(type(value), type(value).__name__)


def is_blank(value: Any) -> bool:
    """Whether a payload value, or a part of one, is empty. False is not empty: it means “no”."""
    return value in BLANK


def refuse_too_many(rows: Any, most: int = MAX_ROWS) -> None:
    """Raise ValidationError for more rows than the page of one entry can show."""
    if len(rows or ()) > most:
        raise ValidationError(f"At most {most:,} rows; these are {len(rows):,}.", code="many")


def refuse_invisible(value: str, *, lines: bool = False) -> None:
    """Raise ValidationError for characters that nobody sees, and for a value of which nothing is seen.

    `lines` is for texts: it allows line breaks and tabs, and refuses only controls, direction marks, tags and lone
    surrogates.
    """
    if lines:
        match = INVISIBLE_IN_LINES.search(value)
        hidden = match[0] if match else ""
    else:
        hidden = words.hidden_character(value)
    if hidden:
        raise ValidationError(f"Holds the invisible character U+{ord(hidden):04X}; remove it.", code="unseen")
    if value and not lines and words.is_blank(value):
        raise ValidationError("Nothing of it can be seen; write letters.", code="unseen")


class PayloadField(forms.Field):
    """The base class of payload fields; the defaults are those of a text field."""

    json_types: ClassVar[tuple[type, ...]] = (str,)
    """The Python types of its JSON values."""
    input: ClassVar[str] = "line"
    """The form control: the name that templates/components/entry-form-input.html knows it by."""
    fills_row: ClassVar[bool] = True
    """Whether a posted row with only this value counts as filled in."""
    searchable: ClassVar[bool] = False
    """Whether its values are searched if the kind does not list the fields to search."""
    stored: Sequence[Any] = ()
    """The values that it has already, which stay as they are: see `EntryForm.use_stored`."""
    cleaned_before: dict[Any, Any] | None = None
    """What values were cleaned to, if the field of one form cleans those of many payloads."""

    def empty(self) -> Any:
        """The payload value when nothing is known."""
        return self.initial or ""

    def canonical(self, cleaned: Any) -> Any:
        """A cleaned value as stored in the payload."""
        return cleaned

    def clean(self, value: Any) -> Any:
        """The cleaned value. A stored one is neither refused nor normalised again: a change changes what it says."""
        if value in self.stored:
            return self.kept(value)
        if self.cleaned_before is None or self.stored:  # a list is read in the light of the items that are stored
            return super().clean(value)
        return self._clean_once(value, self.cleaned_before)

    def _clean_once(self, value: Any, before: dict[Any, Any]) -> Any:
        """The cleaned value; one that was accepted before is not cleaned again. Of a list a copy, row by row."""
        key = (type(value), repr(value) if isinstance(value, list) else value)
        if key not in before:
            before[key] = super().clean(value)
        cleaned = before[key]
        if isinstance(cleaned, list):
            return [dict(row) if isinstance(row, dict) else row for row in cleaned]
        return cleaned

    def kept(self, value: Any) -> Any:
        """The cleaned value of a stored payload value; ValidationError if it cannot be saved."""
        return value

    @property
    def stored_items(self) -> list[Any]:
        """The items or rows of the stored values; of values that are no lists, none."""
        return [item for value in self.stored if isinstance(value, list) for item in value]

    def dump(self, entry: Entry, key: str) -> Any:
        """The payload value of a saved entry."""
        return self.canonical(getattr(entry, key))

    def assign(self, entry: Entry, key: str, value: Any, known: Known) -> None:
        """Set a payload value on an unsaved entry, as if it had been fetched `with_references()`."""
        setattr(entry, key, value)

    def upgrade(self, value: Any, *, keep_unknown: bool = False) -> Any:
        """A value that an older version of this field wrote, in the present shape; a value of a wrong type as it is.

        Unknown keys of rows are left out, or kept with `keep_unknown` so that validation reports them.
        """
        return value

    def shape(self) -> Any:
        """A JSON value that differs between versions of the field with values of different shapes."""
        return sorted(JSON_SCHEMA_NAMES[kind] for kind in self.json_types)

    def references(self, value: Any) -> Iterator[SlugReference]:
        """The entries and sections that a value refers to; none if it has a wrong type."""
        return iter(())

    def replace_references(self, value: Any, present: Mapping[SlugReference, str]) -> Any:
        """The value with these references replaced by others to the same kinds, all of them at once."""
        return value

    def use_known(self, known: Known) -> None:
        """Use the entries in `known` instead of querying the database."""

    def type_errors(self, value: Any) -> list[str]:
        """Errors about the JSON type of a value; none if it may be cleaned. Of a list only as many items are looked at
        as cleaning takes: it refuses more before it reads any, unless they are stored already."""
        if not isinstance(value, self.json_types) or (isinstance(value, bool) and bool not in self.json_types):
            expected = " or ".join(JSON_NAMES[kind] for kind in self.json_types)
            return [f"Must be {expected}, not {json_name(value)}."]
        return []

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of its values."""
        names = [JSON_SCHEMA_NAMES[kind] for kind in self.json_types]
        return {"type": names[0] if len(names) == 1 else names}

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        """The value that a browser posted under `name`; what cannot be parsed is returned as typed."""
        return data.get(name, "").strip().replace("\r\n", "\n")

    def options(self) -> list[tuple[str, str]]:
        """The values to choose from, with their labels; none if any value can be typed."""
        return []

    def item(self, value: Any, display: Display) -> DisplayItem:
        """The display item of a value, or of one item of a list."""
        text = str(value)
        return DisplayItem(text, text if text.startswith(("https://", "http://", "mailto:")) else "")


class LineField(PayloadField, forms.CharField):
    """One line of text, in Unicode's composed form (NFC). `url_prefix` plus the value makes a link, if given."""

    searchable = True

    def __init__(self, *, url_prefix: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url_prefix = url_prefix

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        refuse_invisible(value)

    def json_schema(self) -> dict[str, Any]:
        length = {"maxLength": self.max_length} if self.max_length else {}
        return {**super().json_schema(), **length}

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem(value, f"{self.url_prefix}{value}") if self.url_prefix else super().item(value, display)


class ProseField(LineField):
    """Several lines of Markdown."""

    widget = forms.Textarea
    input = "prose"

    def to_python(self, value: Any) -> str:
        """With line breaks as payloads have them, which a browser posts otherwise."""
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        forms.CharField.validate(self, value)
        refuse_invisible(value, lines=True)


class LinkField(LineField):
    """An absolute URL (http, https or mailto), stored as given."""

    widget = forms.URLInput
    input = "url"
    searchable = False

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", URL_LENGTH)
        super().__init__(**kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (error := address_error(value)):
            raise ValidationError(error, code="address")

    def json_schema(self) -> dict[str, Any]:
        return {**super().json_schema(), "examples": ["https://arxiv.org/abs/2304.08485"]}


class PartialDateField(LineField):
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601)."""

    searchable = False
    default_validators = [
        RegexValidator(r"^(19|20)[0-9]{2}(-[0-9]{2}(-[0-9]{2})?)?\Z", "Write a date as 2024, 2024-09 or 2024-09-17.")
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.help_text = self.help_text or "2024, 2024-09 or 2024-09-17: as far as it is known."

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        if value and (error := date_error(value, timezone.now().date())):
            raise ValidationError(error, code="date")

    def json_schema(self) -> dict[str, Any]:
        return {**super().json_schema(), "examples": ["2024-09"]}

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem(partial_date(value))


class PrintedDecimalField(LineField):
    """A decimal number exactly as printed, with trailing zeros, or null.

    `decimals` may be more than a column of numbers keeps: the text has them all.
    """

    json_types = (str, type(None))
    input = "decimal"
    searchable = False
    default_validators = [
        RegexValidator(
            r"^-?(0|[1-9][0-9]{0,9})(\.[0-9]+)?\Z",
            "Write a plain decimal number such as 64.50: no plus sign, no zeros before it, no separators.",
        )
    ]

    def __init__(self, *, negative: bool = True, decimals: int = COLUMN_DECIMALS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.negative, self.decimals = negative, decimals

    def validate(self, value: str) -> None:
        super().validate(value)
        if value.startswith("-") and not self.negative:
            raise ValidationError("Cannot be negative.", code="negative")
        before, _, after = value.removeprefix("-").partition(".")
        if len(after) > self.decimals and after.isdigit():
            raise ValidationError(f"At most {self.decimals} decimals.", code="long")
        if sum(char.isdigit() for char in before + after[:COLUMN_DECIMALS]) > EXACT_DIGITS:
            raise ValidationError(f"At most {EXACT_DIGITS} digits.", code="long")

    def empty(self) -> None:
        return None

    def type_errors(self, value: Any) -> list[str]:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return ['Write the number as a string, such as "64.50": a JSON number loses the zeros at its end.']
        return super().type_errors(value)

    def canonical(self, cleaned: Any) -> Any:
        return cleaned or None

    def kept(self, value: Any) -> str:
        return value or ""

    def json_schema(self) -> dict[str, Any]:
        return PayloadField.json_schema(self)

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        return super().read_post(data, name) or None


class WholeNumberField(PayloadField, forms.IntegerField):
    """A whole number, or null."""

    json_types = (int, type(None))
    input = "number"
    typed = re.compile(r"[+-]?[0-9]{1,12}")
    """What is read as a number when it was typed into a form."""

    def empty(self) -> None:
        return None

    def type_errors(self, value: Any) -> list[str]:
        if isinstance(value, str) and not self.typed.fullmatch(value):
            return ["Write a whole number in digits alone, at most twelve of them."]
        return super().type_errors(value)

    def json_schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.min_value, "maximum": self.max_value}
        return {**super().json_schema(), **{name: value for name, value in bounds.items() if value is not None}}

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        text = super().read_post(data, name)
        return int(text) if self.typed.fullmatch(text) else text or None

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem(f"{value:,}")


class YearField(WholeNumberField):
    """A year, or null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1900, max_value=2100, **kwargs)

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value and timezone.now().year + 1 < value <= 2100:
            raise ValidationError("Not later than next year.", code="date")

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem(str(value))


class ChoiceField(PayloadField, forms.TypedChoiceField):
    """One of a fixed list of values; empty if it is not required and not stated."""

    input = "choice"
    fills_row = False
    searchable = True

    def json_schema(self) -> dict[str, Any]:
        values = [str(value) for value, _ in self.options()]
        return {"type": "string", "enum": values if self.required or "" in values else ["", *values]}

    def options(self) -> list[tuple[str, str]]:
        choices: Any = self.choices
        return [(str(value), str(label) if value else "not stated") for value, label in choices]

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem(next((label for known, label in self.options() if known == value), value))


class YesNoField(PayloadField, forms.NullBooleanField):
    """Yes, no, or null if not stated."""

    json_types = (bool, type(None))
    input = "yes-no"

    def empty(self) -> None:
        return None

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        return {"yes": True, "no": False}.get(data.get(name, ""))

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem("yes" if value else "no")


class FlagField(PayloadField, forms.BooleanField):
    """On or off."""

    json_types = (bool,)
    input = "check"

    def empty(self) -> bool:
        return False

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        return bool(data.get(name, ""))

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem("yes" if value else "no")


class TextListField(PayloadField):
    """A list of short texts, in order, without duplicates."""

    json_types = (list,)
    input = "lines"
    searchable = True
    item_length = 500

    def __init__(self, *, max_items: int = MAX_ITEMS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_items = max_items

    def empty(self) -> list[str]:
        return []

    def to_python(self, value: Any) -> list[str]:
        refuse_too_many(value, self.max_items)
        items = [unicodedata.normalize("NFC", item).strip() for item in value or []]
        return list(dict.fromkeys(item for item in items if item))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        stored = set(self.stored_items)
        for number, item in enumerate(value, 1):
            if item in stored:
                continue
            if len(item) > self.item_length:
                raise ValidationError(f"Item {number} is longer than {self.item_length} characters.", code="long")
            refuse_invisible(item)

    def type_errors(self, value: Any) -> list[str]:
        return super().type_errors(value) or texts_only(value[: self.max_items])

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "maxLength": self.item_length}}

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        return [line.strip() for line in data.get(name, "").splitlines() if line.strip()]


def texts_only(items: list[Any]) -> list[str]:
    """An error for each item that is not a text."""
    return [f"Item {n} must be text." for n, item in enumerate(items, 1) if not isinstance(item, str)]


def entry_formfield(db_field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """The payload field for a model field: the one place that maps columns to form fields."""
    if db_field.choices:
        return db_field.formfield(choices_form_class=ChoiceField, **kwargs)
    if isinstance(db_field, models.BooleanField):
        return db_field.formfield(form_class=YesNoField if db_field.null else FlagField, **kwargs)
    if isinstance(db_field, models.IntegerField):
        return db_field.formfield(form_class=WholeNumberField, **kwargs)
    name = str(db_field.verbose_name)
    label = name.capitalize() if name.islower() else name
    return text_field(db_field, **{"required": not db_field.blank, "label": label, **kwargs})


def text_field(db_field: "models.Field[Any, Any]", **kwargs: Any) -> PayloadField:
    """The payload field for a text column."""
    if isinstance(db_field, models.JSONField):
        return TextListField(**kwargs)
    if isinstance(db_field, models.TextField):
        return ProseField(max_length=20_000, **kwargs)
    line = LineField
    if isinstance(db_field, models.URLField):
        line = LinkField
    elif db_field.max_length == DATE_LENGTH:
        line = PartialDateField
    return line(max_length=db_field.max_length, **kwargs)


DATE_LENGTH = 10
