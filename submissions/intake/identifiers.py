"""arXiv ids, DOIs and Hugging Face names in pasted text."""

import re
from typing import Any
from urllib.parse import unquote

from catalog.exchange.awesome.describe import link_kind
from catalog.kinds.duplicate_keys import ARXIV
from catalog.text.identifiers import doi_in_words

MAX_NAME_LENGTH = 40
BARE_ARXIV = re.compile(rf"(?:arxiv:\s*)?{ARXIV.pattern}", re.IGNORECASE)
DOI = re.compile(r"\b(10\.\d{4,9}(?:\.\d+)*/[^\s\"|{}]+)", re.IGNORECASE)
HUB_URL = re.compile(r"^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(.+)", re.IGNORECASE)
# first segments of Hub paths that are no owner of a model
RESERVED_HUB_PATHS = {
    "api",
    "blog",
    "collections",
    "docs",
    "learn",
    "models",
    "organizations",
    "papers",
    "posts",
    "spaces",
}
# sites whose URLs end with an arXiv id, and the prefix of arXiv's own DOIs (https://info.arxiv.org/help/doi.html)
ARXIV_SITES = re.compile(
    r"arxiv\.org/|alphaxiv\.org/|(?:huggingface\.co|hf\.co)/papers/|10\.48550/arxiv\.", re.IGNORECASE
)


def arxiv_in(text: str) -> str:
    """The arXiv id in a bare id, URL or DOI, without its version; empty if there is none."""
    if bare := BARE_ARXIV.fullmatch(text.strip()):
        return bare[1]
    site = ARXIV_SITES.search(text)
    match = ARXIV.search(text[site.end() :]) if site else None
    return match[1] if match else ""


def doi_in(text: str) -> str:
    """The DOI in a bare DOI or URL, or the text itself if what looks like one cannot be; empty if there is none."""
    decoded = unquote(text)
    named = re.match(r"doi:|https?://(?:dx\.)?doi\.org/|10\.", decoded.lstrip(), re.IGNORECASE)
    match = DOI.search(decoded) if named else None
    return (doi_in_words(match[1]) or text.strip()) if match else ""


def hub_in(text: str) -> tuple[str, str]:
    """The kind ("paper" for a model, else "dataset") and the name in a Hugging Face URL; two empty texts for others.

    A model has an owner; a dataset has one or, from the early days, none (`datasets/mnist`).
    """
    match = HUB_URL.match(text.strip())
    parts = re.findall(r"[\w.-]+", re.split(r"[?#\s]", match[1])[0]) if match else []
    if parts[:1] == ["datasets"]:
        name = "/".join(parts[1:2] if parts[2:3] in ([], ["tree"], ["blob"], ["viewer"]) else parts[1:3])
        return ("dataset", name) if name else ("", "")
    return ("paper", "/".join(parts[:2])) if len(parts) > 1 and parts[0].lower() not in RESERVED_HUB_PATHS else ("", "")


def short_name(title: str) -> str:
    """The part of a title before a colon if it is short: “BLIP-2: Bootstrapping …” gives “BLIP-2”."""
    head, colon, _ = title.partition(": ")
    return head if colon and len(head) <= MAX_NAME_LENGTH else title


def link_row(url: str) -> dict[str, Any]:
    """A row of `links` for a URL."""
    return {"kind": link_kind(url), "url": url, "label": ""}
