"""The documentation as a page: the schema, written out by templates of our own, with forms to try it."""

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

TITLES = {
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
class Field:
    """A parameter as the page shows it; `kind` is its type in words, `options` its closed set."""

    name: str
    place: str
    about: str
    kind: str
    options: list[str]
    required: bool
    example: str
    default: str


@dataclass(frozen=True)
class Told:
    """An operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    fields: list[Field]
    statuses: list[tuple[str, str]]
    example: str
    media: list[str]
    body: str = ""
    body_media: list[str] = field(default_factory=list)


@dataclass
class Group:
    """The operations of one tag."""

    tag: str
    title: str
    operations: list[Told] = field(default_factory=list)


def documentation(request: HttpRequest) -> HttpResponse:
    """The reference: examples, every operation, every type of problem."""
    context = {
        "groups": groups(schema()),
        "examples": examples(),
        "problems": sorted(problem_types().items()),
        "rates": settings.API_RATES,
    }
    return render(request, "api/docs.html", context)


def problem_types() -> dict[str, str]:
    """The types of problems of settings.API_PROBLEM_TYPES, with what they mean."""
    found: dict[str, str] = {}
    for path in settings.API_PROBLEM_TYPES:
        found |= import_string(path)
    return found


def examples(site_url: str | None = None) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The examples: a title, then (id, language, code) for each language; for another site where one is named."""
    context = {"site_url": site_url or settings.SITE_URL}
    return [
        (
            title,
            [
                (f"{name}-{ending}", language, render_to_string(f"api/examples/{name}.{ending}", context).strip())
                for ending, language in LANGUAGES.items()
            ],
        )
        for name, title in EXAMPLES.items()
    ]


def groups(description: Mapping[str, Any]) -> list[Group]:
    """The operations by tag: those of the kinds first, in their order."""
    found: dict[str, Group] = {kind.plural: Group(kind.plural, kind.label_plural) for kind in KINDS.values()}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            tag = operation["tags"][0]
            title = TITLES.get(tag, tag[0].upper() + tag[1:].replace("-", " "))
            found.setdefault(tag, Group(tag, title)).operations.append(told(path, method, operation))
    return list(found.values())


def told(path: str, method: str, operation: Mapping[str, Any]) -> Told:
    """One operation."""
    success = next(answer for status, answer in operation["responses"].items() if status < "300")
    content = success.get("content", {})
    body = operation.get("requestBody", {}).get("content", {})
    return Told(
        operation["operationId"],
        method.upper(),
        path,
        operation["summary"],
        operation["description"],
        [_field(one) for one in operation.get("parameters", []) if one["in"] != "header"],
        [(status, answer["description"]) for status, answer in operation["responses"].items()],
        _written(_example(*content.values())),
        [media for media in content if media != MEDIA_TYPE],
        _written(_example(*body.values())),
        list(body),
    )


def _field(parameter: Mapping[str, Any]) -> Field:
    schema_of = parameter["schema"]
    inner = schema_of.get("items", schema_of)
    example = _example(parameter) or ""
    return Field(
        parameter["name"],
        parameter["in"],
        parameter.get("description", ""),
        ", ".join(_kinds(inner)) + (", several" if schema_of.get("type") == "array" else ""),
        [str(value) for value in inner.get("enum", [])],
        parameter.get("required", False),
        ",".join(map(str, example)) if isinstance(example, list) else str(example),
        str(schema_of.get("default", "")),
    )


TECHNICAL = 10**12
"""A bound beyond this is one of the database's, and tells a reader nothing."""


def _kinds(of: Mapping[str, Any]) -> Iterator[str]:
    """A type in words: a day or a time, a number from … to …"""
    if "anyOf" in of:
        yield "day or time"
    elif "minimum" in of:
        noun = "whole number" if of["type"] == "integer" else "number"
        reached = of["maximum"] < TECHNICAL
        yield f"{noun} from {of['minimum']} to {of['maximum']}" if reached else f"{noun}, {of['minimum']} or more"
    elif "enum" in of:
        yield "one of a list"
    else:
        yield "text"


def _example(*described: Mapping[str, Any]) -> Any:
    """The first example of a parameter, or of a body's media types."""
    return next((one["value"] for each in described for one in each.get("examples", {}).values()), None)


def _written(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
