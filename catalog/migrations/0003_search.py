"""The engines' own indexes over catalog_searchdocument: FTS5 with triggers on SQLite, tsvector and pg_trgm on PostgreSQL.

Every statement can be run again; on SQLite the FTS tables are filled from the rows that exist.
"""

from django.db import migrations

FTS = "names, compact, identifiers, people, body"
NEW = ", ".join(f"new.{column}" for column in FTS.split(", "))
OLD = ", ".join(f"old.{column}" for column in FTS.split(", "))


def _forget():
    return (
        f"INSERT INTO catalog_search_fts(catalog_search_fts, rowid, {FTS}) VALUES ('delete', old.id, {OLD});"
        "INSERT INTO catalog_search_trigram(catalog_search_trigram, rowid, compact) VALUES ('delete', old.id, old.compact);"
    )


def _learn():
    return (
        f"INSERT INTO catalog_search_fts(rowid, {FTS}) VALUES (new.id, {NEW});"
        "INSERT INTO catalog_search_trigram(rowid, compact) VALUES (new.id, new.compact);"
    )


SQLITE = [
    f"CREATE VIRTUAL TABLE IF NOT EXISTS catalog_search_fts USING fts5({FTS}, content='catalog_searchdocument', "
    "content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS catalog_search_trigram USING fts5(compact, content='catalog_searchdocument', "
    "content_rowid='id', tokenize='trigram')",
    f"CREATE TRIGGER IF NOT EXISTS catalog_search_insert AFTER INSERT ON catalog_searchdocument BEGIN {_learn()} END",
    f"CREATE TRIGGER IF NOT EXISTS catalog_search_delete AFTER DELETE ON catalog_searchdocument BEGIN {_forget()} END",
    f"CREATE TRIGGER IF NOT EXISTS catalog_search_update AFTER UPDATE ON catalog_searchdocument BEGIN {_forget()} {_learn()} END",
    "INSERT INTO catalog_search_fts(catalog_search_fts) VALUES ('rebuild')",
    "INSERT INTO catalog_search_trigram(catalog_search_trigram) VALUES ('rebuild')",
]
SQLITE_UNDO = [
    *(f"DROP TRIGGER IF EXISTS catalog_search_{event}" for event in ("insert", "delete", "update")),
    "DROP TABLE IF EXISTS catalog_search_fts",
    "DROP TABLE IF EXISTS catalog_search_trigram",
]
VECTOR = " || ".join(
    f"setweight(to_tsvector('simple', {column}), '{weight}')"
    for column, weight in (("names", "A"), ("compact", "A"), ("identifiers", "B"), ("people", "C"), ("body", "D"))
)
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"ALTER TABLE catalog_searchdocument ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS ({VECTOR}) STORED",
    "CREATE INDEX IF NOT EXISTS catalog_search_vector ON catalog_searchdocument USING gin (vector)",
    "CREATE INDEX IF NOT EXISTS catalog_search_compact ON catalog_searchdocument USING gin (compact gin_trgm_ops)",
]
POSTGRESQL_UNDO = [
    "DROP INDEX IF EXISTS catalog_search_compact",
    "DROP INDEX IF EXISTS catalog_search_vector",
    "ALTER TABLE catalog_searchdocument DROP COLUMN IF EXISTS vector",
]


def build(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unbuild(apps, schema_editor):
    for statement in {"sqlite": SQLITE_UNDO, "postgresql": POSTGRESQL_UNDO}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_ledger_guard")]
    operations = [migrations.RunPython(build, unbuild)]
