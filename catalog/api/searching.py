"""Search over all kinds."""

from typing import Any

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, paging, params, version
from catalog.api.base import ReadView
from catalog.api.conditional import Validators
from catalog.api.envelopes import entries_of_revisions, envelope
from catalog.api.lists import AS_OF
from catalog.api.past import catalogue_of
from catalog.kinds import KINDS
from catalog.ledger import as_of
from catalog.reading.boards.standings import with_standings
from catalog.reading.search import MAX_PAGES, SearchHit, SearchPage, search

DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 20, 50


class Search(ReadView):
    """Search results over all kinds, best match first."""

    params = (
        AS_OF,
        params.text(
            "q",
            "Names, aliases, authors, identifiers or words; a typo is forgiven.",
            required=True,
            example="clip",
        ),
        params.choice("kind", "Only of this kind.", KINDS),
        params.integer("year", "Only of this year.", 1900, 2100),
        params.integer("page", f"The page, up to {MAX_PAGES}.", 1, MAX_PAGES, default=1),
        params.integer(
            "page_size", f"Rows on a page, up to {MAX_PAGE_SIZE}.", 1, MAX_PAGE_SIZE, default=DEFAULT_PAGE_SIZE
        ),
    )

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        with catalogue_of(values["as_of"]):
            return self._answer(request, values)

    def _answer(self, request: Request, values: dict[str, Any]) -> Response:
        number, size = values["page"], values["page_size"]
        page = search(values["q"], kind=values["kind"], year=values["year"], page=number, size=size)
        page = with_standings(page) if number <= page.pages else page
        has_more = number < page.pages
        next_url = paging.url_with(request.path, request.GET, page=str(number + 1)) if has_more else None
        response = Response(
            {
                "results": hits(page) if number <= page.pages else [],
                "next": next_url,
                "count": page.total,
                "count_is_exact": not page.more,
                "guessed": page.guessed,
                "kinds": dict(page.kinds),
                "years": {str(year): count for year, count in page.years},
            }
        )
        if next_url:
            response["Link"] = f'<{next_url}>; rel="next"'
        return response


def hits(page: SearchPage) -> list[dict[str, Any]]:
    """Return the envelopes of the entries on a page of results, in order, each with its highlighted match."""
    slugs: dict[str, list[str]] = {}
    for hit in page.hits:
        slugs.setdefault(hit.kind, []).append(hit.slug)
    condition = Q()
    for kind, slugs_of_kind in slugs.items():
        condition |= Q(kind=kind, slug__in=slugs_of_kind)
    entries = entries_of_revisions(as_of.current_revisions().filter(condition)) if page.hits else []
    by_key = {(entry.kind.name, entry.slug): entry for entry in entries}
    return [
        {**envelope(by_key[hit.kind, hit.slug]), "match": match(hit), "standing": hit.standing or None}
        for hit in page.hits
        if (hit.kind, hit.slug) in by_key
    ]


def match(hit: SearchHit) -> dict[str, Any]:
    """Return name and line split into spans, each with whether it matches the query."""
    return {
        "name": [{"text": text, "hit": matched} for text, matched in hit.name],
        "line": [{"text": text, "hit": matched} for text, matched in hit.line],
    }
