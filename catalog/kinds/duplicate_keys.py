"""Duplicate keys: normalised arXiv ids, DOIs, URLs and names. Entries that share one may be duplicates."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from catalog.text.folding import compact
from catalog.text.identifiers import (
    address_of_acl_doi,
    arxiv_id_of,
    arxiv_id_of_doi,
    canonical_address,
    doi_key,
    doi_of,
    normalised_arxiv_id,
    normalised_doi,
)
from catalog.text.lookalikes import look_of

HOSTS = {"export.arxiv.org": "arxiv.org", "dx.doi.org": "doi.org", "hf.co": "huggingface.co", "youtu.be": "youtube.com"}
MAX_KEY_LENGTH = 200


def names_and_ids(payload: Mapping[str, Any]) -> set[str]:
    """The duplicate keys of a payload, from its names, ids and URLs."""
    found = {key for name in names_of(payload) for key in name_keys(name)}
    for row in payload.get("links") or []:
        found |= address_keys(str(row.get("url") or ""))
    if arxiv_id := str(payload.get("arxiv_id") or ""):
        found.add(arxiv_key(arxiv_id))
    if doi := str(payload.get("doi") or ""):
        found |= doi_keys(normalised_doi(doi))
    return {key[:MAX_KEY_LENGTH] for key in found}


def names_of(payload: Mapping[str, Any]) -> list[str]:
    """The names in a payload, its own name first: name, title and aliases."""
    names = [payload.get("name"), payload.get("title"), *(payload.get("aliases") or [])]
    return [str(name) for name in names if name]


def name_keys(name: str) -> set[str]:
    """The duplicate key of a name, whose signs count only if it has nothing else; where letters of other scripts look
    like ASCII ones, that of its look too."""
    words = {"name": compact(name) or "".join(name.casefold().split()), "look": look_of(name)}
    if words["look"] == words["name"]:
        del words["look"]
    return {f"{prefix}:{word}" for prefix, word in words.items() if word}


def look_alike_keys(keys: Iterable[str]) -> dict[str, str]:
    """The keys of names that look like those of `keys`, and are others: the key "look:…" of each, by key."""
    words = {key.partition(":")[2] for key in keys if key.startswith(("name:", "look:"))}
    return {f"{prefix}:{word}": f"look:{word}" for word in words for prefix in ("name", "look")}


def arxiv_key(arxiv_id: str) -> str:
    """The duplicate key of an arXiv id, with or without version and subject class."""
    return f"arxiv:{normalised_arxiv_id(arxiv_id).lower()}"


def doi_keys(doi: str) -> set[str]:
    """The duplicate keys of a normalised DOI: an arXiv id for one of arXiv, else its own; and where the paper is in the
    ACL Anthology, that of its address there."""
    if arxiv_id := arxiv_id_of_doi(doi):
        return {arxiv_key(arxiv_id)}
    return {f"doi:{doi_key(doi)}", *(_url_key(address) for address in [address_of_acl_doi(doi)] if address)}


def address_keys(url: str) -> set[str]:
    """The duplicate keys of a URL: an arXiv id or a DOI if it leads to one, else the URL in one of its forms."""
    if arxiv_id := arxiv_id_of(url):
        return {arxiv_key(arxiv_id)}
    if doi := doi_of(url):
        return doi_keys(doi)
    key = _url_key(canonical_address(url) or url)
    return {key} if key else set()


def _url_key(url: str) -> str:
    parts = urlsplit(url if len(url) < 2000 else "")
    host = (parts.netloc.rpartition("@")[2].split(":")[0]).lower().removeprefix("www.")
    host = HOSTS.get(host, host)
    path = parts.path.rstrip("/").removesuffix(".git")
    if host in ("github.com", "huggingface.co"):
        path = path.lower()
    kept = [(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")]
    return f"url:{host}{path}{'?' + urlencode(kept) if kept else ''}" if host else ""
