"""What is asked of both sites."""

from collections.abc import Sequence
from dataclasses import dataclass

TERMS = {"rare": "hyperspectral", "medium": "tactile", "common": "multilingual", "very common": "alignment"}
FILTER = "architecture=dual-encoder"


@dataclass(frozen=True)
class Case:
    """One question: its addresses on the portal and on the baseline, asked in turn; `again` asks with the ETag that
    the first answer gave, for a 304."""

    name: str
    portal: Sequence[str]
    naive: Sequence[str]
    again: bool = False


def cases(slugs: Sequence[str], papers: int) -> list[Case]:
    """All cases, for a catalogue of so many papers, some of whose slugs are `slugs`."""
    items = [f"papers/{slug}/" for slug in slugs]
    api, old = [f"/api/v1/{item}" for item in items], [f"/api/{item}" for item in items]
    pages = [f"/{item}" for item in items]
    deep = min(2000, papers // 25)
    return [
        Case("API list", ["/api/v1/papers/"], ["/api/papers/"]),
        Case("API list, filtered", [f"/api/v1/papers/?{FILTER}"], [f"/api/papers/?{FILTER}"]),
        Case("API entry", api, old),
        *(
            Case(f"API search, {name}", [f"/api/v1/search/?q={term}"], [f"/api/papers/?search={term}"])
            for name, term in TERMS.items()
        ),
        Case("API changes", ["/api/v1/changes/"], ["/api/papers/?ordering=-updated"]),
        Case("API list, 304", ["/api/v1/papers/"], ["/api/papers/"], again=True),
        Case("API entry, 304", api[:20], old[:20], again=True),
        Case("page: list", ["/papers/"], ["/papers/"]),
        Case("page: filter and facets", [f"/papers/?{FILTER}"], [f"/papers/?{FILTER}"]),
        Case(f"page: list, page {deep}", [f"/papers/?page={deep}"], [f"/papers/?page={deep}"]),
        Case("page: entry", pages, pages),
        *(
            Case(f"page: search, {name}", [f"/search/?q={term}"], [f"/search/?q={term}"])
            for name, term in TERMS.items()
        ),
    ]
