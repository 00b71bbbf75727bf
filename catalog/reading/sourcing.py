"""How the catalogue's values are sourced: the numbers by kind and field, and the fields to work on."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.kinds import KINDS, Kind
from catalog.models import FieldSourcing, Sourced, SourcingCount


@dataclass(frozen=True)
class Counts:
    """The numbers of values with sources of their own, and of others by what stands for them; of one field of a kind,
    or of all (`field` is empty)."""

    kind: Kind
    field: str
    own: int = 0
    change: int = 0
    list: int = 0
    none: int = 0

    @property
    def label(self) -> str:
        return self.kind.label_of(self.field) if self.field else self.kind.label_plural

    def __add__(self, other: "Counts") -> "Counts":
        """The sum of two counts of a kind."""
        sums = (getattr(self, state) + getattr(other, state) for state in Sourced.values)
        return Counts(self.kind, "", *sums)


def counts() -> Iterator[tuple[Counts, list[Counts]]]:
    """For each kind with entries the counts of all its fields and of each, in the fields' order; one query."""
    rows = SourcingCount.objects.values_list("kind", "field", *Sourced.values)
    sums = {(kind, field): of for kind, field, *of in rows if any(of)}
    for kind in KINDS.values():
        keys = [key for key in kind.form.payload_keys() if (kind.name, key) in sums]
        by_field = [Counts(kind, key, *sums[kind.name, key]) for key in keys]
        if by_field:
            yield sum(by_field, Counts(kind, "")), by_field


def fields_to_source(state: str, kind: str = "", field: str = "") -> QuerySet[FieldSourcing]:
    """The fields of entries whose weakest value has this state; of one kind, and of one of its fields, if given."""
    given = {name: value for name, value in (("kind", kind), ("field", field)) if value}
    return FieldSourcing.objects.filter(weakest=state, **given).order_by("kind", "field", "entry_id")
