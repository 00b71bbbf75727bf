"""Search on SQLite: FTS5, names before bodies, trigrams for typos. Triggers update its tables (migration 0003)."""

from catalog.reading.search.engine import CANDIDATES, COLUMNS, MAX_MATCHES, Match, filter_sql, run
from catalog.text.folding import trigrams


class SQLite:
    """CROSS JOIN keeps the order of the tables: with a condition on kind, SQLite would else run FTS per document."""

    def matches(self, words: list[str], compact: str, *, all_words: bool, kind: str, year: int | None) -> list[Match]:
        operator = " AND " if all_words else " OR "
        query = f"({operator.join(_prefix(word) for word in words)})"
        if compact:
            query += f" OR compact : {_prefix(compact)}"
        where, values = filter_sql(kind, year)
        sql = (
            f"SELECT {COLUMNS}, bm25(catalog_search_fts, 10.0, 8.0, 6.0, 4.0, 1.0) "
            "FROM catalog_search_fts f CROSS JOIN catalog_searchdocument d "
            f"WHERE catalog_search_fts MATCH %s AND d.id = f.rowid{where} LIMIT {MAX_MATCHES}"
        )
        return run(sql, [query, *values])

    def similar(self, compact: str, *, kind: str, year: int | None) -> list[Match]:
        ngrams = trigrams(compact)
        if not ngrams:
            return []
        where, values = filter_sql(kind, year)
        sql = (
            f"SELECT {COLUMNS}, f.rank FROM catalog_search_trigram f CROSS JOIN catalog_searchdocument d "
            f"WHERE catalog_search_trigram MATCH %s AND d.id = f.rowid{where} ORDER BY f.rank LIMIT {CANDIDATES}"
        )
        return run(sql, [" OR ".join(f'"{run}"' for run in ngrams), *values])


def _prefix(word: str) -> str:
    """A prefix query for FTS5."""
    return f'"{word}"*'
