from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_webhooks")]

    operations = [
        migrations.AddField("delivery", "leased_until", models.DateTimeField(blank=True, null=True)),
    ]
