"""What the lists of a kind can be narrowed by: a django-filter set made from the kind's register line.

Each filter declares its parameters (read strictly, shown in the schema), narrows a query, and can say of a single entry
whether it keeps it, which is how the catalogue of a past date is narrowed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache, reduce
from operator import or_
from typing import Any, TypeVar

import django_filters
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from pyroaring import BitMap

from catalog.api import params
from catalog.api.params import Param
from catalog.api.problems import Problem
from catalog.kinds import KINDS, Facet, Kind
from catalog.listing.facets import ALL, Word, together, under, words
from catalog.models import Entry, FacetSet, LinkKind, Section
from catalog.text.slugs import MAX_LENGTH, slug_for

Rows = QuerySet[Any]
R = TypeVar("R", bound=Rows)
SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
ALIKE = 1_000
"""Among how many values, the most used, one is looked for that is spelt alike."""
MILLION = 1_000  # in the unit of total_b, which is billions

CLOSED: dict[str, Sequence[str]] = {"link": LinkKind.values, "weights": ("weights", "no-weights")}
COLUMNS = {"measured": "measured_by"}
TARGETS: dict[str, type[models.Model]] = {"section": Section, **{name: kind.model for name, kind in KINDS.items()}}
NUMBERS = {"year": (1900, 2100), "shots": (0, 1000)}


class OverFacets(django_filters.Filter):
    """Entries that have some values of a facet."""

    def __init__(self, kind: Kind, facet: Facet, asked_by: tuple[Param, ...]) -> None:
        super().__init__()
        self.kind, self.facet, self.params = kind, facet, asked_by

    def values(self, asked: Any) -> models.Q:
        """Which values are meant, in a query."""
        raise NotImplementedError

    def means(self, value: str, asked: Any) -> bool:
        """Whether this value is meant."""
        raise NotImplementedError

    def keeps(self, entry: Entry, asked: Any) -> bool:
        return any(self.means(value, asked) for value, _ in self.facet.values(entry))


class ByFacet(OverFacets):
    """Entries that have any of the given values of a facet."""

    def __init__(self, kind: Kind, facet: Facet) -> None:
        super().__init__(kind, facet, (facet_param(kind, facet),))
        self.closed = facet.name in NUMBERS or bool(choices_of(kind, facet))

    def asked(self, values: Mapping[str, Any]) -> Any:
        return [str(value) for value in values[self.facet.name]]

    def values(self, asked: Any) -> models.Q:
        return models.Q(facet=self.facet.name, value__in=asked)

    def means(self, value: str, asked: Any) -> bool:
        return value in asked


class Between(django_filters.Filter):
    """Entries whose number lies between two bounds, both included; `column` holds it, `of` reads it from an entry."""

    def __init__(self, name: str, column: str, of: Any, bounds: tuple[Param, Param]) -> None:
        super().__init__(field_name=column)
        self.name, self.of, self.params = name, of, bounds

    def asked(self, values: Mapping[str, Any]) -> Any:
        found = tuple(values[param.name] for param in self.params)
        return found if any(bound is not None for bound in found) else ()

    def filter(self, rows: Rows, asked: Any) -> Rows:
        least, most = asked
        if least is not None:
            rows = rows.filter(**{f"{self.field_name}__gte": least})
        elif self.field_name.startswith("order_"):  # these columns hold 0 where nothing is known
            rows = rows.filter(**{f"{self.field_name}__gt": 0})
        return rows if most is None else rows.filter(**{f"{self.field_name}__lte": most})

    def keeps(self, entry: Entry, asked: Any) -> bool:
        value, (least, most) = self.of(entry), asked
        return value is not None and (least is None or value >= least) and (most is None or value <= most)


class Parameters(OverFacets):
    """Models with a variant whose total parameters, in billions, lie between two bounds."""

    def __init__(self, kind: Kind) -> None:
        bounds = (
            decimal("parameters_min", "Billions of parameters that some variant has at least.", example="7"),
            decimal("parameters_max", "Billions of parameters that some variant has at most.", example="13"),
        )
        super().__init__(kind, next(facet for facet in kind.api_facets if facet.name == "parameters"), bounds)

    def asked(self, values: Mapping[str, Any]) -> Any:
        least, most = values["parameters_min"], values["parameters_max"]
        if least is None and most is None:
            return ()
        return (f"{int((least or 0) * MILLION):012d}", "9" * 12 if most is None else f"{int(most * MILLION):012d}")

    def values(self, asked: Any) -> models.Q:
        return models.Q(facet=self.facet.name, value__range=asked)

    def means(self, value: str, asked: Any) -> bool:
        return bool(asked[0] <= value <= asked[1])


class Since(django_filters.Filter):
    """Entries created or changed at a moment or later."""

    def __init__(self, column: str, about: str) -> None:
        super().__init__(field_name=column)
        name = f"{column}_since"
        self.params = (params.moment(name, about, end_of_day=False, example="2026-01-31"),)

    def asked(self, values: Mapping[str, Any]) -> Any:
        found: datetime | None = values[self.params[0].name]
        return found or ()

    def filter(self, rows: Rows, asked: Any) -> Rows:
        return rows.filter(**{f"{self.field_name}__gte": asked})

    def keeps(self, entry: Entry, asked: Any) -> bool:
        return bool(getattr(entry, self.field_name) >= asked)


class Slugs(django_filters.Filter):
    """The entries at these addresses."""

    params = (params.text("slug", "The entries with these slugs; repeat it for several.", many=True, example=["clip"]),)

    def asked(self, values: Mapping[str, Any]) -> Any:
        return values["slug"]

    def filter(self, rows: Rows, asked: Any) -> Rows:
        return rows.filter(slug__in=asked)

    def keeps(self, entry: Entry, asked: Any) -> bool:
        return entry.slug in asked


def facet_param(kind: Kind, facet: Facet) -> Param:
    """The parameter of a facet: of a closed set where its field has choices, else any slug."""
    about = f"{facet.label}; repeat it for any of several."
    if facet.name in NUMBERS:
        return params.integer(facet.name, about, *NUMBERS[facet.name], many=True)
    if closed := choices_of(kind, facet):
        return params.choice(facet.name, about, closed, many=True)
    vocabulary = f"{about} A slug, as /api/v1/vocabularies/ lists them."
    schema = {"type": "string", "pattern": SLUG, "maxLength": MAX_LENGTH}
    return Param(facet.name, vocabulary, slug, schema, many=True)


def choices_of(kind: Kind, facet: Facet) -> list[str]:
    """The values that a facet can have at all; empty where they are open."""
    if facet.name in CLOSED:
        return list(CLOSED[facet.name])
    column = COLUMNS.get(facet.name, facet.name)
    fields = {field.name: field for field in kind.model._meta.get_fields()}
    return [str(value) for value, _ in getattr(fields.get(column), "choices", None) or []]


def slug(value: str) -> str:
    """A value of an open facet. Raises ValidationError for what can be none."""
    if value != slug_for(value) or not value:
        raise ValidationError(f"“{params.printable(value)}” is not a slug; “{slug_for(value)}” is.")
    return value


def decimal(name: str, about: str, **more: Any) -> Param:
    """A decimal number of a reasonable size."""

    def inner(value: str) -> Decimal:
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) > 10**8:
            raise ValidationError(f"“{params.printable(value)}” is not a number from -100000000 to 100000000.")
        return found

    return Param(name, about, inner, {"type": "number", "minimum": -(10**8), "maximum": 10**8}, **more)


def _ranges(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "year_range": Between("year_range", "order_year", lambda entry: entry.year, _years()),
    }
    if kind.name == "paper":
        found["parameters"] = Parameters(kind)
    if kind.name == "dataset":
        bounds = (
            params.integer("size_min", "Items it holds at least.", 1, 2**53, example=1_000_000),
            params.integer("size_max", "Items it holds at most.", 1, 2**53),
        )
        found["size_range"] = Between("size_range", "order_size", lambda entry: entry.size_count, bounds)
    if kind.name == "result":
        values = decimal("value_min", "The value, at least."), decimal("value_max", "The value, at most.")
        found["value_range"] = Between("value_range", "number", lambda entry: entry.number, values)
    return found


def _years() -> tuple[Param, Param]:
    return (
        params.integer("year_min", "Of this year or later.", 1900, 2100, example=2023),
        params.integer("year_max", "Of this year or earlier.", 1900, 2100),
    )


@cache
def filterset_of(kind_name: str) -> type[django_filters.FilterSet]:
    """The filters of a kind: every facet, ranges, and when it changed."""
    kind = KINDS[kind_name]
    facets = {facet.name: ByFacet(kind, facet) for facet in kind.indexed if facet.name != "parameters"}
    since = {
        "updated_since": Since("updated", "Changed at this moment or later."),
        "created_since": Since("created", "Added at this moment or later."),
    }
    meta = type("Meta", (), {"model": kind.model, "fields": []})
    declared = {**facets, **_ranges(kind), "slug": Slugs(), **since}
    return type(f"{kind.name}-api-filters", (django_filters.FilterSet,), {**declared, "Meta": meta})


def filter_params(kind: Kind) -> list[Param]:
    """The parameters of a kind's filters."""
    return [param for one in filterset_of(kind.name).base_filters.values() for param in one.params]


