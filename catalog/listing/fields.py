"""Form fields of query parameters, with the same strict values and error messages for pages and API."""

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
    """A query parameter, parsed by `read`. With `many` it may be repeated, and its value is a list."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, many: bool = False, example: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.many, self.example = many, example

    def clean(self, texts: Sequence[str]) -> Any:
        """The value, or a list of values; None or [] if the query has none. Raises ValidationError."""
        check_texts(texts, many=self.many)
        values = [self.read(text) for text in texts]
        return values if self.many else next(iter(values), None)

    def read(self, text: str) -> Any:
        """Parse one value. Raises ValidationError."""
        return text.strip()


class TextField(ParameterField):
    """Any text."""


class SlugField(ParameterField):
    """A slug, such as a value of an open facet."""

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
    """An integer within `limits`, both included."""

    def __init__(self, *, limits: tuple[int, int], **more: Any) -> None:
        super().__init__(**more)
        self.limits = limits

    def read(self, text: str) -> int:
        minimum, maximum = self.limits
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 19 and minimum <= int(text) <= maximum:
            return int(text)
        raise ValidationError(f"“{printable(text)}” is not a whole number from {minimum} to {maximum}.")


class DecimalField(ParameterField):
    """A decimal number within `limits`, both included."""

    def __init__(self, *, limits: tuple[int, int], **more: Any) -> None:
        super().__init__(**more)
        self.limits = limits

    def read(self, text: str) -> Decimal:
        minimum, maximum = self.limits
        if DECIMAL.fullmatch(text) and minimum <= Decimal(text) <= maximum:
            return Decimal(text)
        raise ValidationError(f"“{printable(text)}” is not a number from {minimum} to {maximum}.")


class MomentField(ParameterField):
    """A date, or a time with its zone (RFC 3339). A date is read as its start in UTC or, with `end_of_day`, its end."""

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


class PastMomentField(MomentField):
    """A time to read the catalogue as of, or a date, which stands for its end; at most the end of today in UTC."""

    def __init__(self, **more: Any) -> None:
        super().__init__(end_of_day=True, **more)

    def read(self, text: str) -> datetime:
        moment = super().read(text)
        if moment > datetime.combine(datetime.now(UTC), time.max, UTC):
            raise ValidationError(f"“{printable(text)}” is still to come.")
        return moment


def check_texts(texts: Sequence[str], *, many: bool) -> None:
    """Raise ValidationError if a parameter is repeated too often, or a value is too long or contains NUL."""
    limit = MAX_VALUES if many else 1
    if len(texts) > limit:
        raise ValidationError(f"Given {len(texts)} times; at most {limit}.")
    if any(len(text) > MAX_LENGTH or "\0" in text for text in texts):
        raise ValidationError(f"At most {MAX_LENGTH} characters, and no NUL.")


def printable(text: str) -> str:
    """User input made safe for an error message: valid Unicode without NUL, at most 80 characters."""
    return text[:80].encode("utf-8", "replace").decode().replace("\0", "�")
