"""The API reference page: the OpenAPI schema rendered by templates, with forms to send requests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from catalog.api.describing import schema
from catalog.api.problems import MEDIA_TYPE
from catalog.kinds import KINDS

TAG_TITLES = {
    "about": "About the API",
    "sync": "Staying in sync",
    "proposals": "Proposing and deciding",
}
LANGUAGES = {"sh": "curl", "py": "Python", "js": "JavaScript"}
EXAMPLES = {
    "list": "Models since 2024 with their organisation",
    "page": "Every dataset, page by page",
    "search": "Search",
    "changes": "What changed since the last time",
    "propose": "Propose a new entry",
}


@dataclass(frozen=True)
class DocumentedParameter:
    """A parameter as the page shows it; `location` is path or query, `options` are the values of an enum."""

    name: str
    location: str
    about: str
    type_name: str
    options: list[str]
    required: bool
    example: str
    default: str


@dataclass(frozen=True)
class DocumentedOperation:
    """An operation as the page shows it; `statuses` are pairs of status and description."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[DocumentedParameter]
    statuses: list[tuple[str, str]]
    example: str
    media: list[str]
    body: str = ""
    body_media: list[str] = field(default_factory=list)


@dataclass
class OperationGroup:
    """The operations of one tag."""

    tag: str
    title: str
    operations: list[DocumentedOperation] = field(default_factory=list)


def documentation(request: HttpRequest) -> HttpResponse:
    """Render the API reference: examples, operations and problem types."""
    context = {
        "groups": groups(schema()),
        "examples": examples(),
        "problems": sorted(problem_types().items()),
        "rates": settings.API_RATES,
    }
    return render(request, "api/docs.html", context)


def problem_types() -> dict[str, str]:
    """Return the meaning of each problem type of settings.API_PROBLEM_TYPES."""
    types: dict[str, str] = {}
    for path in settings.API_PROBLEM_TYPES:
        types |= import_string(path)
    return types


def examples(site_url: str | None = None) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return (title, [(id, language, code)]) per example, for `site_url` or else this site."""
    context = {"site_url": site_url or settings.SITE_URL}
    return [
        (
            title,
            [
                (f"{name}-{extension}", language, render_to_string(f"api/examples/{name}.{extension}", context).strip())
                for extension, language in LANGUAGES.items()
            ],
        )
        for name, title in EXAMPLES.items()
    ]


def groups(description: Mapping[str, Any]) -> list[OperationGroup]:
    """Group the operations by tag: kinds first, in their order."""
    by_tag: dict[str, OperationGroup] = {
        kind.plural: OperationGroup(kind.plural, kind.label_plural) for kind in KINDS.values()
    }
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            tag = operation["tags"][0]
            title = TAG_TITLES.get(tag, tag[0].upper() + tag[1:].replace("-", " "))
            by_tag.setdefault(tag, OperationGroup(tag, title)).operations.append(
                documented_operation(path, method, operation)
            )
    return list(by_tag.values())


def documented_operation(path: str, method: str, operation: Mapping[str, Any]) -> DocumentedOperation:
    """Collect what the page shows of one operation."""
    success = next(answer for status, answer in operation["responses"].items() if status < "300")
    content = success.get("content", {})
    body = operation.get("requestBody", {}).get("content", {})
    return DocumentedOperation(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        operation["description"],
        [
            _documented_parameter(parameter)
            for parameter in operation.get("parameters", [])
            if parameter["in"] != "header"
        ],
        [(status, answer["description"]) for status, answer in operation["responses"].items()],
        _as_text(_example(*content.values())),
        [media for media in content if media != MEDIA_TYPE],
        _as_text(_example(*body.values())),
        list(body),
    )


def _documented_parameter(parameter: Mapping[str, Any]) -> DocumentedParameter:
    schema = parameter["schema"]
    value_schema = schema.get("items", schema)
    example = _example(parameter) or ""
    return DocumentedParameter(
        parameter["name"],
        parameter["in"],
        parameter.get("description", ""),
        ", ".join(_type_names(value_schema)) + (", several" if schema.get("type") == "array" else ""),
        [str(value) for value in value_schema.get("enum", [])],
        parameter.get("required", False),
        ",".join(map(str, example)) if isinstance(example, list) else str(example),
        str(schema.get("default", "")),
    )


DATABASE_LIMIT = 10**12
"""A higher bound is only the database's, and not worth showing to a reader."""


def _type_names(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the type of a value in words, such as "whole number from 1 to 200"."""
    if "anyOf" in schema:
        yield "day or time"
    elif "minimum" in schema:
        noun = "whole number" if schema["type"] == "integer" else "number"
        low, high = schema["minimum"], schema["maximum"]
        yield f"{noun} from {low} to {high}" if high < DATABASE_LIMIT else f"{noun}, {low} or more"
    elif "enum" in schema:
        yield "one of a list"
    else:
        yield "text"


def _example(*described: Mapping[str, Any]) -> Any:
    """Return the first example of a parameter or of a body's media types, or None."""
    return next((example["value"] for item in described for example in item.get("examples", {}).values()), None)


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
