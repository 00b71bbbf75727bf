"""The models on a board: what it is filtered by and drawn with, besides what was measured."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.kinds.paper.model import Paper
from catalog.kinds.result.vocabulary import find_row
from catalog.models import FacetValue
from catalog.reading.results.reading import readable_rows

FACETS = ("weights", "vision", "language", "organisation")
OPEN = "open"


def billions(printed: Any) -> int | None:
    """A printed number of billions; None if it is none."""
    try:
        return int(Decimal(printed) * 10**9)
    except (ArithmeticError, TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model on a board. `weights` is "open" if the catalogue links its weights, else "" for unknown; `built_on` and
    `organisations` are labels by value, as the lists of models are filtered by."""

    slug: str
    name: str
    released: str
    weights: str
    variants: tuple[Mapping[str, Any], ...]
    organisations: Mapping[str, str]
    built_on: Mapping[str, str]

    def parameters(self, variant: str) -> int | None:
        """The number of parameters of a variant, None if it is not known."""
        row = find_row(self.variants, variant) if variant else None
        return billions(row["total_b"]) if row and row.get("total_b") else None

    def weights_of(self, variant: str) -> str:
        """Whether the weights of a variant are open."""
        row = find_row(self.variants, variant) if variant else None
        return OPEN if row and row.get("weights_url") else self.weights


Models = Mapping[int, Model]
"""Models by primary key."""


def models_by_id(ids: Collection[int]) -> Models:
    """Models by primary key, in two queries."""
    values = FacetValue.objects.filter(kind=Paper.kind, entry_id__in=ids, facet__in=FACETS)
    facets = defaultdict[int, dict[str, dict[str, str]]](lambda: defaultdict(dict))
    for entry_id, facet, value, label in values.values_list("entry_id", "facet", "value", "label"):
        facets[entry_id][facet][value] = label
    rows = Paper.objects.filter(pk__in=ids).values_list("pk", "slug", "name", "released", "variants")
    return {
        pk: Model(
            slug=slug,
            name=name,
            released=released,
            weights=OPEN if "weights" in facets[pk]["weights"] else "",
            variants=tuple(readable_rows(variants, "name")),
            organisations=facets[pk]["organisation"],
            built_on={**facets[pk]["vision"], **facets[pk]["language"]},
        )
        for pk, slug, name, released, variants in rows
    }
