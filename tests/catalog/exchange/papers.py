"""Envelopes of papers for the tests of what is written of them."""

from typing import Any

from catalog.kinds import KINDS

FULL_TEXT: dict[str, Any] = {
    "name": "CLIP",
    "title": "Learning & transfer of {x}^2",
    "authors": ["Alec Radford", "Aaron van den Oord", "Martin King Jr.", "Gemma Team"],
    "year": 2021,
    "venue": "ICML 2022 (oral)",
    "arxiv_id": "2103.00020",
    "doi": "10.1000/a_b",
}


def envelope(url: str = "https://example.org/papers/x/", **fields: Any) -> dict[str, Any]:
    """What is read of the envelope of a paper with these fields, and else empty ones."""
    return {"fields": {**KINDS["paper"].form.empty(), "name": "X", **fields}, "url": url}
