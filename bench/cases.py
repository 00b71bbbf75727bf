"""What is asked of both sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.api.paging import encode

TERMS = {"rare": "hyperspectral", "medium": "tactile", "common": "multilingual", "very common": "alignment"}
FILTER = "architecture=dual-encoder"


@dataclass(frozen=True)
class Case:
    """One question: its addresses on the portal and on the baseline, asked in turn; `again` asks with the ETag that
    the first answer gave, for a 304; `packed` takes compressed bodies; `anew` asks a portal that keeps no pages
    ready."""

    name: str
    portal: Sequence[str]
    naive: Sequence[str]
    again: bool = False
    packed: bool = False
    anew: bool = False


def cases(slugs: Sequence[str], papers: int) -> list[Case]:
    """All cases, for a catalogue of so many papers, some of whose slugs are `slugs`."""
    items = [f"papers/{slug}/" for slug in slugs]
    api, old = [f"/api/v1/{item}" for item in items], [f"/api/{item}" for item in items]
    last = encode("slug", [max(slugs)])
    return [
        Case("API list", ["/api/v1/papers/"], ["/api/papers/"]),
        Case("API list, compressed", ["/api/v1/papers/"], ["/api/papers/"], packed=True),
        Case("API list, far end", [f"/api/v1/papers/?cursor={last}"], [f"/api/papers/?page={papers // 25}"]),
        Case("API list, filtered", [f"/api/v1/papers/?{FILTER}"], [f"/api/papers/?{FILTER}"]),
        Case("API entry", api, old),
        *(
            Case(f"API search, {name}", [f"/api/v1/search/?q={term}"], [f"/api/papers/?search={term}"])
            for name, term in TERMS.items()
        ),
        Case("API changes", ["/api/v1/changes/"], ["/api/papers/?ordering=-updated"]),
        Case("API list, 304", ["/api/v1/papers/"], ["/api/papers/"], again=True),
        Case("API entry, 304", api[:20], old[:20], again=True),
        *pages(items, papers),
    ]


def pages(items: Sequence[str], papers: int) -> Iterator[Case]:
    """Pages as visitors ask for them, then some that are made anew at each request."""
    deep = min(2000, papers // 25)
    asked = {
        "list": ["/papers/"],
        "list, filter and facets": [f"/papers/?{FILTER}"],
        f"list, page {deep}": [f"/papers/?page={deep}"],
        "entry": [f"/{item}" for item in items],
        "search, rare": [f"/search/?q={TERMS['rare']}"],
        "search, common": [f"/search/?q={TERMS['common']}"],
    }
    for anew in (False, True):
        for name, paths in asked.items():
            yield Case(f"page made anew: {name}" if anew else f"page: {name}", paths, paths, anew=anew)
