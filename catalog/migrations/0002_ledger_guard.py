"""The ledger is append-only in the database too.

SQLite refuses UPDATE only: a DELETE trigger there would break the flush of every transactional test, and the queryset
guard of `Revision` covers it. PostgreSQL refuses both (a flush there is a TRUNCATE, which row triggers do not see).
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER IF NOT EXISTS catalog_revision_no_update BEFORE UPDATE ON catalog_revision
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END
"""

POSTGRESQL = """
CREATE OR REPLACE FUNCTION catalog_revision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'The ledger is append-only.'; END $$;
DROP TRIGGER IF EXISTS catalog_revision_no_change ON catalog_revision;
CREATE TRIGGER catalog_revision_no_change BEFORE UPDATE OR DELETE ON catalog_revision
FOR EACH ROW EXECUTE FUNCTION catalog_revision_refuse();
"""

UNDO = {
    "sqlite": "DROP TRIGGER IF EXISTS catalog_revision_no_update",
    "postgresql": (
        "DROP TRIGGER IF EXISTS catalog_revision_no_change ON catalog_revision;"
        "DROP FUNCTION IF EXISTS catalog_revision_refuse()"
    ),
}


def guard(apps, schema_editor):
    schema_editor.execute({"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor])


def unguard(apps, schema_editor):
    schema_editor.execute(UNDO[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
