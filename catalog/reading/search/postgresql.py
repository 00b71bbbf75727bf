"""Search on PostgreSQL: a generated tsvector with weights, pg_trgm for typos (migration 0003)."""

from django.db import connection, transaction

from catalog.reading.search.engine import CANDIDATES, COLUMNS, MAX_MATCHES, Match, filter_sql, run

# pg_trgm's default (0.6) misses "flamigno" for Flamingo
SIMILARITY_THRESHOLD = "0.45"


class PostgreSQL:
    def matches(self, words: list[str], compact: str, *, all_words: bool, kind: str, year: int | None) -> list[Match]:
        operator = " & " if all_words else " | "
        query = f"({operator.join(_prefix(word) for word in words)})"
        if compact:
            query += f" | {_prefix(compact)}A"
        where, values = filter_sql(kind, year)
        sql = (
            f"SELECT {COLUMNS}, -ts_rank(d.vector, to_tsquery('simple', %s)) FROM ("
            f"SELECT * FROM catalog_searchdocument d WHERE d.vector @@ to_tsquery('simple', %s){where} "
            f"LIMIT {MAX_MATCHES}) d"
        )
        return run(sql, [query, query, *values])

    def similar(self, compact: str, *, kind: str, year: int | None) -> list[Match]:
        where, values = filter_sql(kind, year)
        sql = (
            f"SELECT {COLUMNS}, -word_similarity(%s, d.compact) AS rank FROM catalog_searchdocument d "
            f"WHERE %s <%% d.compact{where} ORDER BY rank LIMIT {CANDIDATES}"
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [SIMILARITY_THRESHOLD])
            return run(sql, [compact, compact, *values])


def _prefix(word: str) -> str:
    """A prefix query for to_tsquery."""
    return f"'{word}':*"
