"""The models on a board: what it is filtered by and drawn with, besides what was measured."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.kinds.paper.model import Paper
from catalog.kinds.result.vocabulary import find_row
from catalog.models import FacetValue
from catalog.reading.results.reading import Row, readable_rows

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
    """A model on a board. `weights` is "open" if the catalogue links its weights, else "" for unknown; `variants` are
    rows by the names that results have for them; `built_on` and `organisations` are labels by value, as the lists of
    models are filtered by."""

    slug: str
    name: str
    released: str = ""
    weights: str = ""
    variants: Mapping[str, Row] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    built_on: Mapping[str, str] = field(default_factory=dict)

    def parameters(self, variant: str) -> int | None:
        """The number of parameters of a variant, None if it is not known."""
        row = self.variants.get(variant, {})
        return billions(row["total_b"]) if row.get("total_b") else None

    def weights_of(self, variant: str) -> str:
        """Whether the weights of a variant are open."""
        return OPEN if self.variants.get(variant, {}).get("weights_url") else self.weights


Models = Mapping[int, Model]
"""Models by primary key."""


def models_of(rows: Collection[Row]) -> Models:
    """The models of results, rows with `reading.COLUMNS`, in two queries. One that has left the catalogue since the
    results were read has only its name."""
    names = {row["paper_id"]: (row["paper__slug"], row["paper__name"]) for row in rows}
    used = defaultdict[int, set[str]](set)
    for row in rows:
        used[row["paper_id"]].add(row["variant"])
    values = FacetValue.objects.filter(kind=Paper.kind, entry_id__in=names, facet__in=FACETS)
    facets = defaultdict[int, dict[str, dict[str, str]]](lambda: defaultdict(dict))
    for entry_id, facet, value, label in values.values_list("entry_id", "facet", "value", "label"):
        facets[entry_id][facet][value] = label
    models = {pk: Model(slug=slug, name=name) for pk, (slug, name) in names.items()}
    papers = Paper.objects.filter(pk__in=names).values_list("pk", "slug", "name", "released", "variants")
    for pk, slug, name, released, variants in papers:
        models[pk] = Model(
            slug=slug,
            name=name,
            released=released,
            weights=OPEN if "weights" in facets[pk]["weights"] else "",
            variants=named_variants(readable_rows(variants, "name"), used[pk]),
            organisations=facets[pk]["organisation"],
            built_on={**facets[pk]["vision"], **facets[pk]["language"]},
        )
    return models


def named_variants(rows: Collection[Row], names: Collection[str]) -> dict[str, Row]:
    """The rows of variants by these names; results of earlier releases may have other spellings than the rows."""
    listed = {row["name"]: row for row in rows if row["name"]}
    found = {name: listed.get(name) or find_row(rows, name) for name in names if name}
    return {name: row for name, row in found.items() if row}
