"""The OpenAPI schema endpoint. The schema is generated once per process."""

from collections.abc import Mapping
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
from catalog.kinds import KINDS

TAGS = {
    "about": "What the API is, and where its lists are.",
    "search": "Search all kinds.",
    "leaderboards": "Boards of benchmarks, what changed them, and whether results can be compared.",
    "vocabularies": "The fixed lists of values.",
    "sync": "What changed, in order, for copies that stay up to date.",
    "proposals": "Propose changes, and decide on them.",
}


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI 3.1 schema."""
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return document | {"tags": tags(document)}


def tags(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the tags that the operations have, each with a description: kinds first, in their order."""
    about = {kind.plural: kind.intro for kind in KINDS.values()} | TAGS
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    used = dict.fromkeys(tag for operation in operations for tag in operation["tags"])
    described, others = [tag for tag in about if tag in used], [tag for tag in used if tag not in about]
    return [{"name": tag, "description": about.get(tag, "")} for tag in (*described, *others)]


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
