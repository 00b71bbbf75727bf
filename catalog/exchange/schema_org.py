"""Entries as schema.org JSON-LD. Each kind adds properties in its register entry; empty ones are left out."""

from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind

JsonLd = dict[str, Any]


def json_ld(kind: Kind, payload: dict[str, Any], url: str, updated: str) -> JsonLd:
    """The JSON-LD of an entry at `url`; `updated` is an ISO 8601 date."""
    description = {
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
    return {key: value for key, value in description.items() if not is_blank(value)}
