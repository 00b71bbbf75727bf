"""One entry, its history, and one revision of it."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, paging, version
from catalog.api.base import KindView
from catalog.api.conditional import Validators
from catalog.api.envelopes import Item, address, page_of
from catalog.api.finding import find
from catalog.api.lists import AS_OF, shape_params, shown
from catalog.api.paging import Key
from catalog.api.params import Param
from catalog.api.problems import Problem
from catalog.kinds import Kind
from catalog.ledger.history import differences
from catalog.ledger.payloads import changed_in, payload_of
from catalog.models import Revision

NEWEST = [Key("number", descending=True)]


def entry_params(kind: Kind) -> tuple[Param, ...]:
    """What an entry may be asked."""
    return (AS_OF, *shape_params(kind))


class EntryDetail(KindView):
    """One entry."""

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators | None:
        """The entry's revision, where nothing but the entry is asked for; found once, kept for the answer."""
        item = self.item = find(request, self.kind, kwargs["slug"], values["as_of"])
        if values["include"]:
            return None
        if values["expand"]:
            return version.state(request, values["as_of"])
        state = conditional.tag(request, item.entry_id, item.revision, item.slug, prefix=f"r{item.revision}-")
        return Validators(state, item.updated)

    item: Item

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        response = Response(shown([self.item], values)[0])
        own = address(self.kind, self.item.slug)
        response["Link"] = (
            f'<{page_of(self.kind, self.item.slug)}>; rel="alternate"; type="text/html", '
            f'<{own}revisions/>; rel="version-history"'
        )
        return response


class RevisionList(KindView):
    """The history of an entry, newest first."""

    params = paging.PARAMS[:2]

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        item = find(request, self.kind, kwargs["slug"])
        rows = Revision.objects.filter(kind=self.kind.name, entry_id=item.entry_id).defer("snapshot")
        size = values["page_size"]
        position = paging.position(values["cursor"], "revisions", Revision, NEWEST)
        found = paging.after(rows, NEWEST, position, size + 1)
        further = paging.encode("revisions", [found[size - 1].number]) if len(found) > size else None
        following = paging.link(request.path, request.GET, cursor=further) if further else None
        told = [told_of(self.kind, item.slug, row) for row in found[:size]]
        response = Response({"results": told, "next": following})
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return response


class RevisionDetail(KindView):
    """One revision: the whole payload as it was, and what it changed."""

    params: ClassVar[tuple[Param, ...]] = ()

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        item, number = find(request, self.kind, kwargs["slug"]), kwargs["number"]
        if not 1 <= number <= item.revision:
            raise Problem(404, f"“{item.slug}” has revisions 1 to {item.revision}.")
        rows = Revision.objects.filter(
            kind=self.kind.name, entry_id=item.entry_id, number__in=[number - 1, number]
        ).order_by("-number")
        found = {row.number: row for row in rows}
        row, before = found[number], found.get(number - 1)
        changes = differences(self.kind, before, row) if before else []
        return Response(
            {
                **told_of(self.kind, item.slug, row),
                "fields": payload_of(row),
                "differences": [
                    {"field": one.field, "label": one.label, "before": one.before, "after": one.after}
                    for one in changes
                ],
            }
        )


def told_of(kind: Kind, slug: str, row: Revision) -> dict[str, Any]:
    """A revision without its payload; `slug` is the present address of the entry, `row.slug` that of the time."""
    return {
        "revision": row.number,
        "action": row.action,
        "slug": row.slug,
        "name": row.name,
        "url": f"{address(kind, slug)}revisions/{row.number}/",
        "html_url": f"{page_of(kind, slug)}history/{row.number}/",
        "at": row.at,
        "contributor": row.contributor,
        "approver": row.approver or None,
        "source": row.source or None,
        "comment": row.comment,
        "changed": changed_in(row),
    }
