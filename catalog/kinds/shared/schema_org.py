"""Parts of schema.org descriptions that several kinds share. They state what the payload states, and guess nothing."""

from collections.abc import Mapping
from typing import Any

from catalog.models import LinkKind
from catalog.text.author_names import is_group, is_person, people_in
from catalog.text.identifiers import arxiv_in, doi_address, doi_of
from catalog.text.licences import remarked_address, spdx_address
from catalog.text.rows import readable_rows, text_in

PUBLICATIONS = frozenset({LinkKind.PAPER, LinkKind.ARXIV})
"""The kinds of links that lead to a publication."""


def organisation(name: str) -> dict[str, str] | None:
    """An organisation by its name."""
    return {"@type": "Organization", "name": name} if name else None


def author(name: str) -> dict[str, str] | str:
    """An author: a person or an organisation if the name says which of them, else the name alone."""
    if is_group(name):
        return {"@type": "Organization", "name": name}
    return {"@type": "Person", "name": name} if is_person(name) else name


def licence(stated: str, address: str = "") -> dict[str, str] | str:
    """A licence by its address, if that is stated or SPDX lists the licence, else by its name."""
    if address or not stated:
        return address
    if found := spdx_address(stated):
        return found
    named = {"@type": "CreativeWork", "name": stated}
    found = remarked_address(stated)
    return {**named, "url": found} if found else named


def paper_addresses(arxiv_id: str, doi: str, *others: str) -> list[str]:
    """The addresses of a paper, each once: those of its identifiers first."""
    own = [f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else "", doi_address(doi) if doi else ""]
    further = [
        url for url in others if not (arxiv_id and arxiv_in(url) == arxiv_id) and not (doi and doi_of(url) == doi)
    ]
    return list(dict.fromkeys(filter(None, [*own, *further])))


def linked_publications(links: Any) -> list[str]:
    """The addresses among the links that lead to a publication."""
    rows = readable_rows(links, "kind", "url")
    return [row["url"] for row in rows if row["kind"] in PUBLICATIONS and row["url"].startswith("http")]


def article(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row that cites a paper, with its addresses; its authors if they are named in full."""
    addresses = paper_addresses(*(text_in(row, key) for key in ("arxiv_id", "doi", "url")))
    described = {
        "@type": "ScholarlyArticle",
        "name": row["title"],
        "author": [author(name) for name in people_in(text_in(row, "authors"))],
        "datePublished": str(row.get("year") or ""),
        "url": addresses[0] if addresses else "",
        "sameAs": addresses[1:],
    }
    return {key: value for key, value in described.items() if value}


def citations(rows: Any, links: Any) -> list[dict[str, Any] | str]:
    """What is cited: rows of papers, and links to further publications by their addresses."""
    articles = [article(row) for row in readable_rows(rows, "title")]
    named = {url for one in articles for url in (one.get("url"), *one.get("sameAs", ()))}
    ids = {arxiv_in(url) for url in named if url} - {""}
    further = [url for url in linked_publications(links) if url not in named and arxiv_in(url) not in ids]
    return [*articles, *dict.fromkeys(further)]


def dataset_pages(payload: Mapping[str, Any]) -> list[str]:
    """The pages of a dataset itself, elsewhere: its homepage, and the one on Hugging Face."""
    name = payload["huggingface_id"]
    pages = [payload["homepage"], f"https://huggingface.co/datasets/{name}" if name else ""]
    return list(dict.fromkeys(filter(None, pages)))


def dataset(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A card as a Dataset, the type that dataset search engines read. Its creators are the authors of its first paper,
    which presents it, if they are named in full."""
    papers = readable_rows(payload["papers"], "authors")
    return {
        "@type": "Dataset",
        "sameAs": dataset_pages(payload),
        "creator": [author(name) for name in people_in(papers[0]["authors"])] if papers else [],
        "license": licence(payload["licence"], payload["licence_url"]),
        "keywords": [*payload["modalities"], *payload["tasks"]],
        "inLanguage": payload["languages"],
        "size": payload["size"],
        "isAccessibleForFree": True if payload["availability"] == "public" else None,
        "citation": citations(payload["papers"], payload["links"]),
        "datePublished": str(payload["year"]) if payload["year"] else "",
    }
