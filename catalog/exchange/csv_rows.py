"""Payloads as CSV. A list of texts is joined by "; ", a list of rows is JSON in its cell."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from catalog.exchange.envelope import Envelope

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know that a file that is opened by a double click is UTF-8."""
ENVELOPE_KEYS = ("slug", "url", "revision", "created", "updated")
SEPARATOR = re.compile(r"[;,|\t\r\n]")
BLANK = r"\s\x00-\x20\u200b-\u200f\u2060\ufeff"
NUMBER = rf"[+-][\d.]+[{BLANK}\"]*(?:[;,|\]}}]|$)"
SIGNS = "=+@-\uff1d\uff0b\uff20\uff0d\ufe66\ufe62\ufe6b\ufe63\u207c\u207a\u208c\u208a\ufb29\u2a75\u2a76"
"""What begins a formula, and what Unicode takes for it (NFKC): in full width, small, raised, lowered, or doubled."""
BEFORE_FORMULA = re.compile(
    rf"(?:^|(?<![{BLANK};,|\"])(?=[{BLANK};,|\"]))[{BLANK};,|\"]*"
    rf"(?=[{re.escape(SIGNS)}])(?!{NUMBER})"
)
"""What may be before a formula (OWASP: CSV injection): blanks at the start of a cell, or what some programs take for a
separator. A number with a sign is none."""


def cell(value: Any) -> str | int | float:
    """A payload value as a cell, with an apostrophe before what a spreadsheet would run as a formula."""
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
    return ("'" if text.startswith(("\t", "\r")) else "") + BEFORE_FORMULA.sub(_with_apostrophe, text)


def _with_apostrophe(before: re.Match[str]) -> str:
    begins_cell = before.start() == 0 or SEPARATOR.search(before[0])
    return f"{before[0]}'" if begins_cell else before[0]


def rows(keys: Iterable[str], envelopes: Iterable[Envelope]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), header first."""
    fields = list(keys)
    yield _line([*ENVELOPE_KEYS, *fields])
    for envelope in envelopes:
        yield _line(
            [*(cell(envelope[key]) for key in ENVELOPE_KEYS), *(cell(envelope["fields"].get(key)) for key in fields)]
        )


def for_spreadsheets(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a file for people, with a byte order mark. Programs read what the API gives, which has none."""
    yield BYTE_ORDER_MARK
    yield from lines


def table(header: Iterable[str], lines: Iterable[Iterable[Any]]) -> str:
    """A CSV file (RFC 4180) with these cells."""
    return "".join([_line(list(header)), *(_line([cell(value) for value in values]) for values in lines)])


def _line(cells: list[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
