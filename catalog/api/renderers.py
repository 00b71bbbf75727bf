"""The formats of an answer: JSON by orjson; CSV and JSON Lines are streamed by the list itself."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

from catalog.api.problems import MEDIA_TYPE as PROBLEM


class JSON(BaseRenderer):
    """UTF-8 JSON. A text that is JSON already goes in as an `orjson.Fragment`."""

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
        """`data` as bytes; nothing for None (204, 304)."""
        return b"" if data is None else orjson.dumps(data, default=str)


class ProblemJSON(JSON):
    """So that a client which accepts problems alone is not refused."""

    media_type = PROBLEM
    format = "problem"


class Streamed(JSON):
    """A format that the view writes itself, row by row; an error in it is a problem in JSON all the same."""


class CSV(Streamed):
    media_type = "text/csv"
    format = "csv"


class JSONLines(Streamed):
    media_type = "application/jsonl"
    format = "jsonl"
