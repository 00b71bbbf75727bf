"""What makes results comparable: protocols, settings with a structure, names that benchmarks and models list."""

import django.db.models.deletion
from django.db import migrations, models


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
        migrations.AddIndex("result", models.Index(fields=["-number", "slug"], name="result_score")),
    ]
