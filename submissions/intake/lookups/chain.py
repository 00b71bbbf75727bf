"""Which services are asked about a draft, and in which order."""

import time
from dataclasses import dataclass
from typing import Any

from catalog.text.identifiers import (
    acl_id_of,
    address_of_acl_doi,
    arxiv_id_of_doi,
    hub_of,
    paper_address_of,
    repository_of,
)
from submissions.intake.lookups import arxiv, dois, hubs, openreview, proceedings, semantic_scholar, sites
from submissions.intake.lookups.answers import Answer, Reader, answer
from submissions.intake.lookups.sites import NotFetched, Site, Unknown

TIME_LIMIT = 8.0
"""Seconds that all look-ups of one draft may take together."""
SITE_LIMIT = 4.0
"""Seconds for one of them."""
LEAST = 1.0
"""Seconds that must be left to begin another one."""


@dataclass(frozen=True)
class LookUp:
    """A question to a service. If the service `decides`, there is no such thing when it knows none."""

    site: Site
    reader: Reader
    argument: str
    decides: bool = False


def look_up(chain: list[LookUp]) -> tuple[LookUp, Answer]:
    """The first answer to one of these, and who gave it. Raises NotFetched with what the first service said."""
    until = time.monotonic() + TIME_LIMIT
    errors = [] if any(one.site.is_on for one in chain) else [chain[0].site.switched_off()]
    for one in chain:
        now = time.monotonic()
        if not one.site.is_on or until - now < LEAST:
            continue
        try:
            return one, answer(one.site, one.reader, one.argument, min(until, now + SITE_LIMIT))
        except NotFetched as error:
            errors.append(error)
            if one.decides and isinstance(error, Unknown):
                break
    raise errors[0]


def chain_for(payload: dict[str, Any]) -> list[LookUp]:
    """The look-ups for a payload: by its arXiv id, else its DOI, else its links; none without any of them."""
    if number := payload.get("arxiv_id"):
        return _of_arxiv(number)
    if doi := payload.get("doi"):
        number = arxiv_id_of_doi(doi)
        return _of_arxiv(number) if number else _of_doi(doi)
    addresses = [row["url"] for row in payload.get("links", [])]
    for read in (_of_paper_page, _of_hub, _of_repository):
        for address in addresses:
            if chain := read(address):
                return chain
    return []


def _of_arxiv(number: str) -> list[LookUp]:
    return [
        LookUp(sites.ARXIV, arxiv.read_arxiv, number, decides=True),
        LookUp(sites.HUGGING_FACE, hubs.read_paper, number),
        LookUp(sites.SEMANTIC_SCHOLAR, semantic_scholar.read_semantic_scholar, f"ARXIV:{number}"),
    ]


def _of_doi(doi: str) -> list[LookUp]:
    agencies = [
        LookUp(sites.CROSSREF, dois.read_crossref, doi),
        LookUp(sites.DATACITE, dois.read_datacite, doi),
    ]
    if doi.lower().startswith(dois.DATACITE_PREFIXES):
        agencies.reverse()
    acl_id = acl_id_of(address_of_acl_doi(doi))
    return [
        *([LookUp(sites.ACL_ANTHOLOGY, proceedings.read_acl, acl_id)] if acl_id else []),
        *agencies,
        LookUp(sites.SEMANTIC_SCHOLAR, semantic_scholar.read_semantic_scholar, f"DOI:{doi}"),
    ]


def _of_paper_page(address: str) -> list[LookUp]:
    """By the page that `paper_address_of` gives: its id or path is what follows the address of the site."""
    page = paper_address_of(address)
    if acl_id := acl_id_of(page):
        scholar = LookUp(sites.SEMANTIC_SCHOLAR, semantic_scholar.read_semantic_scholar, f"ACL:{acl_id}")
        return [LookUp(sites.ACL_ANTHOLOGY, proceedings.read_acl, acl_id, decides=True), scholar]
    readers: list[tuple[str, Site, Reader]] = [
        ("https://openreview.net/forum?id=", sites.OPENREVIEW, openreview.read_openreview),
        ("https://openaccess.thecvf.com/", sites.CVF, proceedings.read_cvf),
        ("https://proceedings.mlr.press/", sites.PMLR, proceedings.read_pmlr),
    ]
    return [LookUp(site, reader, page.removeprefix(start)) for start, site, reader in readers if page.startswith(start)]


def _of_hub(address: str) -> list[LookUp]:
    kind, name = hub_of(address)
    if not name:
        return []
    return [LookUp(sites.HUGGING_FACE, hubs.read_dataset if kind == "dataset" else hubs.read_model, name)]


def _of_repository(address: str) -> list[LookUp]:
    name = repository_of(address)
    return [LookUp(sites.GITHUB, hubs.read_repository, name)] if name else []
