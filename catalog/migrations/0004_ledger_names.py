"""The guard of the ledger lets the names of accounts be replaced, and nothing else (somebody may leave)."""

from django.db import migrations

NAMES = {"contributor", "approver"}

SQLITE = """
CREATE TRIGGER catalog_revision_no_update BEFORE UPDATE OF {columns} ON catalog_revision
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END
"""

POSTGRESQL = """
CREATE TRIGGER catalog_revision_no_change BEFORE DELETE OR UPDATE OF {columns} ON catalog_revision
FOR EACH ROW EXECUTE FUNCTION catalog_revision_refuse()
"""

DROP = {
    "sqlite": "DROP TRIGGER IF EXISTS catalog_revision_no_update",
    "postgresql": "DROP TRIGGER IF EXISTS catalog_revision_no_change ON catalog_revision",
}


def guard_but(free):
    def guard(apps, schema_editor):
        columns = [field.column for field in apps.get_model("catalog", "Revision")._meta.fields]
        kept = ", ".join(f'"{column}"' for column in columns if column not in free)
        vendor = schema_editor.connection.vendor
        schema_editor.execute(DROP[vendor])
        schema_editor.execute({"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor].format(columns=kept))

    return guard


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_search")]
    operations = [migrations.RunPython(guard_but(NAMES), guard_but(set()))]
