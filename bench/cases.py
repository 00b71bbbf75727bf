"""The requests by which both sites are measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from catalog.api.paging import encode

TERMS = {"rare": "hyperspectral", "medium": "tactile", "common": "multilingual", "very common": "alignment"}
FILTER = "architecture=dual-encoder"


@dataclass(frozen=True)
class Case:
    """One case: its URLs on the portal and on the baseline, requested in rotation.

    `conditional` sends the ETag of the first response, for a 304; `compressed` accepts compressed bodies; `uncached`
    uses a portal without a page cache.
    """

    name: str
    portal: Sequence[str]
    naive: Sequence[str]
    conditional: bool = False
    compressed: bool = False
    uncached: bool = False


UNCACHED = {"list", "list, filtered", "entry", "search, rare", "search, common"}
"""The cases that are also measured on a portal without a page cache."""


def cases(slugs: Sequence[str], papers: int) -> list[Case]:
    """All cases for a catalogue with this many papers; `slugs` are the slugs of some of them."""
    all_cases = [*_reads(slugs, papers), *_pages(slugs, papers)]
    return [*all_cases, *(uncached(case) for case in all_cases if case.name.partition(": ")[2] in UNCACHED)]


def uncached(case: Case) -> Case:
    """The same case on a portal without a page cache."""
    return replace(case, name=case.name.replace(": ", " uncached: "), uncached=True)


def _reads(slugs: Sequence[str], papers: int) -> Iterator[Case]:
    entries = [f"/api/v1/papers/{slug}/" for slug in slugs], [f"/api/papers/{slug}/" for slug in slugs]
    list_urls, last_cursor = (["/api/v1/papers/"], ["/api/papers/"]), encode("slug", [max(slugs)])
    yield Case("API: list", *list_urls)
    yield Case("API: list, compressed", *list_urls, compressed=True)
    yield Case("API: list, far end", [f"/api/v1/papers/?cursor={last_cursor}"], [f"/api/papers/?page={papers // 25}"])
    yield Case("API: list, filtered", [f"/api/v1/papers/?{FILTER}"], [f"/api/papers/?{FILTER}"])
    yield Case("API: entry", *entries)
    for name, term in TERMS.items():
        yield Case(f"API: search, {name}", [f"/api/v1/search/?q={term}"], [f"/api/papers/?search={term}"])
    yield Case("API: changes", ["/api/v1/changes/"], ["/api/papers/?ordering=-updated"])
    yield Case("API: list, 304", *list_urls, conditional=True)
    yield Case("API: entry, 304", entries[0][:20], entries[1][:20], conditional=True)


def _pages(slugs: Sequence[str], papers: int) -> Iterator[Case]:
    deep = min(2000, papers // 25)
    paths_by_name = {
        "list": ["/papers/"],
        "list, filtered": [f"/papers/?{FILTER}"],
        f"list, page {deep}": [f"/papers/?page={deep}"],
        "entry": [f"/papers/{slug}/" for slug in slugs],
        "search, rare": [f"/search/?q={TERMS['rare']}"],
        "search, common": [f"/search/?q={TERMS['common']}"],
    }
    for name, paths in paths_by_name.items():
        yield Case(f"page: {name}", paths, paths)
