"""What models and components were trained on: what is stated, of which variants, and what follows for others."""

import django.db.models.deletion
from django.db import migrations, models


def forget_index(apps, schema_editor):
    """The index goes with its table: the next `migrate` builds it again."""
    apps.get_model("catalog", "indexdefinition")._default_manager.filter(index="exposure").delete()


def forget_exceptions(apps, schema_editor):
    """Delete rows that say what was not trained on, or that hold for some variants: they would say the opposite, or
    more."""
    rows = apps.get_model("catalog", "trainingdata")._default_manager
    rows.filter(excluded=True).delete()
    rows.exclude(variants=[]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0019_without_former_fields'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, forget_index),
        migrations.AddField(
            model_name='trainingdata',
            name='excluded',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='trainingdata',
            name='variants',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_exceptions),
        migrations.AlterField(
            model_name='componentorigin',
            name='relation',
            field=models.CharField(choices=[('successor-of', 'successor of'), ('initialised-from', 'initialised from'), ('fine-tuned-from', 'fine-tuned from'), ('vision-encoder', 'sees through'), ('language-backbone', 'speaks through'), ('connector', 'joined by')], max_length=20),
        ),
        migrations.AlterField(
            model_name='paperorigin',
            name='relation',
            field=models.CharField(choices=[('successor-of', 'successor of'), ('initialised-from', 'initialised from'), ('fine-tuned-from', 'fine-tuned from'), ('vision-encoder', 'sees through'), ('language-backbone', 'speaks through'), ('connector', 'joined by')], max_length=20),
        ),
        migrations.AlterField(
            model_name='trainingdata',
            name='benchmark',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_uses', to='catalog.benchmark'),
        ),
        migrations.AlterField(
            model_name='trainingdata',
            name='dataset',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_uses', to='catalog.dataset'),
        ),
        migrations.CreateModel(
            name='ComponentTraining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('name', models.CharField(max_length=300)),
                ('excluded', models.BooleanField(default=False)),
                ('benchmark', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_uses', to='catalog.benchmark')),
                ('component', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='training_rows', to='catalog.component')),
                ('dataset', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_uses', to='catalog.dataset')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('entry_id', models.BigIntegerField()),
                ('variant', models.CharField(blank=True, max_length=500)),
                ('target_kind', models.CharField(max_length=20)),
                ('target_id', models.BigIntegerField()),
                ('excluded', models.BooleanField()),
                ('steps', models.PositiveSmallIntegerField()),
                ('path', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['target_kind', 'target_id', 'kind', 'entry_id'], name='exposure_of_target')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'entry_id', 'variant', 'target_kind', 'target_id', 'excluded'), name='exposure_once')],
            },
        ),
    ]
