import django.db.models.deletion
from django.db import migrations, models

NAMES = ("benchmark", "component", "dataset", "paper", "result", "topic")
LAST = 2**31 - 1
PLACE = """
UPDATE catalog_{name} SET order_section = (SELECT position FROM catalog_section WHERE id = section_id)
WHERE section_id IS NOT NULL
"""


def of(name):
    """Each order of a list as one index: before, two of them were sorted at each request."""
    section = models.ForeignKey(
        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to="catalog.section",
    )
    orders = {"listed": ["order_section", "position", "slug"], "named": ["name", "slug"], "updated": ["-updated", "slug"]}
    return [
        migrations.RemoveIndex(name, f"{name}_name"),
        migrations.AddField(name, "order_section", models.PositiveIntegerField(default=LAST, editable=False)),
        migrations.AlterField(name, "section", section),
        migrations.AlterField(name, "updated", models.DateTimeField()),
        *(migrations.AddIndex(name, models.Index(fields=by, name=f"{name}_{order}")) for order, by in orders.items()),
        migrations.RunSQL(PLACE.format(name=name), migrations.RunSQL.noop),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_renaming'),
    ]

    operations = [operation for name in NAMES for operation in of(name)]
