"""Webhooks may be of boards. Backwards, those are deleted with their deliveries: nothing of before stands for them."""

from django.conf import settings
from django.db import migrations, models


def forget_boards(apps, schema_editor):
    """Delete what only this migration has."""
    apps.get_model("webhooks", "delivery")._default_manager.filter(benchmark_id__isnull=False).delete()
    apps.get_model("webhooks", "webhook")._default_manager.filter(boards=True).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('webhooks', '0002_lease'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_of_a_change_once',
        ),
        migrations.AddField(
            model_name='delivery',
            name='benchmark_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='since_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='webhook',
            name='boards',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('benchmark_id__isnull', True)), fields=('webhook', 'revision_id'), name='delivery_of_a_change_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('benchmark_id__isnull', False)), fields=('webhook', 'revision_id', 'benchmark_id'), name='delivery_of_boards_once'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('benchmark_id__isnull', True), ('since_id__isnull', True)), models.Q(('benchmark_id__isnull', False), ('revision_id__isnull', False), ('since_id__isnull', False)), _connector='OR'), name='delivery_of_boards_since_a_revision'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('boards', False), models.Q(('kind', 'benchmark'), ('topic', '')), _connector='OR'), name='webhook_boards_of_benchmarks'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_boards),
    ]
