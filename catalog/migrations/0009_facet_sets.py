from itertools import groupby, islice

from django.db import migrations, models
from pyroaring import BitMap


def fill(apps, schema_editor):
    """What catalog.facets.recount does, for the entries and facet values that exist."""
    values = apps.get_model("catalog", "FacetValue").objects.order_by("kind", "facet", "value", "entry_id")
    rows = values.values_list("kind", "facet", "value", "entry_id", "label").iterator()
    model = apps.get_model("catalog", "FacetSet")

    def made():
        for (kind, facet, value), group in groupby(rows, key=lambda row: row[:3]):
            *_, ids, labels = zip(*group)
            yield model(kind=kind, facet=facet, value=value, label=labels[-1], count=len(ids), entries=BitMap(ids).serialize())

    for kind in ("benchmark", "component", "dataset", "paper", "result", "topic"):
        ids = list(apps.get_model("catalog", kind).objects.values_list("pk", flat=True))
        if ids:
            model.objects.create(kind=kind, facet="", value="", label="", count=len(ids), entries=BitMap(ids).serialize())
    every = made()
    while batch := list(islice(every, 500)):
        model.objects.bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0008_orders'),
    ]

    operations = [
        migrations.CreateModel(
            name='FacetSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('facet', models.CharField(max_length=30)),
                ('value', models.CharField(max_length=120)),
                ('label', models.CharField(max_length=200)),
                ('count', models.PositiveIntegerField()),
                ('entries', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'facet', '-count', 'value'], name='facet_set_most')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'facet', 'value'), name='facet_set_once')],
            },
        ),
        migrations.DeleteModel(name='FacetCount'),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
