"""The OpenAPI schema endpoint. The schema is generated once per process."""

from functools import cache
from typing import Any

import orjson
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional
from catalog.api.base import ReadView
from catalog.api.conditional import Validators
from catalog.api.schema import Operation


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI 3.1 schema."""
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return document


@cache
def schema_json() -> str:
    """Return the OpenAPI schema as JSON text."""
    return orjson.dumps(schema(), default=str).decode()


class SchemaView(ReadView):
    """The OpenAPI schema."""

    operations = {
        "get": Operation(
            "schema", "about", "This description", "OpenAPI 3.1 as JSON.", answer={"type": "object"}, example={}
        )
    }

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return Validators(conditional.entity_tag(request, conditional.digest(schema_json().encode())))

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        return Response(orjson.Fragment(schema_json()))
