"""What makes results comparable: protocols, settings with a structure, names that benchmarks and models list.

What was inferred of a result moves into the field itself, with a row of `inferred`; that a model was fine-tuned becomes
one of the settings. `ResultForm.reshaped` reads the payloads of the ledger in the same way.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from catalog.migrations._rows import reshape_rows

FORMERLY_INFERRED = {"variant_inferred": "variant", "split_inferred": "split", "setting_inferred": "setting"}
COLUMNS = [*FORMERLY_INFERRED.values(), "inferred", "adaptation"]
BATCH = 500


def join_fields(apps, schema_editor):
    """Move what the former columns say into the present ones."""
    results = apps.get_model("catalog", "result")._default_manager
    said = Q(fine_tuned__isnull=False) | Q(shots__isnull=False)
    for former in FORMERLY_INFERRED:
        said |= ~Q(**{former: ""})
    last = 0
    while batch := list(results.filter(said, pk__gt=last).order_by("pk")[:BATCH]):
        for result in batch:
            join_fields_of(result)
        results.bulk_update(batch, COLUMNS)
        last = batch[-1].pk


def join_fields_of(result):
    for former, key in FORMERLY_INFERRED.items():
        if (value := getattr(result, former)) and not getattr(result, key):
            setattr(result, key, value)
            result.inferred = [*result.inferred, {"field": key, "reason": ""}]
    if result.fine_tuned:
        result.adaptation = "fine-tuned"
    elif result.shots is not None:
        result.adaptation = "few-shot" if result.shots else "zero-shot"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_what_reviewers_did")]

    operations = [
        migrations.RenameField(
            model_name='result',
            old_name='subset',
            new_name='part',
        ),
        migrations.AddField(
            model_name='benchmark',
            name='errata',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='benchmark',
            name='parts',
            field=models.JSONField(blank=True, default=list, verbose_name='parts and editions'),
        ),
        migrations.AddField(
            model_name='result',
            name='adaptation',
            field=models.CharField(blank=True, choices=[('zero-shot', 'Zero-shot'), ('few-shot', 'Few-shot'), ('fine-tuned', 'Fine-tuned')], max_length=20, verbose_name='setting'),
        ),
        migrations.AddField(
            model_name='result',
            name='data_revision',
            field=models.CharField(blank=True, max_length=100, verbose_name='revision of the data'),
        ),
        migrations.AddField(
            model_name='result',
            name='decoding',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='result',
            name='frames',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='result',
            name='inferred',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='result',
            name='model_revision',
            field=models.CharField(blank=True, max_length=100, verbose_name='revision of the model'),
        ),
        migrations.AddField(
            model_name='result',
            name='scale',
            field=models.CharField(blank=True, choices=[('fraction', 'A fraction, 0 to 1'), ('percent', 'Percent'), ('per-mille', 'Per mille'), ('points', 'Points')], max_length=10),
        ),
        migrations.AlterField(
            model_name='result',
            name='verification',
            field=models.CharField(choices=[('reported', 'Reported'), ('checked-in-copy', 'Checked in a copy of the source'), ('checked', 'Checked against the source'), ('reproduced', 'Reproduced')], default='reported', max_length=20),
        ),
        migrations.CreateModel(
            name='Protocol',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('name', models.CharField(max_length=300)),
                ('summary', models.TextField(blank=True)),
                ('notes', models.TextField(blank=True, verbose_name='remarks')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('order_year', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce('year', 0), output_field=models.IntegerField())),
                ('order_section', models.PositiveIntegerField(default=2147483647, editable=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('links', models.JSONField(blank=True, default=list)),
                ('aliases', models.JSONField(blank=True, default=list, verbose_name='also known as')),
                ('sources', models.JSONField(blank=True, default=list)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created', models.DateTimeField()),
                ('updated', models.DateTimeField()),
                ('harness', models.CharField(blank=True, max_length=100)),
                ('harness_version', models.CharField(blank=True, max_length=100, verbose_name='version of the harness')),
                ('adaptation', models.CharField(blank=True, choices=[('zero-shot', 'Zero-shot'), ('few-shot', 'Few-shot'), ('fine-tuned', 'Fine-tuned')], max_length=20, verbose_name='setting')),
                ('shots', models.PositiveIntegerField(blank=True, null=True)),
                ('chain_of_thought', models.BooleanField(null=True, verbose_name='chain of thought')),
                ('tools', models.BooleanField(null=True)),
                ('prompt', models.TextField(blank=True)),
                ('resolution', models.CharField(blank=True, max_length=100)),
                ('frames', models.CharField(blank=True, max_length=100)),
                ('judge', models.CharField(blank=True, max_length=200)),
                ('decoding', models.CharField(blank=True, max_length=300)),
                ('words', models.TextField(blank=True, verbose_name='as its documentation says')),
                ('section', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.section')),
                ('topics', models.ManyToManyField(blank=True, related_name='%(class)s_entries', to='catalog.topic')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='benchmark',
            name='reference_protocol',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reference_of', to='catalog.protocol', verbose_name='reference protocol'),
        ),
        migrations.AddField(
            model_name='result',
            name='protocol',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='catalog.protocol'),
        ),
        migrations.RunPython(join_fields, migrations.RunPython.noop),
        reshape_rows("benchmark", "metrics", added={"aliases": [], "proportion": False}),
        reshape_rows("benchmark", "splits", added={"size_count": None, "aliases": []}),
        reshape_rows("paper", "variants", added={"aliases": [], "released": ""}),
        migrations.RemoveField(
            model_name='result',
            name='fine_tuned',
        ),
        migrations.RemoveField(
            model_name='result',
            name='headline',
        ),
        migrations.RemoveField(
            model_name='result',
            name='setting_inferred',
        ),
        migrations.RemoveField(
            model_name='result',
            name='split_inferred',
        ),
        migrations.RemoveField(
            model_name='result',
            name='variant_inferred',
        ),
        migrations.AddIndex("result", models.Index(fields=["-number", "slug"], name="result_score")),
    ]
