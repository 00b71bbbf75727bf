"""Each revision notes the shape of the payload that it keeps, so that one of today's shape need not be read to be copied.

Those written before have none, and are read each time: the ledger is append-only.
"""

from importlib import import_module

from django.db import migrations, models

ledger_names = import_module("catalog.migrations.0004_ledger_names")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_facet_sets")]
    operations = [
        migrations.AddField("revision", "shape", models.BigIntegerField(null=True)),
        migrations.RunPython(
            ledger_names.guard_but(ledger_names.NAMES),
            ledger_names.guard_but({*ledger_names.NAMES, "shape"}),
        ),
    ]
