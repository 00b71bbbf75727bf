"""Unknown facet values in a query, with suggestions of similar ones."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

from catalog.forms.display import target_model
from catalog.kinds import KINDS, Facet, Kind
from catalog.ledger import as_of
from catalog.ledger.indexing.facets import LoadedSet
from catalog.models import FacetSet, FormerSlug, Revision
from catalog.models.database import is_open

MAX_COMPARED = 1_000
"""The number of most used values that an unknown one is compared with."""
MAX_EXPLAINED = 5
"""The number of unknown values of a query that are compared; a hundred of them would take a second."""
MAX_SUGGESTIONS = 5


class UnknownValue(ValidationError):
    """A value that no entry of any kind has, and that is no slug of an entry. `similar` are values of the kind with a
    similar spelling, `common` those used most."""

    def __init__(self, kind: Kind, value: str, similar: list[str], common: list[str]) -> None:
        self.value, self.similar, self.common = value, similar, common
        used = ", ".join(similar or common) or "none"
        super().__init__(f"“{value}” is not in the catalogue. Used by {kind.plural}: {used}.", code="unknown")


def unknown_values(
    kind: Kind, given: Mapping[str, Sequence[str]], used: Sequence[LoadedSet]
) -> Iterator[tuple[str, UnknownValue]]:
    """The unknown values among those given for facets, by parameter; `used` are the sets of values that entries of the
    kind have. The number of queries grows with the facets that have unknown values, not with the values."""
    facets, explained = {facet.name: facet for facet in kind.indexed}, 0
    for name, values in _unused(given, used).items():
        elsewhere = _used_elsewhere(facets[name], values)
        unknown = [value for value in values if value not in elsewhere]
        common = _most_used(kind, name) if unknown else []
        for value in unknown:
            compared = common if explained < MAX_EXPLAINED else []
            similar = get_close_matches(value, compared, n=MAX_SUGGESTIONS, cutoff=0.5)
            explained += 1
            yield name, UnknownValue(kind, value, similar, common[:MAX_SUGGESTIONS])


def former_slugs(
    kind: Kind, given: Mapping[str, Sequence[str]], used: Sequence[LoadedSet]
) -> dict[str, dict[str, str]]:
    """The present slugs by former one, by parameter: of entries that were moved or merged, among the values given for
    facets that no entry of the kind has. No query unless there are such values."""
    facets = {facet.name: facet for facet in kind.indexed}
    found = {name: _followed(facets[name], values) for name, values in _unused(given, used).items()}
    return {name: slugs for name, slugs in found.items() if slugs}


def slugs_as_of(kind: Kind, given: Mapping[str, Sequence[str]], at: datetime) -> dict[str, dict[str, str]]:
    """The slugs that entries had at a time by others that the values given for facets are, by parameter."""
    facets = {facet.name: facet for facet in kind.indexed}
    found = {
        name: {
            value: slug for target in facets[name].targets for value, slug in as_of.slugs(target, values, at).items()
        }
        for name, values in given.items()
    }
    return {name: slugs for name, slugs in found.items() if slugs}


def _unused(given: Mapping[str, Sequence[str]], used: Sequence[LoadedSet]) -> dict[str, list[str]]:
    """The values given for facets that are not among those in use, by parameter."""
    known = {(facet_set.facet, facet_set.value) for facet_set in used}
    unused = {
        name: [value for value in dict.fromkeys(values) if (name, value) not in known] for name, values in given.items()
    }
    return {name: values for name, values in unused.items() if values}


def _followed(facet: Facet, values: Sequence[str]) -> dict[str, str]:
    """The slugs of the entries that the values name by others: by former ones and, on a past day, by later ones. A slug
    that an entry has is none."""
    present = _used_elsewhere(facet, values)
    others = [value for value in values if value not in present]
    followed: dict[str, str] = {}
    for target in facet.targets if others else ():
        ids = {**_named_later(target, others), **FormerSlug.objects.entry_ids(target, others)}
        if ids:
            rows = target_model(target)._default_manager.filter(pk__in=ids.values()).order_by()
            slugs = dict(rows.values_list("pk", "slug"))
            followed |= {former: slugs[pk] for former, pk in ids.items() if pk in slugs}
    return followed


def _named_later(target: str, values: Sequence[str]) -> dict[str, int]:
    """While a past catalogue is open, the ids of entries by the slugs that they have or had on any day."""
    if not is_open():
        return {}
    ledger = Revision.objects.using(DEFAULT_DB_ALIAS).filter(kind=target, slug__in=values)
    return dict(ledger.order_by("pk").values_list("slug", "entry_id"))


def _used_elsewhere(facet: Facet, values: Sequence[str]) -> set[str]:
    """The values that are slugs of entries the facet refers to, or values of another facet of the same vocabulary."""
    used: set[str] = set()
    for target in facet.targets:
        used.update(target_model(target)._default_manager.filter(slug__in=values).values_list("slug", flat=True))
    sharing = Q()
    for kind in KINDS.values():
        if names := [other.name for other in kind.indexed if other.vocabulary == facet.vocabulary != ""]:
            sharing |= Q(kind=kind.name, facet__in=names)
    if sharing:
        used.update(FacetSet.objects.filter(sharing, value__in=values).values_list("value", flat=True))
    return used


def _most_used(kind: Kind, facet: str) -> list[str]:
    rows = FacetSet.objects.filter(kind=kind.name, facet=facet).order_by("-count", "value")
    return list(rows.values_list("value", flat=True)[:MAX_COMPARED])
