"""Duplicate keys: normalised arXiv ids, DOIs, URLs and names. Entries that share one may be duplicates."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from catalog.text.folding import compact

# The two schemes of arXiv identifiers: https://info.arxiv.org/help/arxiv_identifier.html
ARXIV = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?!\d)", re.IGNORECASE)
DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>|{}]+)", re.IGNORECASE)
HOSTS = {"export.arxiv.org": "arxiv.org", "dx.doi.org": "doi.org", "hf.co": "huggingface.co", "youtu.be": "youtube.com"}
MAX_KEY_LENGTH = 200


def names_and_ids(payload: Mapping[str, Any]) -> set[str]:
    """The duplicate keys of a payload, from its names, ids and URLs."""
    names = [payload.get("name"), payload.get("title"), *(payload.get("aliases") or [])]
    found = {f"name:{word}" for name in names if name and len(word := compact(str(name))) > 1}
    for row in payload.get("links") or []:
        found |= address_keys(str(row.get("url") or ""))
    if ids := ARXIV.findall(str(payload.get("arxiv_id") or "")):
        found |= {f"arxiv:{number.lower()}" for number in ids}
    if match := DOI.search(str(payload.get("doi") or "")):
        found.add(f"doi:{match[1].lower()}")
    return {key[:MAX_KEY_LENGTH] for key in found}


def address_keys(url: str) -> set[str]:
    """The duplicate key of a URL: an arXiv id or a DOI if it leads to one, else the normalised URL."""
    parts = urlsplit(url if len(url) < 2000 else "")
    host = (parts.netloc.rpartition("@")[2].split(":")[0]).lower().removeprefix("www.")
    host = HOSTS.get(host, host)
    if not host:
        return set()
    if host == "arxiv.org" and (match := ARXIV.search(parts.path)):
        return {f"arxiv:{match[1].lower()}"}
    if host == "doi.org" and (match := DOI.search(parts.path)):
        return {f"doi:{match[1].lower()}"}
    path = parts.path.rstrip("/").removesuffix(".git")
    if host in ("github.com", "huggingface.co"):
        path = path.lower()
    kept = [(name, value) for name, value in parse_qsl(parts.query) if not name.startswith("utm_")]
    return {f"url:{host}{path}{'?' + urlencode(kept) if kept else ''}"}
