"""Orders: ways to sort a list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """A way to sort a list; the last key in `by` is the slug, so that the order is total."""

    label: str
    by: tuple[str, ...]


NEWEST = Order("Newest first", ("-order_year", "slug"))
NAME = Order("Name", ("name", "slug"))
UPDATED = Order("Last changed", ("-updated", "slug"))
AS_LISTED = Order("As in the list", ("order_section", "position", "slug"))
MOST_RESULTS = Order("Most results", ("-result_count", "slug"))
