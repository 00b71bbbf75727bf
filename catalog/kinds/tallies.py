"""Tallies: columns with the number of entries of another kind that name an entry, so that lists are sorted by it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """A column with the number of entries of a `kind` under an entry's slug as value of their `facet`. Publishing keeps
    it with the facet sets (catalog.ledger.indexing.facets)."""

    column: str
    kind: str
    facet: str
