"""What is asked of both sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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


ANEW = {"list", "list, filtered", "entry", "search, rare", "search, common"}
"""What is asked of the portal that keeps nothing ready, too."""


def cases(slugs: Sequence[str], papers: int) -> list[Case]:
    """All cases, for a catalogue of so many papers, some of whose slugs are `slugs`."""
    every = [*_reads(slugs, papers), *_pages(slugs, papers)]
    return [*every, *(anew(case) for case in every if case.name.partition(": ")[2] in ANEW)]


def anew(case: Case) -> Case:
    """The same, made anew at each request."""
    return replace(case, name=case.name.replace(": ", " made anew: "), anew=True)


def _reads(slugs: Sequence[str], papers: int) -> Iterator[Case]:
    entries = [f"/api/v1/papers/{slug}/" for slug in slugs], [f"/api/papers/{slug}/" for slug in slugs]
    whole, last = (["/api/v1/papers/"], ["/api/papers/"]), encode("slug", [max(slugs)])
    yield Case("API: list", *whole)
    yield Case("API: list, compressed", *whole, packed=True)
    yield Case("API: list, far end", [f"/api/v1/papers/?cursor={last}"], [f"/api/papers/?page={papers // 25}"])
    yield Case("API: list, filtered", [f"/api/v1/papers/?{FILTER}"], [f"/api/papers/?{FILTER}"])
    yield Case("API: entry", *entries)
    for name, term in TERMS.items():
        yield Case(f"API: search, {name}", [f"/api/v1/search/?q={term}"], [f"/api/papers/?search={term}"])
    yield Case("API: changes", ["/api/v1/changes/"], ["/api/papers/?ordering=-updated"])
    yield Case("API: list, 304", *whole, again=True)
    yield Case("API: entry, 304", entries[0][:20], entries[1][:20], again=True)


def _pages(slugs: Sequence[str], papers: int) -> Iterator[Case]:
    deep = min(2000, papers // 25)
    asked = {
        "list": ["/papers/"],
        "list, filtered": [f"/papers/?{FILTER}"],
        f"list, page {deep}": [f"/papers/?page={deep}"],
        "entry": [f"/papers/{slug}/" for slug in slugs],
        "search, rare": [f"/search/?q={TERMS['rare']}"],
        "search, common": [f"/search/?q={TERMS['common']}"],
    }
    for name, paths in asked.items():
        yield Case(f"page: {name}", paths, paths)
