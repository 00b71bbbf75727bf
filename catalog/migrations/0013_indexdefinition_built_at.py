from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0012_index_definitions'),
    ]

    operations = [
        migrations.AddField(
            model_name='indexdefinition',
            name='built_at',
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        ),
    ]
