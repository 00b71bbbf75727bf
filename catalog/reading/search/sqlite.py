"""Search on SQLite: FTS5, names before bodies, trigrams for typos. Triggers keep its tables (migration 0003)."""

from catalog.reading.search.engine import CANDIDATES, COLUMNS, MAX_MATCHES, Match, narrowed, run
from catalog.text.folding import trigrams


class SQLite:
    """CROSS JOIN keeps the order of the tables: asked for a kind, SQLite would else search the text once a document."""

    def matches(self, words: list[str], compact: str, *, all_words: bool, kind: str, year: int | None) -> list[Match]:
        glue = " AND " if all_words else " OR "
        query = f"({glue.join(_prefix(word) for word in words)})"
        if compact:
            query += f" OR compact : {_prefix(compact)}"
        where, values = narrowed(kind, year)
        sql = (
            f"SELECT {COLUMNS}, bm25(catalog_search_fts, 10.0, 8.0, 6.0, 4.0, 1.0) "
            "FROM catalog_search_fts f CROSS JOIN catalog_searchdocument d "
            f"WHERE catalog_search_fts MATCH %s AND d.id = f.rowid{where} LIMIT {MAX_MATCHES}"
        )
        return run(sql, [query, *values])

    def similar(self, compact: str, *, kind: str, year: int | None) -> list[Match]:
        runs = trigrams(compact)
        if not runs:
            return []
        where, values = narrowed(kind, year)
        sql = (
            f"SELECT {COLUMNS}, f.rank FROM catalog_search_trigram f CROSS JOIN catalog_searchdocument d "
            f"WHERE catalog_search_trigram MATCH %s AND d.id = f.rowid{where} ORDER BY f.rank LIMIT {CANDIDATES}"
        )
        return run(sql, [" OR ".join(f'"{run}"' for run in runs), *values])


def _prefix(word: str) -> str:
    """A word as FTS5 takes it literally, standing for all that begin with it."""
    return f'"{word}"*'
