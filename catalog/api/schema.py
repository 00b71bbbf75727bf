"""The OpenAPI schema, which drf-spectacular generates from the operations and components that views declare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentIdentity
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiRequest, OpenApiResponse

from catalog.api.params import Param
from catalog.api.problems import MEDIA_TYPE, title_of

Schema = Mapping[str, Any]
"""A JSON Schema, in which a component may be used anywhere instead of a schema."""

COMMON_STATUSES = (400, 406, 429)
NOT_MODIFIED = "The client holds the present state: If-None-Match or If-Modified-Since said so."


@dataclass(frozen=True, eq=False)
class Component:
    """A named schema. It is listed once under `components` if an operation uses it, and referenced by `$ref`."""

    name: str
    schema: Schema


@dataclass(frozen=True)
class Operation:
    """One method of a view, as the OpenAPI schema describes it.

    `answer` is the schema of a successful response and `example` an example of one, whose status is `status` or one of
    `also`; `body` (by media type) and `body_example` are the same for the request. `problems` are the error statuses
    besides COMMON_STATUSES. `path` gives the schemas of path parameters where the URL pattern is not specific enough.
    """

    id: str
    tag: str
    summary: str
    about: str = ""
    answer: Schema | Component = field(default_factory=dict)
    example: Any = None
    status: int = 200
    also: tuple[int, ...] = ()
    media: tuple[str, ...] = ("application/json",)
    problems: tuple[int, ...] = ()
    path: Mapping[str, Schema] = field(default_factory=dict)
    params: tuple[Param, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Schema] = field(default_factory=dict)
    body_example: Any = None


def listed(items: Schema | Component) -> dict[str, Any]:
    """Return the schema of an array."""
    return {"type": "array", "items": items}


def record(optional: tuple[str, ...] = (), **properties: Schema | Component) -> dict[str, Any]:
    """Return the schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


class ComponentSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # subclassing registers it
    """Let drf-spectacular accept a component instead of a serializer."""

    target_class = Component

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        return str(self.target.name)

    def get_identity(self, auto_schema: AutoSchema, direction: str) -> Any:
        """Identify a component by itself, so that two with the same name cause a warning."""
        return ComponentIdentity(self.target)  # type: ignore[no-untyped-call]

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> Any:
        return with_refs(self.target.schema, auto_schema)


def with_refs(value: Any, auto_schema: Any) -> Any:
    """Replace components by references in a schema, or in a structure that contains schemas."""
    if isinstance(value, Component):
        return auto_schema.resolve_serializer(value, "response").ref
    if isinstance(value, Mapping):
        return {key: with_refs(item, auto_schema) for key, item in value.items()}
    if isinstance(value, list):
        return [with_refs(item, auto_schema) for item in value]
    return value


class PortalSchema(AutoSchema):
    """Pass `view.operations[method]` to drf-spectacular; a method without an operation is left out.

    `extend_schema` fills the same hooks, but once per class, and the endpoints of all kinds share their view classes.
    """

    view: Any

    @property
    def operation(self) -> Operation:
        """The operation that the view declares for the current method."""
        operation: Operation = self.view.operations[self.method.lower()]
        return operation

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Add two things that drf-spectacular does for serializers only: references within a schema, and that a body
        is required."""
        operation = super().get_operation(*args, **kwargs)
        if operation and "requestBody" in operation:
            operation["requestBody"]["required"] = True
        return operation and with_refs(operation, self)

    def is_excluded(self) -> bool:
        return self.method.lower() not in getattr(self.view, "operations", {})

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override] # drf-spectacular returns str too
        return self.operation.about or self.operation.summary

    def get_override_parameters(self) -> list[Any]:
        operation, read = self.operation, self.method == "GET"
        params = (*self._filter_params(), *self.view.get_params()) if read else ()
        headers = {**({"If-None-Match": "The ETag of what the client holds."} if read else {}), **operation.headers}
        return [
            *(
                OpenApiParameter(name, param["schema"], OpenApiParameter.PATH, description=param.get("description", ""))
                for name, param in operation.path.items()
            ),
            *(_parameter(param) for param in (*params, *operation.params)),
            *(
                OpenApiParameter(name, {"type": "string"}, OpenApiParameter.HEADER, description=about)
                for name, about in headers.items()
            ),
        ]

    def get_request_serializer(self) -> Any:
        examples = _examples(self.operation.body_example)
        return {media: OpenApiRequest(schema, examples=examples) for media, schema in self.operation.body.items()}

    def get_response_serializers(self) -> Any:
        operation = self.operation
        answer = OpenApiResponse(operation.answer, operation.summary, examples=_examples(operation.example))
        rows = OpenApiResponse({"type": "string"}, operation.summary)
        return {
            **{
                (status, media): answer if media == "application/json" else rows
                for status in (operation.status, *operation.also)
                for media in operation.media
            },
            **({304: OpenApiResponse(description=NOT_MODIFIED)} if self.method == "GET" else {}),
            **{
                (status, MEDIA_TYPE): OpenApiResponse(PROBLEM, title_of(status))
                for status in sorted({*COMMON_STATUSES, *operation.problems})
            },
        }

    def _filter_params(self) -> list[Param]:
        """Return the parameters of the view's filter backends."""
        backends = getattr(self.view, "filter_backends", [])
        return [param for backend in backends for param in backend().get_schema_operation_parameters(self.view)]


def _parameter(param: Param) -> OpenApiParameter:
    several = param.many or param.schema.get("type") == "array"
    return OpenApiParameter(
        param.name,
        {"type": "array", "items": dict(param.schema)} if param.many else dict(param.schema),
        description=param.about,
        required=param.required,
        default=None if several else param.default,
        style="form" if several else None,
        explode=param.many if several else None,
        examples=_examples(param.example),
    )


def _examples(value: Any) -> list[OpenApiExample]:
    return [] if value is None else [OpenApiExample("Example", value)]


PROBLEM = Component(
    "Problem",
    {
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
    },
)
