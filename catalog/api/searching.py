"""Search over all kinds."""

from typing import Any

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import paging, params, version
from catalog.api.base import ReadView
from catalog.api.conditional import Validators
from catalog.api.envelopes import envelope, of_ledger
from catalog.kinds import KINDS
from catalog.ledger import as_of as asof
from catalog.reading.search import MAX_PAGES, SearchHit, SearchPage, search

SIZE, MOST = 20, 50


class Search(ReadView):
    """What words find, best first."""

    params = (
        params.text(
            "q",
            "Names, aliases, authors, identifiers or words; a typo is forgiven.",
            required=True,
            example="clip",
        ),
        params.choice("kind", "Only of this kind.", KINDS),
        params.integer("year", "Only of this year.", 1900, 2100),
        params.integer("page", f"The page, up to {MAX_PAGES}.", 1, MAX_PAGES, default=1),
        params.integer("page_size", f"Rows on a page, up to {MOST}.", 1, MOST, default=SIZE),
    )

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request)

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        number, size = values["page"], values["page_size"]
        page = search(values["q"], kind=values["kind"], year=values["year"], page=number, size=size)
        more = number < page.pages
        following = paging.link(request.path, request.GET, page=str(number + 1)) if more else None
        response = Response(
            {
                "results": hits(page) if number <= page.pages else [],
                "next": following,
                "count": page.total,
                "count_is_exact": not page.more,
                "guessed": page.guessed,
                "kinds": dict(page.kinds),
                "years": {str(year): count for year, count in page.years},
            }
        )
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return response


def hits(page: SearchPage) -> list[dict[str, Any]]:
    """The entries found, in order, each with the pieces that matched."""
    slugs: dict[str, list[str]] = {}
    for hit in page.hits:
        slugs.setdefault(hit.kind, []).append(hit.slug)
    asked = Q()
    for kind, named in slugs.items():
        asked |= Q(kind=kind, slug__in=named)
    rows = of_ledger(asof.current_revisions().filter(asked)) if page.hits else []
    found = {(item.kind.name, item.slug): item for item in rows}
    return [
        {**envelope(found[hit.kind, hit.slug]), "match": match(hit)}
        for hit in page.hits
        if (hit.kind, hit.slug) in found
    ]


def match(hit: SearchHit) -> dict[str, Any]:
    """Name and line in pieces, each with whether the query asked for it."""
    return {
        "name": [{"text": text, "hit": asked} for text, asked in hit.name],
        "line": [{"text": text, "hit": asked} for text, asked in hit.line],
    }
