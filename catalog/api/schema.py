"""The OpenAPI description: what a view declares as operations, written out; drf-spectacular finds and checks them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.openapi import AutoSchema

from catalog.api.params import Param
from catalog.api.problems import MEDIA_TYPE, title_of

Schema = Mapping[str, Any]

NOT_MODIFIED = {"description": "The client holds the present state: If-None-Match or If-Modified-Since said so."}
PATH_PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Operation:
    """One method of a view, as the documentation tells it.

    `answer` is the JSON Schema of a success (`ref("Paper")` names a component), `example` an answer; `body` and
    `body_example` the same for what is sent, by media type. `problems` are the statuses that it may fail with besides
    those that every operation has (`EVERYWHERE`). `path` describes the parameters of the address.
    """

    id: str
    tag: str
    summary: str
    about: str = ""
    answer: Schema = field(default_factory=dict)
    example: Any = None
    status: int = 200
    media: tuple[str, ...] = ("application/json",)
    problems: tuple[int, ...] = ()
    path: Mapping[str, Schema] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Schema] = field(default_factory=dict)
    body_example: Any = None
    signed_in: bool = False


EVERYWHERE = (400, 406, 429)


def ref(name: str) -> dict[str, str]:
    """A component by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": items}


def record(optional: tuple[str, ...] = (), **properties: Schema) -> dict[str, Any]:
    """The schema of an object that has these members, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


class PortalSchema(AutoSchema):
    """Writes out `view.operations[method]`; a method without one is not described."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> dict[str, Any] | None:
        """The operation of one method at one address."""
        view: Any = self.view
        operation: Operation | None = getattr(view, "operations", {}).get(method.lower())
        if operation is None:
            return None
        self.registry, self.path, self.method = registry, path, method
        read = method == "GET"
        declared = (*self._filter_params(), *view.declared()) if read else ()
        written: dict[str, Any] = {
            "operationId": operation.id,
            "tags": [operation.tag],
            "summary": operation.summary,
            "description": operation.about or operation.summary,
            "parameters": _parameters(path, operation, (*declared, *operation.params), read=read),
            "security": [way for way in self.get_auth() if way] + ([] if operation.signed_in else [{}]),
            "responses": _responses(operation, read=read),
        }
        if operation.body:
            written["requestBody"] = _body(operation)
        return written

    def _filter_params(self) -> list[Param]:
        """The parameters of the view's filter backends."""
        backends = getattr(self.view, "filter_backends", [])
        return [param for one in backends for param in one().get_schema_operation_parameters(self.view)]


def _parameters(path: str, operation: Operation, params: tuple[Param, ...], *, read: bool) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            **operation.path.get(name, {"schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}}),
        }
        for name in PATH_PARAMETER.findall(path)
    ]
    found += [_parameter(param) for param in params]
    sent = {**({"If-None-Match": "The ETag of what the client holds."} if read else {}), **operation.headers}
    return found + [
        {"name": name, "in": "header", "description": about, "schema": {"type": "string"}}
        for name, about in sent.items()
    ]


def _parameter(param: Param) -> dict[str, Any]:
    several = param.many or param.schema.get("type") == "array"
    schema = {"type": "array", "items": dict(param.schema)} if param.many else dict(param.schema)
    if param.default is not None and not several:
        schema["default"] = param.default
    written: dict[str, Any] = {"name": param.name, "in": "query", "description": param.about, "schema": schema}
    if several:
        written |= {"style": "form", "explode": param.many}
    if param.required:
        written["required"] = True
    if param.example is not None:
        written["example"] = param.example
    return written


def _responses(operation: Operation, *, read: bool) -> dict[str, Any]:
    example = {"example": operation.example} if operation.example is not None else {}
    content = {
        media: {"schema": dict(operation.answer), **example} if "json" in media else {"schema": {"type": "string"}}
        for media in operation.media
        if operation.status != 204
    }
    found: dict[str, Any] = {str(operation.status): {"description": operation.summary}}
    if content:
        found[str(operation.status)]["content"] = content
    if read:
        found["304"] = NOT_MODIFIED
    for status in sorted({*EVERYWHERE, *operation.problems}):
        found[str(status)] = _problem(status)
    return found


def _problem(status: int) -> dict[str, Any]:
    return {"description": title_of(status), "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


def _body(operation: Operation) -> dict[str, Any]:
    example = {"example": operation.body_example} if operation.body_example is not None else {}
    return {
        "required": True,
        "content": {media: {"schema": dict(schema), **example} for media, schema in operation.body.items()},
    }


PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "object", "description": "Messages by the parameter or field that they are about."},
    },
    "required": ["type", "title", "status", "detail", "instance"],
    "example": {
        "type": "https://example.org/api/docs/#problem-bad-parameter",
        "title": "Bad request",
        "status": 400,
        "detail": "Not right in the query: colour.",
        "instance": "/api/v1/papers/",
        "errors": {"colour": ["There is no such parameter here. Allowed: as_of, count, cursor."]},
    },
}

COMPONENTS: dict[str, Schema] = {"Problem": PROBLEM}
"""The named schemas that every API has."""


def add_components(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """drf-spectacular's last step: the named schemas of settings.API_COMPONENTS."""
    named: dict[str, Schema] = {}
    for path in settings.API_COMPONENTS:
        named |= import_string(path)
    result.setdefault("components", {}).setdefault("schemas", {}).update(
        {name: dict(schema) for name, schema in sorted(named.items())}
    )
    return result
