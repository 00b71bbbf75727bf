"""Entries and the site as schema.org JSON-LD. Each kind adds properties in its register entry; none is empty."""

from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind

CONTEXT = "https://schema.org"
JsonLd = dict[str, Any]


def json_ld(kind: Kind, payload: dict[str, Any], url: str, updated: str) -> JsonLd:
    """The JSON-LD of an entry at `url`; `updated` is the ISO 8601 day of this description, not of what it describes."""
    description = {
        "@context": CONTEXT,
        "@id": url,
        "url": url,
        "name": payload["name"],
        "description": payload["summary"],
        "alternateName": payload["aliases"],
        "sdDatePublished": updated,
        **kind.schema_org(payload),
    }
    return {key: value for key, value in description.items() if not is_blank(value)}


def website(name: str, url: str, search: str) -> JsonLd:
    """The JSON-LD of the site, with the address of its search."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "@id": url,
        "url": url,
        "name": name,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
