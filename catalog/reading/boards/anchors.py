"""The ids of the rows of a board on its page, by which a link leads to one of them.

A ranked row is named after its checkpoint, so that its link stays when its number, its place or its page changes; a row
without a place is named after its result, since a checkpoint may have several.
"""

from collections.abc import Mapping, Sequence

from catalog.reading.results.boards import Row
from catalog.text.slugs import slug_for

RANKED, UNRANKED = "row-", "result-"
Slugs = Mapping[str, str]
"""The slugs of models by claim."""


def checkpoint(model: str, variant: str) -> str:
    """The name of a checkpoint in a link, from the slug of its model: "qwen2-vl.72b", "clip" without a variant."""
    return f"{model}.{slug_for(variant)}" if variant else model


def names(rows: Sequence[Row], slugs: Slugs) -> list[str]:
    """The names of ranked rows. Where variants of one model would have the same name, all but the first by variant have
    the slug of their result after it."""
    taken: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.claim.variant):
        taken.setdefault(checkpoint(slugs[row.claim.slug], row.claim.variant), row)
    return [_name(row, slugs, taken) for row in rows]


def _name(row: Row, slugs: Slugs, taken: Mapping[str, Row]) -> str:
    name = checkpoint(slugs[row.claim.slug], row.claim.variant)
    return name if taken[name] is row else f"{name}.{row.claim.slug}"


def name_of(row: Row, rows: Sequence[Row], model: str) -> str:
    """The name of a ranked row, which is of the model with this slug, among all of them."""
    own = [other for other in rows if other.claim.model == row.claim.model]
    return names(own, {other.claim.slug: model for other in own})[own.index(row)]


def ranked_id(name: str) -> str:
    """The id of a ranked row with this name."""
    return f"{RANKED}{name}"


def unranked_id(result: str) -> str:
    """The id of a row without a place, or of a result beside the board."""
    return f"{UNRANKED}{result}"


def index_of(name: str, rows: Sequence[Row], slugs: Slugs) -> int | None:
    """Where the row with this name is among the ranked rows; None if there is none."""
    model = name.partition(".")[0]
    own = [(index, row) for index, row in enumerate(rows) if slugs[row.claim.slug] == model]
    found = dict(zip(names([row for _, row in own], slugs), (index for index, _ in own), strict=True))
    return found.get(name)
