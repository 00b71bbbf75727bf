"""Former slugs and what they redirect to."""

from catalog.kinds import Kind
from catalog.models import FormerSlug, Revision


def present_slug(kind: Kind, slug: str) -> str | None:
    """The present slug of the entry that once had this slug; None without one."""
    former = FormerSlug.objects.filter(kind=kind.name, slug=slug).first()
    if former is None:
        return None
    live = kind.model.objects.filter(pk=former.entry_id).values_list("slug", flat=True).first()
    if live:
        return live
    last = Revision.objects.of(kind.name, former.entry_id).last()
    return last.slug if last and last.slug != slug else None
