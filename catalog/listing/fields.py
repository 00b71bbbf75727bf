"""Form fields that read the parameters of a query strictly: the same values and the same messages for pages and API."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.text.slugs import slug_for

MAX_VALUES = 50
MAX_LENGTH = 400
DECIMAL = re.compile(r"-?(\d+|\d*\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIME = re.compile(DAY.pattern + r"[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+ ]\d\d:\d\d)", re.ASCII)
"""A time as RFC 3339 has it, with or without seconds. An unescaped plus sign arrives as a blank."""


class ParameterField(forms.Field):
    """A parameter that `read` turns from a text into a value. With `many` it may be repeated, and gives a list."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, many: bool = False, example: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.many, self.example = many, example

    def clean(self, texts: Sequence[str]) -> Any:
        """The value, or the values; None or [] where the query has none. Raises ValidationError."""
        check_texts(texts, many=self.many)
        values = [self.read(text) for text in texts]
        return values if self.many else next(iter(values), None)

    def read(self, text: str) -> Any:
        """The value of a text. Raises ValidationError."""
        return text.strip()


class TextField(ParameterField):
    """Any text."""


class SlugField(ParameterField):
    """A value of a facet without a fixed list of values."""

    def read(self, text: str) -> str:
        if text != slug_for(text) or not text:
            raise ValidationError(f"“{printable(text)}” is not a slug; “{slug_for(text)}” is.")
        return text


class OneOfField(ParameterField):
    """One of a fixed list of values."""

    def __init__(self, *, options: Iterable[str], **more: Any) -> None:
        super().__init__(**more)
        self.options = list(options)

    def read(self, text: str) -> str:
        if text not in self.options:
            raise ValidationError(f"“{printable(text)}” is not one of: {', '.join(self.options)}.")
        return text


class WholeNumberField(ParameterField):
    """A whole number between two limits, both included."""

    def __init__(self, *, limits: tuple[int, int], **more: Any) -> None:
        super().__init__(**more)
        self.limits = limits

    def read(self, text: str) -> int:
        least, most = self.limits
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 19 and least <= int(text) <= most:
            return int(text)
        raise ValidationError(f"“{printable(text)}” is not a whole number from {least} to {most}.")


class DecimalField(ParameterField):
    """A decimal number between two limits, both included."""

    def __init__(self, *, limits: tuple[int, int], **more: Any) -> None:
        super().__init__(**more)
        self.limits = limits

    def read(self, text: str) -> Decimal:
        least, most = self.limits
        if DECIMAL.fullmatch(text) and least <= Decimal(text) <= most:
            return Decimal(text)
        raise ValidationError(f"“{printable(text)}” is not a number from {least} to {most}.")


class MomentField(ParameterField):
    """A day, or a time with its zone (RFC 3339). A day means its first moment or, with `end_of_day`, its last, UTC."""

    def __init__(self, *, end_of_day: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.end_of_day = end_of_day

    def read(self, text: str) -> datetime:
        try:
            if DAY.fullmatch(text):
                return datetime.combine(datetime.fromisoformat(text), time.max if self.end_of_day else time.min, UTC)
            if TIME.fullmatch(text):
                return datetime.fromisoformat(text.replace(" ", "+")).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError(
            f"“{printable(text)}” is neither a day (2026-01-31) nor a time with its zone (2026-01-31T12:00:00Z)."
        )


def check_texts(texts: Sequence[str], *, many: bool) -> None:
    """Raise ValidationError where a parameter is repeated too often, or a text can be no value of any parameter."""
    most = MAX_VALUES if many else 1
    if len(texts) > most:
        raise ValidationError(f"Given {len(texts)} times; at most {most}.")
    if any(len(text) > MAX_LENGTH or "\0" in text for text in texts):
        raise ValidationError(f"At most {MAX_LENGTH} characters, and no NUL.")


def printable(text: str) -> str:
    """A visitor's text as it may be shown in an answer: valid Unicode without NUL, not long."""
    return text[:80].encode("utf-8", "replace").decode().replace("\0", "�")
