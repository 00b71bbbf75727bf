"""The filters of a list, one for each parameter. Each filters a queryset; `accepts` checks a single entry, which is how
lists of a past day are filtered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import ge, le
from typing import Any, TypeVar

import django_filters
from django.db.models import Q, QuerySet

from catalog.kinds import Facet, Kind, Range
from catalog.listing import fields
from catalog.models import Entry

Rows = TypeVar("Rows", bound=QuerySet[Any])


class ParameterFilter(django_filters.Filter):
    """A filter of one parameter."""

    def __copy__(self) -> "ParameterFilter":
        copied = object.__new__(type(self))
        copied.__dict__.update(self.__dict__)
        return copied


class ColumnFilter(ParameterFilter):
    """A filter by a column."""

    def accepts(self, entry: Entry, value: Any) -> bool:
        """Whether an entry, saved or not, passes the filter."""
        raise NotImplementedError


class BaseFacetFilter(ParameterFilter):
    """A filter by a facet. The filter set filters by all facets at once, by their facet sets, so this filter itself
    leaves the queryset as it is."""

    facet: Facet
    field_class: type[fields.ParameterField]
    any_slug = False
    """Whether the facet takes any slug: it is open and its values are no numbers."""

    def narrow(self, condition: "FacetCondition", value: Any) -> None:
        """Add a parameter's value to the condition of the facet."""
        raise NotImplementedError

    def filter(self, rows: Rows, value: Any) -> Rows:
        return rows


class FacetFilter(BaseFacetFilter):
    """Entries with any of the given values of a facet."""

    def __init__(self, facet: Facet) -> None:
        self.facet = facet
        help_text = f"{facet.label}; repeat it for any of several."
        options: dict[str, Any] = {}
        if facet.number:
            self.field_class, options = fields.WholeNumberField, {"limits": facet.number}
        elif facet.choices:
            self.field_class, options = fields.OneOfField, {"options": facet.choices}
        else:
            help_text = f"{help_text} A slug, as /api/v1/vocabularies/ lists them."
            self.field_class, self.any_slug = fields.SlugField, True
        super().__init__(label=facet.label, help_text=help_text, many=True, **options)

    def narrow(self, condition: "FacetCondition", value: Sequence[Any]) -> None:
        condition.values = {str(item) for item in value}


class FacetBoundFilter(BaseFacetFilter):
    """Entries with a value of a facet that is at least, or at most, a number."""

    def __init__(self, over: Range, facet: Facet, *, upper: bool) -> None:
        self.range, self.facet, self.upper = over, facet, upper
        self.field_class, options = bound_field(over, upper=upper)
        super().__init__(**options)

    def narrow(self, condition: "FacetCondition", value: Any) -> None:
        bound = self.range.encode(value)
        if self.upper:
            condition.maximum = bound
        else:
            condition.minimum = bound


@dataclass
class FacetCondition:
    """The values of a facet that a query accepts: any of `values`, between `minimum` and `maximum`."""

    facet: Facet
    values: set[str] | None = None
    minimum: str | None = None
    maximum: str | None = None

    @property
    def query(self) -> Q:
        """The condition as a lookup on FacetValue or FacetSet."""
        lookups: dict[str, Any] = {"facet": self.facet.name}
        if self.values is not None:
            lookups["value__in"] = sorted(self.values)
        if self.minimum is not None:
            lookups["value__gte"] = self.minimum
        if self.maximum is not None:
            lookups["value__lte"] = self.maximum
        return Q(**lookups)

    def accepts(self, value: str) -> bool:
        """Whether a value meets the condition."""
        return (
            (self.values is None or value in self.values)
            and (self.minimum is None or value >= self.minimum)
            and (self.maximum is None or value <= self.maximum)
        )

    def accepts_entry(self, entry: Entry) -> bool:
        """Whether any of an entry's values meets the condition."""
        return any(self.accepts(value) for value, _ in self.facet.values(entry))


