"""Parts of schema.org descriptions that several kinds share."""

from collections.abc import Mapping
from typing import Any


def organisation(name: str) -> dict[str, str] | None:
    """An organisation by its name."""
    return {"@type": "Organization", "name": name} if name else None


def dataset(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A card as a Dataset, the type that dataset search engines read."""
    return {
        "@type": "Dataset",
        "license": payload["licence_url"] or payload["licence"],
        "keywords": [*payload["modalities"], *payload["tasks"]],
        "inLanguage": payload["languages"],
        "size": payload["size"],
        "isAccessibleForFree": True if payload["availability"] == "public" else None,
        "citation": [paper["title"] for paper in payload["papers"]],
        "datePublished": str(payload["year"]) if payload["year"] else "",
    }
