"""Values as JSON text, and rows as JSON Lines or as one array, in constant memory."""

import json
from collections.abc import Iterable, Iterator
from typing import Any


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def lines(rows: Iterable[Any]) -> Iterator[str]:
    """JSON Lines: a row a line."""
    for row in rows:
        yield json_text(row) + "\n"


def array(rows: Iterable[Any]) -> Iterator[str]:
    """An array, a row a line."""
    opening = "[\n"
    for row in rows:
        yield opening + json_text(row)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"
