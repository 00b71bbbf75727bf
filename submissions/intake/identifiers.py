"""What pasted texts and lists share in making drafts of what they identify."""

from typing import Any

from catalog.exchange.awesome.describe import link_kind

MAX_NAME_LENGTH = 40


def short_name(title: str) -> str:
    """The part of a title before a colon if it is short: “BLIP-2: Bootstrapping …” gives “BLIP-2”."""
    head, colon, _ = title.partition(": ")
    return head if colon and len(head) <= MAX_NAME_LENGTH else title


def link_row(url: str) -> dict[str, Any]:
    """A row of `links` for a URL."""
    return {"kind": link_kind(url), "url": url, "label": ""}
