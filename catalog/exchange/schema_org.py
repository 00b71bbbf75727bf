"""Entries as schema.org JSON-LD. What a kind adds is in its register entry; only what is known is said."""

from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind

JsonLd = dict[str, Any]


def json_ld(kind: Kind, payload: dict[str, Any], url: str, updated: str) -> JsonLd:
    """The JSON-LD of an entry at `url`; `updated` is an ISO 8601 date."""
    about = {
        "@context": "https://schema.org",
        "@id": url,
        "url": url,
        "name": payload["name"],
        "description": payload["summary"],
        "alternateName": payload["aliases"],
        "sameAs": [link["url"] for link in payload["links"] if link["url"].startswith("http")],
        "dateModified": updated,
        **kind.schema_org(payload),
    }
    return {key: value for key, value in about.items() if not is_blank(value)}
