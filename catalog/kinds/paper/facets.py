"""Facets and ranges of papers and models."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from catalog.kinds.facets import Facet, Values, linked
from catalog.kinds.paper.model import Paper, Role
from catalog.kinds.ranges import Range
from catalog.text.rows import number_of, readable_rows, text_in
from catalog.text.slugs import slug_for


def families(role: Role) -> Callable[[Any], Values]:
    """The families of a model's components in one role, or their names if they have no family."""

    def values(entry: Paper) -> Values:
        names = [part.component.family or part.component.name for part in entry.parts.all() if part.role == role]
        return [(slug_for(name), name) for name in names]

    return values


def parts(entry: Paper) -> Values:
    """The components that a model is built from, in any role."""
    return [(part.component.slug, part.component.name) for part in entry.parts.all()]


def trained_on(entry: Paper) -> Values:
    """The datasets and benchmarks that a model was trained on itself."""
    rows = [row for row in entry.training_rows.all() if not row.excluded]
    return [(card.slug, card.name) for row in rows for card in (row.dataset, row.benchmark) if card is not None]


def weights(entry: Paper) -> Values:
    """Whether the weights of the model, or of a variant of it, are linked."""
    if any(text_in(row, "weights_url") for row in readable_rows(entry.variants)):
        return [("weights", "Weights linked")]
    return linked("weights", "Weights linked")(entry)


def in_millions(billions: Decimal) -> str:
    """Billions as millions in twelve digits, so that the texts sort like the numbers; "" for less than 0."""
    return f"{int(billions * 1000):012d}" if billions >= 0 else ""


def parameters(entry: Paper) -> Values:
    """The total parameters of a model's variants in millions."""
    counts = [(row["total_b"], number_of(row["total_b"])) for row in readable_rows(entry.variants, "total_b")]
    return [(in_millions(number), f"{printed}B") for printed, number in counts if number is not None and number >= 0]


PARAMETERS = Facet("parameters", "Parameters", parameters)
BILLIONS = Range(
    "parameters",
    "Billions of parameters",
    ("Billions of parameters that some variant has at least.", "Billions of parameters that some variant has at most."),
    (-(10**8), 10**8),
    facet=PARAMETERS,
    encode=in_millions,
    decimal=True,
    examples=(7, 13),
)
