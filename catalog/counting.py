"""How many entries fall under each value of a facet: kept by publishing, so that a list of any length need not count.

Two sorts are kept: of all entries of the kind, with the label of the value; and, for the facets that pages offer, of
the entries that stand under one value of another facet. A facet with nearly as many values as there are entries
(`open`) takes no part in the second.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import connection

from catalog.kinds import Kind
from catalog.models import FacetCount, FacetValue

Row = tuple[int, str, str, str]
"""Entry, facet, value, label."""
Key = tuple[str, str, str, str]
"""by_facet, by_value, facet, value."""

ADD = """
INSERT INTO catalog_facetcount AS kept (kind, by_facet, by_value, facet, value, label, count)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (kind, by_facet, by_value, facet, value) DO UPDATE SET
count = kept.count + excluded.count, label = CASE excluded.label WHEN '' THEN kept.label ELSE excluded.label END
"""
SWEEP = """
DELETE FROM catalog_facetcount
WHERE kind = %s AND by_facet = %s AND by_value = %s AND facet = %s AND value = %s AND count = 0
"""


def recount(kind: Kind) -> None:
    """Count anew whatever the facet values of a kind say."""
    FacetCount.objects.filter(kind=kind.name).delete()
    tally(kind, [], values_of(kind))


def values_of(kind: Kind, ids: Iterable[int] | None = None) -> list[Row]:
    """The facet values of the entries with these ids, or of all."""
    rows = (
        FacetValue.objects.filter(kind=kind.name)
        if ids is None
        else FacetValue.objects.filter(kind=kind.name, entry_id__in=ids)
    )
    return list(rows.order_by("entry_id", "pk").values_list("entry_id", "facet", "value", "label"))


def tally(kind: Kind, before: Iterable[Row], after: Iterable[Row]) -> None:
    """Bring the counts from the facet values that some entries had to those that they have."""
    before, after = list(before), list(after)
    change = _counted(kind, after)
    change.subtract(_counted(kind, before))
    was, now = ({(row[1], row[2]): row[3] for row in rows} for rows in (before, after))
    renamed = {value for value, label in now.items() if was.get(value, label) != label}
    rows = [
        (kind.name, *key, "" if key[0] else now.get(key[2:], ""), count)
        for key, count in sorted(change.items())
        if count or (not key[0] and key[2:] in renamed)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(ADD, rows)
        cursor.executemany(SWEEP, [row[:5] for row in rows if row[6] < 0])


def _counted(kind: Kind, rows: Iterable[Row]) -> Counter[Key]:
    """The counts of facet values by themselves."""
    closed = {facet.name for facet in kind.facets if not facet.open}
    by_entry: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for entry_id, facet, value, _ in rows:
        by_entry[entry_id].append((facet, value))
    found: Counter[Key] = Counter()
    for values in by_entry.values():
        found.update(("", "", *value) for value in values)
        paired = [value for value in values if value[0] in closed]
        found.update((*one, *other) for one in paired for other in paired if one[0] != other[0])
    return found
