"""arXiv ids, DOIs and Hugging Face names in what somebody pasted."""

import re
from typing import Any

from catalog.exchange.awesome.describe import link_kind
from catalog.keys import ARXIV, DOI

SHORT = 40
HUB = re.compile(r"^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([\w.-]+/[\w.-]+)", re.IGNORECASE)


def arxiv_in(text: str) -> str:
    """The arXiv id that a text is or leads to, without its version; empty where there is none."""
    bare = re.fullmatch(rf"(?:arxiv:\s*)?{ARXIV.pattern}", text.strip(), re.IGNORECASE)
    if bare:
        return bare[1]
    if "arxiv.org/" in text.lower() and (match := ARXIV.search(text)):
        return match[1]
    return ""


def doi_in(text: str) -> str:
    """The DOI that a text is or leads to."""
    match = DOI.search(text) if re.match(r"\s*(doi:|https?://(dx\.)?doi\.org/|10\.)", text, re.IGNORECASE) else None
    return match[1].rstrip(".,;)") if match else ""


def hub_in(text: str) -> tuple[str, str]:
    """The kind of entry ("paper" for a model, "dataset") and the name that a Hugging Face address leads to."""
    match = HUB.match(text.strip())
    return ("dataset" if match[1] else "paper", match[2]) if match else ("", "")


def short_name(title: str) -> str:
    """The name that a title begins with: “BLIP-2: Bootstrapping …” gives “BLIP-2”."""
    head, colon, _ = title.partition(": ")
    return head if colon and len(head) <= SHORT else title


def link(url: str) -> dict[str, Any]:
    """A row of `links` for an address."""
    return {"kind": link_kind(url), "url": url, "label": ""}
