"""Payloads as CSV. A list of texts is joined by "; ", a list of rows is JSON in its cell."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from catalog.exchange.envelope import Envelope

ENVELOPE_KEYS = ("slug", "url", "revision", "created", "updated")
# Spreadsheets treat text with these first characters as a formula (OWASP: CSV injection).
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str | int | float:
    """A payload value as a cell; text that a spreadsheet would run as a formula is prefixed with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        texts = all(isinstance(item, str) for item in value)
        value = "; ".join(value) if texts else json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdigit()


def rows(keys: Iterable[str], envelopes: Iterable[Envelope]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), header first."""
    fields = list(keys)
    yield _line([*ENVELOPE_KEYS, *fields])
    for envelope in envelopes:
        yield _line(
            [*(cell(envelope[key]) for key in ENVELOPE_KEYS), *(cell(envelope["fields"].get(key)) for key in fields)]
        )


def _line(cells: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
