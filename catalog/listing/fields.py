"""Form fields of query parameters, with the same strict values and error messages for pages and API."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.text.slugs import slug_for

MAX_VALUES = 50
MAX_LENGTH = 400


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
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or not minimum <= value <= maximum:
            raise ValidationError(f"“{printable(text)}” is not a number from {minimum} to {maximum}.")
        return value


class MomentField(ParameterField):
    """A date, or a time with its zone (RFC 3339). A date is read as its start in UTC or, with `end_of_day`, its end."""

    def __init__(self, *, end_of_day: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.end_of_day = end_of_day

    def read(self, text: str) -> datetime:
        try:
            if len(text) == 10:
                start = datetime.combine(date.fromisoformat(text), time(), UTC)
                return start + timedelta(days=1) - timedelta(microseconds=1) if self.end_of_day else start
            moment = datetime.fromisoformat(text.replace(" ", "+"))  # an unescaped plus sign arrives as a blank
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError(
            f"“{printable(text)}” is neither a day (2026-01-31) nor a time with its zone (2026-01-31T12:00:00Z)."
        )


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
