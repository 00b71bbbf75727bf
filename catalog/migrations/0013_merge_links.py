"""A merge notes the entry that it kept, and each revision that it wrote at other entries notes the merge.

What was merged before is found out from the ledger: a merge and its parts have the same moment and people, and each part
repeats its comment.
"""

from importlib import import_module

from django.db import migrations, models

ledger_names = import_module("catalog.migrations.0004_ledger_names")


def link_merges(apps, schema_editor):
    revisions = apps.get_model("catalog", "Revision")._base_manager.order_by("pk")
    for merge in revisions.filter(action="merge").defer("snapshot").iterator():
        parts = [
            part
            for part in revisions.filter(at=merge.at, contributor_id=merge.contributor_id, pk__lt=merge.pk).only("comment")
            if " was merged into " in part.comment and part.comment.endswith(f": {merge.comment}")
        ]
        revisions.filter(pk__in=[part.pk for part in parts]).update(part_of_id=merge.pk)
        revisions.filter(pk=merge.pk).update(into_id=kept_entry(apps, merge, parts))


def kept_entry(apps, merge, parts):
    """The entry that a merge kept: where its address leads, or, once it was restored, the one that its parts name."""
    former = apps.get_model("catalog", "FormerSlug").objects.filter(kind=merge.kind, slug=merge.slug).first()
    if former is not None:
        return former.entry_id
    revisions = apps.get_model("catalog", "Revision")._base_manager.order_by("-pk")
    names = {part.comment.split(" was merged into ", 1)[1].removesuffix(f": {merge.comment}") for part in parts}
    rows = revisions.filter(kind=merge.kind, name__in=names, pk__lt=merge.pk).exclude(entry_id=merge.entry_id)
    return rows.values_list("entry_id", flat=True).first()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_same_paper")]
    operations = [
        migrations.AddField("revision", "into_id", models.BigIntegerField(null=True)),
        migrations.AddField("revision", "part_of_id", models.BigIntegerField(null=True)),
        migrations.RunPython(link_merges, migrations.RunPython.noop),
        migrations.RunPython(
            ledger_names.guard_but(ledger_names.NAMES),
            ledger_names.guard_but({*ledger_names.NAMES, "into_id", "part_of_id"}),
        ),
        migrations.AddIndex(
            "revision",
            models.Index(
                fields=["part_of_id"], condition=models.Q(part_of_id__isnull=False), name="revision_part_of"
            ),
        ),
    ]
