"""Payloads as CSV. A list of texts is joined by "; ", a list of rows stands as JSON in its cell."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from catalog.exchange.envelope import Envelope

OUTER = ("slug", "url", "revision", "created", "updated")
# A spreadsheet takes a text that starts so for a formula (OWASP: CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str | int | float:
    """A payload value as a cell; a text that a spreadsheet would run gets an apostrophe in front."""
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
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdigit()


def rows(keys: Iterable[str], envelopes: Iterable[Envelope]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), its header first."""
    fields = list(keys)
    yield _line([*OUTER, *fields])
    for one in envelopes:
        yield _line([*(cell(one[key]) for key in OUTER), *(cell(one["fields"].get(key)) for key in fields)])


def _line(cells: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
