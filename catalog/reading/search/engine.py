"""What a database engine must do for search."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

MAX_MATCHES = 2000
"""How many matches are ranked: work is bounded, whatever is asked."""


@dataclass(frozen=True)
class Match:
    """A document that matches; a smaller `rank` is better."""

    id: int
    kind: str
    year: int | None
    weight: int
    compact_name: str
    compact: str
    rank: float


class Engine(Protocol):
    """One file a database engine; each method is one query (PostgreSQL needs two for `alike`)."""

    def matches(self, words: list[str], compact: str, *, all_words: bool, kind: str, year: int | None) -> list[Match]:
        """Documents with the words (as beginnings; all of them, or any), or with a name that begins with `compact`."""
        ...

    def similar(self, compact: str, *, kind: str, year: int | None) -> list[Match]:
        """Documents with a name that shares letters with `compact`; the caller judges how much."""
        ...


COLUMNS = "d.id, d.kind, d.year, d.weight, d.compact_name, d.compact"
CANDIDATES = 200


def narrowed(kind: str, year: int | None) -> tuple[str, list[Any]]:
    """The further conditions on a document `d`, with their values."""
    wanted: list[tuple[str, Any]] = [("d.kind", kind)] if kind else []
    if year is not None:
        wanted.append(("d.year", year))
    return "".join(f" AND {column} = %s" for column, _ in wanted), [value for _, value in wanted]


def run(sql: str, values: list[Any]) -> list[Match]:
    """The matches that a query over COLUMNS and a rank gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Match(*row) for row in cursor.fetchall()]
