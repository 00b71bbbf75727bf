"""arXiv ids, DOIs and Hugging Face names in what somebody pasted."""

import re
from typing import Any

from catalog.exchange.awesome.describe import link_kind
from catalog.kinds.duplicate_keys import ARXIV, DOI

SHORT = 40
HUB = re.compile(r"^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(.+)", re.IGNORECASE)
# pages of the Hub that are neither a model nor a dataset
NO_OWNERS = {"api", "blog", "collections", "docs", "learn", "models", "organizations", "papers", "posts", "spaces"}
# sites whose addresses end with an arXiv id, and arXiv's own DOIs (https://info.arxiv.org/help/doi.html)
OF_ARXIV = re.compile(r"arxiv\.org/|alphaxiv\.org/|(?:huggingface\.co|hf\.co)/papers/|10\.48550/arxiv\.", re.IGNORECASE)


def arxiv_in(text: str) -> str:
    """The arXiv id that a text is or leads to, without its version; empty where there is none."""
    bare = re.fullmatch(rf"(?:arxiv:\s*)?{ARXIV.pattern}", text.strip(), re.IGNORECASE)
    if bare:
        return bare[1]
    found = OF_ARXIV.search(text)
    match = ARXIV.search(text[found.end() :]) if found else None
    return match[1] if match else ""


def doi_in(text: str) -> str:
    """The DOI that a text is or leads to."""
    match = DOI.search(text) if re.match(r"\s*(doi:|https?://(dx\.)?doi\.org/|10\.)", text, re.IGNORECASE) else None
    return match[1].rstrip(".,;)") if match else ""


def hub_in(text: str) -> tuple[str, str]:
    """The kind of entry ("paper" for a model, "dataset") and the name that a Hugging Face address leads to.

    A model has an owner; a dataset has one or, from the early days, none (`datasets/mnist`).
    """
    match = HUB.match(text.strip())
    parts = re.findall(r"[\w.-]+", re.split(r"[?#\s]", match[1])[0]) if match else []
    if parts[:1] == ["datasets"]:
        name = "/".join(parts[1:2] if parts[2:3] in ([], ["tree"], ["blob"], ["viewer"]) else parts[1:3])
        return ("dataset", name) if name else ("", "")
    return ("paper", "/".join(parts[:2])) if len(parts) > 1 and parts[0].lower() not in NO_OWNERS else ("", "")


def short_name(title: str) -> str:
    """The name that a title begins with: “BLIP-2: Bootstrapping …” gives “BLIP-2”."""
    head, colon, _ = title.partition(": ")
    return head if colon and len(head) <= SHORT else title


def link(url: str) -> dict[str, Any]:
    """A row of `links` for an address."""
    return {"kind": link_kind(url), "url": url, "label": ""}
