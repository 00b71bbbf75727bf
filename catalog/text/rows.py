"""Stored rows, as far as they can be read: those of a past day, or of a damaged record, may be anything."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
NUMBER = re.compile(r"[-+]?\d{1,30}(?:\.\d{1,30})?")


def readable_rows(rows: Any, *keys: str) -> list[Row]:
    """The rows that have texts under these keys."""
    rows = rows if isinstance(rows, list) else []
    return [row for row in rows if isinstance(row, Mapping) and all(isinstance(row.get(key), str) for key in keys)]


def text_in(row: Row, key: str) -> str:
    """The text of a row under a key; "" if it has none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def texts_of(value: Any) -> list[str]:
    """The texts of a list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def number_of(text: Any) -> Decimal | None:
    """The number that a text is, printed without an exponent; None if it is none."""
    return Decimal(text) if isinstance(text, str) and NUMBER.fullmatch(text) else None
