"""Endpoints of one entry: the entry, its history and its revisions."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, paging, version
from catalog.api.base import KindView
from catalog.api.conditional import Validators
from catalog.api.envelopes import EntryAtRevision, api_url, page_url
from catalog.api.finding import find, find_history, represent_removal
from catalog.api.lists import AS_OF, INCLUDE, represent_entries, representation_params
from catalog.api.paging import SortKey
from catalog.api.params import Param
from catalog.api.problems import Problem
from catalog.api.provenance import provenance_of_history
from catalog.kinds import Kind
from catalog.ledger.history import differences
from catalog.ledger.payloads import changed_in, payload_of
from catalog.models import Revision

NEWEST_FIRST = [SortKey("number", descending=True)]


def entry_params(kind: Kind) -> tuple[Param, ...]:
    """Return the query parameters of an entry."""
    return (AS_OF, *representation_params(kind))


class EntryDetail(KindView):
    """One entry."""

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        """Derive the validators from the entry's revision unless other entries are included; keep the entry for
        `answer`."""
        entry = self.entry = find(request, self.kind, kwargs["slug"], values["as_of"])
        if values["include"]:
            return None
        if values["expand"]:
            return version.state(request, values["as_of"])
        state = conditional.entity_tag(
            request, entry.entry_id, entry.revision, entry.slug, prefix=f"r{entry.revision}-"
        )
        return Validators(state, entry.updated)

    entry: EntryAtRevision

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        response = Response(represent_entries([self.entry], values)[0])
        url = api_url(self.kind, self.entry.slug)
        response["Link"] = (
            f'<{page_url(self.kind, self.entry.slug)}>; rel="alternate"; type="text/html", '
            f'<{url}revisions/>; rel="version-history"'
        )
        return response


class RevisionList(KindView):
    """The history of an entry, newest first."""

    params = paging.PARAMS[:2]

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        entry = find_history(request, self.kind, kwargs["slug"])
        rows = Revision.objects.filter(kind=self.kind.name, entry_id=entry.pk).defer("snapshot")
        size = values["page_size"]
        position = paging.position(values["cursor"], "revisions", Revision, NEWEST_FIRST)
        revisions = paging.rows_after(rows, NEWEST_FIRST, position, size + 1)
        next_cursor = paging.encode("revisions", [revisions[size - 1].number]) if len(revisions) > size else None
        next_url = paging.url_with(request.path, request.GET, cursor=next_cursor) if next_cursor else None
        results = [represent_revision(self.kind, entry.slug, row) for row in revisions[:size]]
        response = Response({"results": results, "next": next_url, "removed": represent_removal(entry)})
        if next_url:
            response["Link"] = f'<{next_url}>; rel="next"'
        return response


class RevisionDetail(KindView):
    """One revision: its full payload, what it changed, and the provenance of the payload."""

    params: ClassVar[tuple[Param, ...]] = (INCLUDE,)

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        entry, number = find_history(request, self.kind, kwargs["slug"]), kwargs["number"]
        if not 1 <= number <= entry.revision:
            raise Problem(404, f"“{entry.slug}” has revisions 1 to {entry.revision}.")
        rows = Revision.objects.filter(
            kind=self.kind.name, entry_id=entry.pk, number__in=[number - 1, number]
        ).order_by("-number")
        by_number = {row.number: row for row in rows}
        row, before = by_number[number], by_number.get(number - 1)
        changes = differences(self.kind, before, row) if before else []
        history = Revision.objects.of(self.kind.name, entry.pk).filter(number__lte=number)
        return Response(
            {
                **represent_revision(self.kind, entry.slug, row),
                "fields": payload_of(row),
                "differences": [
                    {"field": change.field, "label": change.label, "before": change.before, "after": change.after}
                    for change in changes
                ],
                **({"provenance": provenance_of_history(self.kind, list(history))} if values["include"] else {}),
                "removed": represent_removal(entry),
            }
        )


def represent_revision(kind: Kind, slug: str, row: Revision) -> dict[str, Any]:
    """Represent a revision without its payload; `slug` is the entry's current slug, `row.slug` the one of that time."""
    return {
        "revision": row.number,
        "action": row.action,
        "slug": row.slug,
        "name": row.name,
        "url": f"{api_url(kind, slug)}revisions/{row.number}/",
        "html_url": f"{page_url(kind, slug)}history/{row.number}/",
        "at": row.at,
        "contributor": row.contributor,
        "approver": row.approver or None,
        "seconder": row.seconder,
        "source": row.source or None,
        "comment": row.comment,
        "changed": changed_in(row),
    }
