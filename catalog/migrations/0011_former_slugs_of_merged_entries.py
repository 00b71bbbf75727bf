"""Addresses that an entry had before it was merged lead to the entry that stays.

Merging left them with the entry that was gone: they redirected in two steps, and a payload that named one was refused.
"""

from django.db import migrations


def follow_merges(apps, schema_editor):
    FormerSlug = apps.get_model("catalog", "FormerSlug")
    Revision = apps.get_model("catalog", "Revision")
    for former in FormerSlug.objects.order_by("pk"):
        heir = _heir(FormerSlug, Revision, former)
        if heir != former.entry_id:
            FormerSlug.objects.filter(pk=former.pk).update(entry_id=heir)


def _heir(former_slugs, revisions, former):
    """The entry that the entry of a former slug was merged into, and that one in its turn."""
    entry_id, seen = former.entry_id, set()
    while entry_id not in seen:
        seen.add(entry_id)
        last = revisions.objects.filter(kind=former.kind, entry_id=entry_id).order_by("-number").first()
        if last is None or last.action != "merge":
            break
        forwarded = former_slugs.objects.filter(kind=former.kind, slug=last.slug).first()
        if forwarded is None:
            break
        entry_id = forwarded.entry_id
    return entry_id


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_payload_shape")]
    operations = [migrations.RunPython(follow_merges, migrations.RunPython.noop)]
