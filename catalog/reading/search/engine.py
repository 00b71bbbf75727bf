"""The interface of a search engine, and what both engines share."""

from dataclasses import dataclass
from typing import Any, Protocol

from catalog.models.database import catalogue_connection

MAX_MATCHES = 2000
"""The maximal number of matches to rank, so that the work of any query is bounded."""


@dataclass(frozen=True)
class Match:
    """A document that matches; a smaller `rank` is better."""

    id: int
    kind: str
    entry_id: int
    year: int | None
    weight: int
    compact_name: str
    compact: str
    rank: float


class Engine(Protocol):
    """One implementation per database engine; each method is one query (on PostgreSQL, `similar` is two)."""

    def matches(self, words: list[str], compact: str, *, all_words: bool, kind: str, year: int | None) -> list[Match]:
        """Documents with the words (as beginnings; all of them, or any), or with a name that begins with `compact`."""
        ...

    def similar(self, compact: str, *, kind: str, year: int | None) -> list[Match]:
        """Documents with a name that shares trigrams with `compact`; the caller checks how many."""
        ...


COLUMNS = "d.id, d.kind, d.entry_id, d.year, d.weight, d.compact_name, d.compact"
CANDIDATES = 200


def filter_sql(kind: str, year: int | None) -> tuple[str, list[Any]]:
    """Further SQL conditions on a document `d`, and their parameters."""
    conditions: list[tuple[str, Any]] = [("d.kind", kind)] if kind else []
    if year is not None:
        conditions.append(("d.year", year))
    return "".join(f" AND {column} = %s" for column, _ in conditions), [value for _, value in conditions]


def run(sql: str, values: list[Any]) -> list[Match]:
    """The matches of a query that selects COLUMNS and a rank."""
    with catalogue_connection().cursor() as cursor:
        cursor.execute(sql, values)
        return [Match(*row) for row in cursor.fetchall()]
