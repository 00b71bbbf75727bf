"""Response formats: JSON by orjson; CSV, JSON Lines and citations are streamed by the list view."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from catalog.api.problems import MEDIA_TYPE as PROBLEM
from catalog.kinds.formats import BIBTEX, CSL_JSON, RIS

LEAST_INTEGER, INTEGERS_END = -(2**63), 2**64
"""The integers that orjson writes."""


def to_json(value: Any) -> bytes:
    """A value as JSON in UTF-8. Text that is JSON already is embedded as an `orjson.Fragment`.

    Integers that orjson refuses, which damaged payloads may hold, are written with all digits.
    """
    try:
        return orjson.dumps(value, default=str)
    except orjson.JSONEncodeError:
        return orjson.dumps(_accepted(value), default=str)


def _accepted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _accepted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_accepted(item) for item in value]
    if isinstance(value, int) and not LEAST_INTEGER <= value < INTEGERS_END:
        return orjson.Fragment(str(value))
    return value


class JSON(BaseRenderer):
    """JSON in UTF-8."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return `data` as bytes; empty for None (204, 304)."""
        return b"" if data is None else to_json(data)


class ProblemJSON(JSON):
    """Serves clients that accept only application/problem+json."""

    media_type = PROBLEM
    format = "problem"


class Streamed(JSON):
    """A format that the view streams row by row; errors are still rendered as JSON."""


class CSV(Streamed):
    media_type = "text/csv"
    format = "csv"


class JSONLines(Streamed):
    media_type = "application/jsonl"
    format = "jsonl"


class Cited(Streamed):
    """Papers as citations."""


class BibTeX(Cited):
    media_type = BIBTEX.media_type
    format = BIBTEX.extension


class RISRecords(Cited):
    media_type = RIS.media_type
    format = RIS.extension


class CSLJSON(Cited):
    media_type = CSL_JSON.media_type
    format = CSL_JSON.extension
