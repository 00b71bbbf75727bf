"""What was inferred of a result moves into the field itself, with a row of `inferred`; that a model was fine-tuned becomes
one of the settings. `ResultForm.reshaped` reads the payloads of the ledger in the same way.

PostgreSQL changes no table in the transaction that has changed its rows: hence three migrations.
"""

from django.db import migrations
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
    dependencies = [("catalog", "0017_comparable_results")]

    operations = [
        migrations.RunPython(join_fields, migrations.RunPython.noop),
        reshape_rows("benchmark", "metrics", added={"aliases": [], "proportion": False}),
        reshape_rows("benchmark", "splits", added={"size_count": None, "aliases": []}),
        reshape_rows("paper", "variants", added={"aliases": [], "released": ""}),
    ]
