"""Give the source rows of entries an empty `source_class`: the class of a source is that of its host."""

from django.db import migrations

from catalog.migrations._rows import reshape_rows

KINDS = ("paper", "dataset", "benchmark", "result", "topic", "component")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0013_merge_links")]

    operations = [reshape_rows(kind, "sources", added={"source_class": ""}) for kind in KINDS]