class BoundFilter(ColumnFilter):
    """Entries with a number that is at least, or at most, the given one."""

    def __init__(self, over: Range, *, upper: bool) -> None:
        self.range, self.upper = over, upper
        self.field_class, options = bound_field(over, upper=upper)
        super().__init__(over.column, "lte" if upper else "gte", **options)

    def filter(self, rows: Rows, value: Any) -> Rows:
        if value is not None and self.upper and self.range.unknown is not None:
            rows = rows.filter(**{f"{self.field_name}__gt": self.range.unknown})
        narrowed: Rows = super().filter(rows, value)
        return narrowed

    def accepts(self, entry: Entry, value: Any) -> bool:
        number = getattr(entry, self.range.attribute)
        return number is not None and (le if self.upper else ge)(number, value)


class SinceFilter(ColumnFilter):
    """Entries whose time in a column is the given time or later."""

    field_class = fields.MomentField

    def __init__(self, column: str, verb: str) -> None:
        help_text = f"{verb} at this moment or later."
        super().__init__(column, "gte", label=f"{verb} since", help_text=help_text, example="2026-01-31")

    def accepts(self, entry: Entry, value: datetime) -> bool:
        return bool(getattr(entry, self.field_name) >= value)


class SlugFilter(ColumnFilter):
    """The entries with these slugs."""

    field_class = fields.TextField

    def __init__(self) -> None:
        help_text = "The entries with these slugs; repeat it for several."
        super().__init__("slug", "in", label="Slug", help_text=help_text, many=True, example=["clip"])

    def accepts(self, entry: Entry, value: Sequence[str]) -> bool:
        return entry.slug in value


class SortFilter(ParameterFilter):
    """The order of the rows."""

    field_class = fields.OneOfField

    def __init__(self, kind: Kind) -> None:
        self.orders = {"slug": ("slug",), **{name: order.by for name, order in kind.orders.items()}}
        super().__init__(label="Sort", help_text="The order.", options=self.orders)

    def filter(self, rows: Rows, value: str | None) -> Rows:
        return rows.order_by(*self.orders[value]) if value else rows


class AsOfFilter(ParameterFilter):
    """The time as of which the catalogue is read (catalog.listing.past); no live row is of a past time."""

    field_class = fields.PastMomentField

    def __init__(self) -> None:
        help_text = (
            "The catalogue as it stood at this time, or at the end of this day (UTC). Lists are then sorted by slug."
        )
        super().__init__(label="As of", help_text=help_text, example="2026-01-31")

    def filter(self, rows: Rows, value: datetime | None) -> Rows:
        return rows.none() if value else rows


def bound_field(over: Range, *, upper: bool) -> tuple[type[fields.ParameterField], dict[str, Any]]:
    """The field class of one bound of a range, and its options."""
    field_class = fields.DecimalField if over.decimal else fields.WholeNumberField
    return field_class, {
        "label": f"{over.label} {'up to' if upper else 'from'}",
        "help_text": over.help_texts[upper],
        "limits": over.limits,
        "example": over.examples[upper],
    }


def filters_of(kind: Kind) -> dict[str, ParameterFilter]:
    """The filters of a kind by parameter: facets, times of change, ranges, slug, sort and as_of."""
    ranged = {over.facet.name for over in kind.ranges if over.facet}
    filters: dict[str, ParameterFilter] = {
        facet.name: FacetFilter(facet) for facet in kind.indexed if facet.name not in ranged
    }
    filters |= {"updated_since": SinceFilter("updated", "Changed"), "created_since": SinceFilter("created", "Added")}
    for over in kind.ranges:
        for suffix, upper in (("min", False), ("max", True)):
            bound = FacetBoundFilter(over, over.facet, upper=upper) if over.facet else BoundFilter(over, upper=upper)
            filters[f"{over.name}_{suffix}"] = bound
    return {**filters, "slug": SlugFilter(), "sort": SortFilter(kind), "as_of": AsOfFilter()}
