"""Fields that refer to other entries, or to a section of the list, by slug."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from catalog.forms.display import Display, DisplayItem, target_model
from catalog.forms.fields import (
    MAX_ROWS,
    Known,
    LineField,
    PayloadField,
    SlugReference,
    refuse_too_many,
    texts_only,
)
from catalog.models import Entry, FormerSlug, Section

SLUG_LENGTH = 100


class SingleReferenceField(PayloadField):
    """The base class of fields that refer to one entry of the kind `to` (or "section")."""

    json_types = (str, type(None))
    input = "reference"

    def __init__(self, to: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to = to

    @property
    def target(self) -> type[models.Model]:
        """The model that it refers to."""
        return target_model(self.to)

    def empty(self) -> Any:
        return None

    def references(self, value: Any) -> Iterator[SlugReference]:
        if value and isinstance(value, str):
            yield self.to, value

    def replace_references(self, value: Any, present: Mapping[SlugReference, str]) -> Any:
        return present.get((self.to, value), value) if isinstance(value, str) else value

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        return data.get(name, "").strip() or None


class SlugField(SingleReferenceField, LineField):
    """The slug of another entry in a row, or null; TableRowsField queries those of all rows at once."""

    def __init__(self, to: str, **kwargs: Any) -> None:
        super().__init__(to, max_length=SLUG_LENGTH, **kwargs)

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None

    def json_schema(self) -> dict[str, Any]:
        return PayloadField.json_schema(self)


class ReferenceField(SingleReferenceField, forms.Field):
    """Another entry, by its slug; entries in `known` need no query."""

    known: Mapping[str, Any] = MappingProxyType({})

    def use_known(self, known: Known) -> None:
        self.known = known.get(self.to, {})

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if value in self.known:
            return self.known[value]
        rows = self.target._default_manager.all()
        entry = rows.filter(slug=value).first() if isinstance(value, str) else None
        if entry is None and isinstance(value, str):
            entry = rows.filter(pk__in=former_ids(self.to, {value}).values()).first()
        if entry is None:
            raise ValidationError(unknown_slug_message(self.target, value), code="unknown")
        return entry

    def canonical(self, cleaned: Any) -> Any:
        return cleaned.slug if cleaned else None

    def kept(self, value: Any) -> Any:
        return self.to_python(value)

    def assign(self, entry: Entry, key: str, value: Any, known: Known) -> None:
        named = next((slug for _, slug in self.references(value)), "")
        setattr(entry, key, known.get(self.to, {}).get(named))

    def item(self, value: Any, display: Display) -> DisplayItem:
        return display.reference(self.to, value)


class SectionField(ReferenceField):
    """A section of the list, chosen from all of them."""

    input = "choice"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("section", **kwargs)

    def options(self) -> list[tuple[str, str]]:
        return [("", "none"), *((row.slug, str(row)) for row in Section.objects.all())]

    def item(self, value: Any, display: Display) -> DisplayItem:
        return DisplayItem(display.names.get(("section", value), value), display.list_url(section=value))


class ReferencesField(PayloadField):
    """Other entries of one kind, by their sorted slugs; entries in `known` need no query."""

    json_types = (list,)
    input = "rows"
    known: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, to: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.to = to

    def use_known(self, known: Known) -> None:
        self.known = known.get(self.to, {})

    def empty(self) -> list[str]:
        return []

    def to_python(self, value: Any) -> list[Any]:
        """The entries with these present or former slugs."""
        refuse_too_many(value)
        slugs = set(value or [])
        if slugs <= self.known.keys():
            return [self.known[slug] for slug in slugs]
        model = target_model(self.to)
        by_slug = {row.slug: row for row in model.objects.filter(slug__in=slugs)}
        if missing := slugs - by_slug.keys():
            former = former_ids(self.to, missing)
            present = model.objects.in_bulk(former.values())
            moved = {slug: present[pk] for slug, pk in former.items() if pk in present}
            if unknown := sorted(missing - moved.keys()):
                raise ValidationError(
                    [ValidationError(unknown_slug_message(model, slug), code="unknown") for slug in unknown]
                )
            by_slug |= {row.slug: row for row in moved.values()}
        return list(by_slug.values())

    def canonical(self, cleaned: Any) -> list[str]:
        return sorted(row.slug for row in cleaned)

    def kept(self, value: Any) -> list[Any]:
        return self.to_python(value)

    def dump(self, entry: Entry, key: str) -> list[str]:
        return self.canonical(getattr(entry, key).all())

    def assign(self, entry: Entry, key: str, value: Any, known: Known) -> None:
        rows = known.get(self.to, {})
        prefetched(entry)[key] = [rows[slug] for _, slug in self.references(value) if slug in rows]

    def type_errors(self, value: Any) -> list[str]:
        return super().type_errors(value) or texts_only(value[:MAX_ROWS])

    def references(self, value: Any) -> Iterator[SlugReference]:
        if isinstance(value, list):
            yield from ((self.to, slug) for slug in value if isinstance(slug, str))

    def replace_references(self, value: Any, present: Mapping[SlugReference, str]) -> Any:
        if present.keys().isdisjoint(self.references(value)) or texts_only(value):
            return value
        return sorted({present.get((self.to, slug), slug) for slug in value})

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}

    def read_post(self, data: Mapping[str, str], name: str) -> Any:
        return [text for n in row_numbers(data, name) if (text := data.get(f"{name}-{n}-slug", "").strip())]

    def item(self, value: Any, display: Display) -> DisplayItem:
        return display.reference(self.to, value)


def former_ids(kind: str, slugs: set[str]) -> dict[str, int]:
    """The primary keys of the entries of a kind that former slugs lead to, by slug."""
    return FormerSlug.objects.entry_ids(kind, slugs)


def unknown_slug_message(model: type[models.Model], slug: Any) -> str:
    """The error message for a slug that no entry has."""
    return f"There is no {model._meta.verbose_name} “{slug}” in the catalogue."


def prefetched(entry: Entry) -> dict[str, Any]:
    """The prefetched rows of an entry by accessor; add to it what need not be queried."""
    if not hasattr(entry, "_prefetched_objects_cache"):
        entry._prefetched_objects_cache = {}  # type: ignore[attr-defined]  # as prefetch_related fills it
    rows: dict[str, Any] = entry._prefetched_objects_cache  # type: ignore[attr-defined]
    return rows


def row_numbers(data: Mapping[str, str], name: str) -> list[int]:
    """The numbers of the rows posted under a name, in order."""
    numbers = (key.removeprefix(f"{name}-").partition("-")[0] for key in data if key.startswith(f"{name}-"))
    return sorted({int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 7})
