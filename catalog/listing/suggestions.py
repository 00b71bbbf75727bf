"""Values of facets that nothing in the catalogue has, with those that are spelt alike."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.db.models import Q

from catalog.forms.display import target_model
from catalog.kinds import KINDS, Facet, Kind
from catalog.ledger.indexing.facets import LoadedSet
from catalog.models import FacetSet

COMPARED = 1_000
"""How many values of a facet, the most used, a misspelt one is compared with."""
OFFERED = 5


class UnknownValue(ValidationError):
    """A value that nothing in the catalogue has: neither an entry of any kind nor the address of one. `alike` are
    values of the kind that are spelt alike, `common` those used most."""

    def __init__(self, kind: Kind, value: str, alike: list[str], common: list[str]) -> None:
        self.value, self.alike, self.common = value, alike, common
        used = ", ".join(alike or common) or "none"
        super().__init__(f"“{value}” is not in the catalogue. Used by {kind.plural}: {used}.", code="unknown")


def unknown_values(
    kind: Kind, given: Mapping[str, Sequence[str]], used: Sequence[LoadedSet]
) -> Iterator[tuple[str, UnknownValue]]:
    """The unknown ones among the values given for facets, by parameter; `used` are the sets of those that entries of
    the kind have. A number of queries that grows with the facets that have unknown values, not with the values."""
    known = {(one.facet, one.value) for one in used}
    facets = {facet.name: facet for facet in kind.indexed}
    missing = {
        name: unused
        for name, values in given.items()
        if (unused := [value for value in dict.fromkeys(values) if (name, value) not in known])
    }
    for name, values in missing.items():
        elsewhere = _used_elsewhere(facets[name], values)
        unknown = [value for value in values if value not in elsewhere]
        common = _most_used(kind, name) if unknown else []
        for value in unknown:
            alike = get_close_matches(value, common, n=OFFERED, cutoff=0.5)
            yield name, UnknownValue(kind, value, alike, common[:OFFERED])


def _used_elsewhere(facet: Facet, values: Sequence[str]) -> set[str]:
    """The values that are addresses of what the facet points to, or that another facet of its vocabulary has."""
    found: set[str] = set()
    for target in facet.targets:
        found.update(target_model(target)._default_manager.filter(slug__in=values).values_list("slug", flat=True))
    same = Q()
    for kind in KINDS.values():
        if names := [one.name for one in kind.indexed if one.vocabulary == facet.vocabulary != ""]:
            same |= Q(kind=kind.name, facet__in=names)
    if same:
        found.update(FacetSet.objects.filter(same, value__in=values).values_list("value", flat=True))
    return found


def _most_used(kind: Kind, facet: str) -> list[str]:
    rows = FacetSet.objects.filter(kind=kind.name, facet=facet).order_by("-count", "value")
    return list(rows.values_list("value", flat=True)[:COMPARED])