def in_use(kind: Kind, values: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """The filters that a query uses, each with what it asks for."""
    every = filterset_of(kind.name).base_filters.values()
    return [(one, asked) for one in every if (asked := one.asked(values))]


def narrowed(kind: Kind, rows: Rows, values: Mapping[str, Any]) -> Rows:
    """The entries that the query's filters leave; one query for all facets. Raises Problem (400) where an open facet is
    asked for a word that nothing in the catalogue has."""
    wanted = in_use(kind, values)
    over = [(one, asked) for one, asked in wanted if isinstance(one, OverFacets)]
    if over:
        meant = [one.values(asked) for one, asked in over]
        known = words(kind, reduce(or_, meant, models.Q(facet=ALL)))
        if errors := _unknown(kind, over, known):
            raise Problem(400, f"Not right in the query: {', '.join(errors)}.", kind="bad-parameter", errors=errors)
        masks = [
            together(word for word in known if word.facet == one.facet.name and one.means(word.value, asked))
            for one, asked in over
        ]
        total = len(together(word for word in known if word.facet == ALL))
        rows = under(kind, rows, BitMap.intersection(*masks), meant, total)
    for one, asked in wanted:
        if not isinstance(one, OverFacets):
            rows = one.filter(rows, asked)
    return rows


def _unknown(kind: Kind, over: Sequence[tuple[OverFacets, Any]], known: Sequence[Word]) -> dict[str, list[str]]:
    """Words that are nobody's, neither a value of an entry of any kind nor the address of an entry, as errors by
    parameter; up to three queries for each that no entry of this kind has."""
    used = {(word.facet, word.value) for word in known}
    errors: dict[str, list[str]] = {}
    for one, asked in over:
        name = one.facet.name
        for value in asked if isinstance(one, ByFacet) and not one.closed else ():
            if (name, value) in used or _is_somewhere(name, value):
                continue
            most = FacetSet.objects.filter(kind=kind.name, facet=name).order_by("-count", "value")
            near = list(most.values_list("value", flat=True)[:ALIKE])
            said = ", ".join(get_close_matches(value, near, n=5, cutoff=0.5) or near[:5]) or "none"
            errors.setdefault(name, []).append(f"“{value}” is not in the catalogue. Used by {kind.plural}: {said}.")
    return errors


def _is_somewhere(facet: str, value: str) -> bool:
    """Whether entries of another kind have this value, or it is the address of an entry or a section that the facet may
    point to."""
    target = TARGETS.get(facet)
    if target and target._default_manager.filter(slug=value).exists():
        return True
    return FacetSet.objects.filter(kind__in=KINDS, facet=facet, value=value).exists()
