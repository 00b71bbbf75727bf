"""Benchmarks and models have the number of their results, by which lists are sorted: that of the facet sets of results,
with which publishing keeps it. The rows are written last, since PostgreSQL changes no table in the transaction that has
changed its rows."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_results(apps, schema_editor):
    """Write the numbers, in one query for each kind."""
    sets = apps.get_model("catalog", "facetset")._default_manager.filter(kind="result", value=OuterRef("slug"))
    for kind in ("benchmark", "paper"):
        count = Subquery(sets.filter(facet=kind).values("count")[:1])
        apps.get_model("catalog", kind)._default_manager.update(result_count=Coalesce(count, 0))



class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0020_exposure'),
    ]

    operations = [
        migrations.AddField(
            model_name='benchmark',
            name='result_count',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='paper',
            name='result_count',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name='benchmark',
            index=models.Index(fields=['-result_count', 'slug'], name='benchmark_most_results'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['-result_count', 'slug'], name='paper_most_results'),
        ),
        migrations.RunPython(count_results, migrations.RunPython.noop),
    ]
