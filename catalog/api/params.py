"""Query parameters: one declaration for strict parsing and for the schema.

An unknown parameter, a repeated one that takes a single value, or an invalid value is a 400 that names the parameter
and lists what is allowed. Nothing is silently ignored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalog.api.problems import Problem
from catalog.listing import fields
from catalog.listing.fields import check_texts
from catalog.listing.filterset import EntryFilterSet
from catalog.text.slugs import MAX_LENGTH

printable = fields.printable
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"


@dataclass(frozen=True)
class Param:
    """One parameter. `read` parses a text or raises ValidationError; `many` allows repetition and yields a list;
    `schema` is the JSON Schema of one value."""

    name: str
    about: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    default: Any = None
    example: Any = None
    required: bool = False


def read(params: Iterable[Param], query: QueryDict, filterset: EntryFilterSet | None = None) -> dict[str, Any]:
    """Return the values by parameter name, with defaults for absent ones. Raises Problem (400), which includes the
    errors of a filter set about the parameters that it reads."""
    known = {param.name: param for param in params}
    errors: dict[str, list[str]] = {}
    filters = type(filterset).base_filters if filterset else {}
    for name in query:
        if name not in known and name not in filters:
            allowed = ", ".join(sorted({*known, *filters})) or "none"
            errors[printable(name)] = [f"There is no such parameter here. Allowed: {allowed}."]
    if filterset:
        errors |= messages_of(filterset)
    values: dict[str, Any] = {}
    for name, param in known.items():
        try:
            values[name] = _value(param, query.getlist(name))
        except ValidationError as error:
            errors[name] = list(error.messages)
    if errors:
        raise bad_parameters(errors)
    return values


def bad_parameters(errors: Mapping[str, list[str]]) -> Problem:
    """Build a 400 with messages by parameter."""
    return Problem(400, f"Not right in the query: {', '.join(errors)}.", kind="bad-parameter", errors=errors)


def messages_of(filterset: EntryFilterSet) -> dict[str, list[str]]:
    """Return the errors of a filter set by parameter."""
    return {name: list(messages) for name, messages in filterset.errors.items()}


def _value(param: Param, texts: list[str]) -> Any:
    if not texts:
        if param.required:
            raise ValidationError("This parameter must be given.")
        return list(param.default or []) if param.many else param.default
    check_texts(texts, many=param.many)
    values = [param.read(text) for text in texts]
    return values if param.many else values[0]


def schema_of(field: fields.ParameterField) -> dict[str, Any]:
    """Return the JSON Schema of one value of a form field."""
    if isinstance(field, fields.WholeNumberField | fields.DecimalField):
        minimum, maximum = field.limits
        kind = "integer" if isinstance(field, fields.WholeNumberField) else "number"
        return {"type": kind, "minimum": minimum, "maximum": maximum}
    if isinstance(field, fields.OneOfField):
        return {"type": "string", "enum": field.options}
    if isinstance(field, fields.SlugField):
        return {"type": "string", "pattern": SLUG, "maxLength": MAX_LENGTH}
    if isinstance(field, fields.MomentField):
        return {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    return {"type": "string"}


def text(name: str, about: str, **more: Any) -> Param:
    """Declare a parameter that takes any text."""
    return Param(name, about, str.strip, **more)


def choice(name: str, about: str, allowed: Iterable[str], **more: Any) -> Param:
    """Declare a parameter that takes one of some values."""
    field = fields.OneOfField(options=allowed)
    return Param(name, about, field.read, schema_of(field), **more)


def names(name: str, about: str, allowed: Iterable[str], **more: Any) -> Param:
    """Declare a parameter that takes several of some values, separated by commas."""
    field = fields.OneOfField(options=allowed)
    schema = {"type": "array", "items": schema_of(field), "minItems": 1}
    return Param(name, about, lambda value: [field.read(part.strip()) for part in value.split(",")], schema, **more)


def integer(name: str, about: str, minimum: int, maximum: int, **more: Any) -> Param:
    """Declare a parameter that takes an integer within bounds, both included."""
    field = fields.WholeNumberField(limits=(minimum, maximum))
    return Param(name, about, field.read, schema_of(field), **more)


def past_time(name: str, about: str, **more: Any) -> Param:
    """Declare a parameter that takes a past time with a UTC offset, or a date, which stands for its end."""
    field = fields.PastMomentField()
    return Param(name, about, field.read, schema_of(field), **more)
