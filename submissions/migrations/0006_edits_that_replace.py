from django.db import migrations


def mark_edits_that_replace(apps, schema_editor):
    """Mark the open edits that leave at most a quarter of their base, as new ones are marked: they take two moderators."""
    proposals, revisions = apps.get_model("submissions", "Proposal").objects, apps.get_model("catalog", "Revision").objects
    edits = proposals.filter(status__in=["pending", "changes-requested"], action="edit", replaces_entry=False)
    for pk, kind, entry_id, base, after in edits.values_list("pk", "kind", "target_id", "base", "payload"):
        before = revisions.filter(kind=kind, entry_id=entry_id, number=base).values_list("snapshot", flat=True).first()
        if not isinstance(before, dict) or not isinstance(after, dict):
            continue
        said = [key for key, value in before.items() if key != "sources" and value is not False and value not in (None, "", [], {})]
        kept = [key for key in said if after.get(key) == before[key]]
        if len(said) >= 3 and len(kept) * 4 <= len(said):
            proposals.filter(pk=pk).update(replaces_entry=True)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0015_field_sourcing'),
        ('submissions', '0005_rollback_steps'),
    ]

    operations = [
        migrations.RunPython(mark_edits_that_replace, migrations.RunPython.noop),
    ]
