"""Former slugs and what they redirect to."""

from catalog.kinds import Kind
from catalog.models import FormerSlug, Revision


def present_slug(kind: Kind, slug: str) -> str | None:
    """The present slug of the entry that a former slug leads to, or its last one if it is retired; None if there is
    none."""
    entry_id = FormerSlug.objects.entry_ids(kind.name, [slug]).get(slug)
    if entry_id is None:
        return None
    live = kind.model.objects.filter(pk=entry_id).values_list("slug", flat=True).first()
    if live:
        return live
    last = Revision.objects.of(kind.name, entry_id).last()
    return last.slug if last and last.slug != slug else None
