"""The fields of results whose values were joined with others."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0018_joined_fields")]

    operations = [
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
    ]
