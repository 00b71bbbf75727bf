"""The models on a board: what it is filtered by and drawn with, besides what was measured."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from catalog.kinds.paper.model import Paper
from catalog.kinds.result.vocabulary import find_row
from catalog.models import FacetValue
from catalog.reading.results.reading import Checkpoint
from catalog.text.rows import Row, number_of, readable_rows

ORGANISATION, BUILT_ON = "organisation", ("vision", "language")
"""The facets that models on a board are filtered by."""
OPEN, CLOSED = "open", "closed"
NOT_GIVEN = ("proprietary", "not released")
"""Licences of weights that nobody can get."""


BILLION = Decimal(10**9)
NONE: Mapping[str, str] = MappingProxyType({})


def billions(printed: Any) -> int | None:
    """A printed number of billions; None if it is none."""
    return _billions(printed) if isinstance(printed, str) else None


@lru_cache(maxsize=10_000)
def _billions(printed: str) -> int | None:
    number = number_of(printed)
    return None if number is None else int(number * BILLION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model on a board. `weights` is "open", "closed" or "" for unknown, of the variants that say nothing themselves;
    `variants` are rows by the names that results have for them; `built_on` and `organisations` are labels by value, as
    the lists of models are filtered by."""

    slug: str
    name: str
    released: str = ""
    weights: str = ""
    variants: Mapping[str, Row] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    built_on: Mapping[str, str] = field(default_factory=dict)

    def parameters(self, variant: str) -> int | None:
        """The number of parameters of a variant, None if it is not known."""
        row = self.variants.get(variant)
        return billions(row.get("total_b")) if row else None

    def weights_of(self, variant: str) -> str:
        """Whether the weights of a variant are "open" or "closed", or "" for unknown."""
        row = self.variants.get(variant)
        return (weights_in(row) if row else "") or self.weights


def weights_in(row: Row) -> str:
    """What a row of a variant says of its weights: they are open if they are linked."""
    if row.get("weights_url"):
        return OPEN
    return CLOSED if str(row.get("licence") or "").casefold() in NOT_GIVEN else ""


def weights_of_all(links: Any, licence: str, variants: Collection[Row]) -> str:
    """What holds for the variants of a model that say nothing of their weights themselves. Where others are linked,
    theirs are unknown: of a family, some may be closed."""
    linked = [weights_in(row) == OPEN for row in variants]
    if any(linked):
        return OPEN if all(linked) else ""
    own = next((row["url"] for row in readable_rows(links, "kind", "url") if row["kind"] == "weights"), "")
    return weights_in({"weights_url": own, "licence": licence})


Models = Mapping[int, Model]
"""Models by primary key."""


def models_of(checkpoints: Iterable[Checkpoint]) -> Models:
    """The models of checkpoints, in two queries. One that has left the catalogue since the results were read has only
    its name."""
    names, used = dict[int, tuple[str, str]](), defaultdict[int, set[str]](set)
    for pk, slug, name, variant in checkpoints:
        names[pk] = slug, name
        used[pk].add(variant)
    organisations = defaultdict[int, dict[str, str]](dict)
    built_on = defaultdict[int, dict[str, str]](dict)
    values = FacetValue.objects.filter(kind=Paper.kind, entry_id__in=names, facet__in=(ORGANISATION, *BUILT_ON))
    for pk, facet, value, label in values.values_list("entry_id", "facet", "value", "label"):
        (organisations if facet == ORGANISATION else built_on)[pk][value] = label
    models = {}
    papers = Paper.objects.filter(pk__in=names)
    columns = ("pk", "slug", "name", "released", "links", "licence_weights", "variants")
    for pk, slug, name, released, links, licence, rows in papers.values_list(*columns):
        variants = readable_rows(rows, "name")
        models[pk] = Model(
            slug=slug,
            name=name,
            released=released,
            weights=weights_of_all(links, licence, variants),
            variants=named_variants(variants, used[pk]),
            organisations=organisations.get(pk, NONE),
            built_on=built_on.get(pk, NONE),
        )
    gone = {pk: Model(slug=slug, name=name) for pk, (slug, name) in names.items() if pk not in models}
    return models | gone


def named_variants(rows: Collection[Row], names: Collection[str]) -> dict[str, Row]:
    """The rows of variants by these names; results of earlier releases may have other spellings than the rows."""
    listed = {row["name"]: row for row in rows if row["name"]}
    found = {name: listed.get(name) or find_row(rows, name) for name in names if name}
    return {name: row for name, row in found.items() if row}
