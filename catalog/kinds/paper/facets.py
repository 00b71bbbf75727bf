"""What papers and models are narrowed by, beyond what all kinds share."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from catalog.kinds.facets import Values
from catalog.kinds.paper.model import Paper, Role
from catalog.text.slugs import slug_for


def families(role: Role) -> Callable[[Any], Values]:
    """The families of a model's parts in one role; a part without a family stands for itself."""

    def values(entry: Paper) -> Values:
        names = [part.component.family or part.component.name for part in entry.parts.all() if part.role == role]
        return [(slug_for(name), name) for name in names]

    return values


def parts(entry: Paper) -> Values:
    """The components that a model is built from, whatever their role."""
    return [(part.component.slug, part.component.name) for part in entry.parts.all()]


def parameters(entry: Paper) -> Values:
    """The total parameters of a model's variants in millions, as twelve digits, so that their order is that of the
    numbers."""
    counts = [row["total_b"] for row in entry.variants if row["total_b"]]
    return [(f"{int(Decimal(count) * 1000):012d}", f"{count}B") for count in counts if Decimal(count) >= 0]
