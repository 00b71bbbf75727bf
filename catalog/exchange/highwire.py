"""The metas by which Google Scholar and reference managers read a citation (Highwire Press tags)."""

from collections.abc import Iterator, Mapping
from typing import Any

SINGLE = {"year": "citation_publication_date", "doi": "citation_doi", "arxiv_id": "citation_arxiv_id"}


def metas(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and contents for an entry that has authors, in the order that Google Scholar documents; nothing for others.
    What is not known is left out, and a venue too, since nobody said whether it is a journal or a conference."""
    authors = payload.get("authors") or []
    if not authors:
        return
    yield "citation_title", payload.get("title") or payload["name"]
    yield from (("citation_author", author) for author in authors)
    yield from ((name, str(payload[key])) for key, name in SINGLE.items() if payload.get(key))
