"""The references of old payloads by the present slugs of the very entries that they named.

Stored payloads keep the slugs of their time. To compare two of them, a slug that its entry has given up since must be
read as the present one; a merge is not followed, because the merged entry is another one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.models import FormerSlug, Revision

Slugs = Mapping[tuple[str, str], str]
"""Present slugs by (kind, former slug)."""


def own_slugs(payloads: Iterable[tuple[Kind, Any]]) -> dict[tuple[str, str], str]:
    """For each former slug in the payloads the present one of its entry, or its last if it was removed; two queries."""
    named = {
        reference for kind, payload in payloads for reference in kind.form.references(payload) if reference[0] in KINDS
    }
    rows = FormerSlug.objects.filter(slug__in={slug for _, slug in named}) if named else ()
    former = [(row.kind, row.slug, row.entry_id) for row in rows if (row.kind, row.slug) in named]
    if not former:
        return {}
    slugs: dict[tuple[str, int], list[str]] = {}
    history = Revision.objects.filter(
        kind__in={kind for kind, _, _ in former}, entry_id__in={pk for _, _, pk in former}
    )
    for kind, pk, slug in history.order_by("number").values_list("kind", "entry_id", "slug"):
        slugs.setdefault((kind, pk), []).append(slug)
    # the last slug of a merged entry leads to another entry, whose own history does not have it
    return {
        (kind, slug): slugs[kind, pk][-1]
        for kind, slug, pk in former
        if slug in slugs.get((kind, pk), ()) and slugs[kind, pk][-1] != slug
    }


def with_own_slugs(kind: Kind, payload: dict[str, Any], slugs: Slugs) -> dict[str, Any]:
    """The payload with each former slug replaced by the present one."""
    return kind.form.with_references_replaced(payload, slugs) if slugs else payload
