"""A revision notes which of its values a moderator gave in review, and who was the first of two moderators to agree.

What moderators approved is looked up for their pages.
"""

from importlib import import_module

from django.db import migrations, models

ledger_names = import_module("catalog.migrations.0004_ledger_names")
NAMES = {*ledger_names.NAMES, "seconder"}


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_field_sourcing")]
    operations = [
        migrations.AddField("revision", "edited", models.JSONField(null=True)),
        migrations.AddField("revision", "seconder_id", models.BigIntegerField(null=True)),
        migrations.AddField("revision", "seconder", models.CharField(max_length=150, blank=True, null=True)),
        migrations.AddIndex("revision", models.Index(fields=["approver_id"], name="revision_approver")),
        migrations.AddIndex(
            "revision",
            models.Index(
                fields=["seconder_id"], condition=models.Q(seconder_id__isnull=False), name="revision_seconder"
            ),
        ),
        migrations.RunPython(
            ledger_names.guard_but(NAMES),
            ledger_names.guard_but({*NAMES, "edited", "seconder_id"}),
        ),
    ]
