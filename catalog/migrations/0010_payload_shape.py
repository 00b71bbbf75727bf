"""Each revision notes the shape of the payload that it keeps, so that one of today's shape need not be read to be copied.

Of those written before, it is noted where the payload has today's shape; others have none, and are read each time.
"""

from importlib import import_module

from django.db import migrations, models

ledger_names = import_module("catalog.migrations.0004_ledger_names")
BATCH = 2000


def note_shapes(apps, schema_editor):
    """Note today's shape, whichever release runs this, at revisions whose payload reading would leave as it is."""
    from catalog.kinds import KINDS

    revisions = apps.get_model("catalog", "Revision").objects.order_by("pk")
    for name, kind in KINDS.items():
        last = 0
        while rows := list(revisions.filter(kind=name, pk__gt=last).values_list("pk", "snapshot")[:BATCH]):
            last = rows[-1][0]
            fit = [pk for pk, stored in rows if isinstance(stored, dict) and kind.form.upgraded(stored) == stored]
            revisions.filter(pk__in=fit).update(shape=kind.form.shape())


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_facet_sets")]
    operations = [
        migrations.AddField("revision", "shape", models.BigIntegerField(null=True)),
        migrations.RunPython(note_shapes, migrations.RunPython.noop),
        migrations.RunPython(
            ledger_names.guard_but(ledger_names.NAMES),
            ledger_names.guard_but({*ledger_names.NAMES, "shape"}),
        ),
    ]
