"""The change feed, which a mirror follows from any cursor on.

The cursor holds a revision's id. Publishers hold the publish lock, so ids become visible in order: a client that has
read up to an id has missed none before it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, paging, params
from catalog.api.base import ReadView
from catalog.api.envelopes import api_url, page_url
from catalog.kinds import KINDS
from catalog.ledger.payloads import changed_in, payload_of
from catalog.models import REMOVED_ACTIONS, FormerSlug, Revision, RevisionAction
from catalog.models.revision import RevisionQuerySet

ORDER = "changes"
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 100, 500

SINCE = params.text(
    "since",
    "The `cursor` of the last answer: what came after it. Leave it out to begin with the first change; `now` gives no "
    "changes and the cursor of this moment.",
)


class Changes(ReadView):
    """Creations, edits, slug moves, retirements, merges and restorations, oldest first."""

    caching = conditional.PUBLIC_REVALIDATE
    params = (
        SINCE,
        params.choice("kind", "Only of this kind; repeat it for several.", KINDS, many=True),
        params.choice("action", "Only these; repeat it for several.", RevisionAction.values, many=True),
        params.integer(
            "page_size", f"Changes at most, up to {MAX_PAGE_SIZE}.", 1, MAX_PAGE_SIZE, default=DEFAULT_PAGE_SIZE
        ),
    )

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        size, since = values["page_size"], self._since(values["since"])
        rows = Revision.objects.filter(id__gt=since).order_by("id")
        if values["kind"]:
            rows = rows.filter(kind__in=values["kind"])
        if values["action"]:
            rows = rows.filter(action__in=values["action"])
        revisions = list(with_slug_before(rows)[: size + 1])
        page = revisions[:size]
        cursor = paging.encode(ORDER, [page[-1].pk if page else since])
        next_url = paging.url_with(request.path, request.GET, since=cursor)
        response = Response(
            {"results": changes(page), "cursor": cursor, "next": next_url, "has_more": len(revisions) > size}
        )
        response["Link"] = f'<{next_url}>; rel="next"'
        return response

    def _since(self, text: str | None) -> int:
        if text == "now":
            return Revision.objects.order_by("-id").values_list("id", flat=True).first() or 0
        return int(paging.decode(text, ORDER, [paging.read_integer], "since")[0]) if text else 0


def with_slug_before(rows: RevisionQuerySet) -> RevisionQuerySet:
    """Annotate revisions with the slug that their entry had before (`slug_before`), as `changes` requires."""
    previous = Revision.objects.filter(
        kind=OuterRef("kind"), entry_id=OuterRef("entry_id"), number=OuterRef("number") - 1
    )
    return rows.annotate(slug_before=Subquery(previous.values("slug")[:1]))


def changes(page: Sequence[Revision]) -> list[dict[str, Any]]:
    """Represent revisions that `with_slug_before` has annotated as items of the change feed."""
    merge_targets = _merge_targets([row for row in page if row.action == RevisionAction.MERGE])
    return [
        _change(row, merge_targets.get((row.kind, row.slug)) if row.action == RevisionAction.MERGE else None)
        for row in page
    ]


def _change(row: Any, merge_target: str | None) -> dict[str, Any]:
    kind = KINDS[row.kind]
    removed = row.action in REMOVED_ACTIONS
    return {
        "action": row.action,
        "kind": row.kind,
        "slug": row.slug,
        "moved_from": row.slug_before if row.slug_before not in (None, row.slug) else None,
        "merged_into": merge_target,
        "name": row.name,
        "url": api_url(kind, row.slug),
        "html_url": page_url(kind, row.slug),
        "revision": row.number,
        "at": row.at,
        "contributor": row.contributor,
        "approver": row.approver or None,
        "seconder": row.seconder,
        "source": row.source or None,
        "comment": row.comment,
        "changed": changed_in(row),
        "fields": None if removed else payload_of(row),
    }


def _merge_targets(merged: Sequence[Revision]) -> dict[tuple[str, str], str]:
    """Return the current slugs of merge targets by kind and slug of the merged entry; three queries per kind."""
    targets: dict[tuple[str, str], str] = {}
    for kind in {row.kind for row in merged}:
        ids = FormerSlug.objects.entry_ids(kind, [row.slug for row in merged if row.kind == kind])
        present_slugs = dict(KINDS[kind].model.objects.filter(pk__in=ids.values()).values_list("pk", "slug"))
        targets |= {(kind, slug): present_slugs[pk] for slug, pk in ids.items() if pk in present_slugs}
    return targets
