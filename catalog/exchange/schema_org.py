"""Entries as schema.org JSON-LD.

A paper is a ScholarlyArticle, a dataset card and a benchmark are a Dataset (what dataset search engines read), a topic
is a DefinedTerm, a component a CreativeWork, a result an Observation.
Only what is known is said: an empty field is left out.
"""

from typing import Any

JsonLd = dict[str, Any]


def json_ld(kind: str, payload: dict[str, Any], url: str, updated: str) -> JsonLd:
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
        **SHAPES[kind](payload),
    }
    return {key: value for key, value in about.items() if value not in ("", None, [])}


def _paper(payload: dict[str, Any]) -> JsonLd:
    return {
        "@type": "ScholarlyArticle",
        "headline": (payload["title"] or payload["name"])[:110],
        "author": [{"@type": "Person", "name": name} for name in payload["authors"]],
        "sourceOrganization": _organisation(payload["organisation"]),
        "datePublished": payload["released"] or (str(payload["year"]) if payload["year"] else ""),
        "identifier": [f"arXiv:{payload['arxiv_id']}"] if payload["arxiv_id"] else [],
    }


def _card(payload: dict[str, Any]) -> JsonLd:
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


def _topic(payload: dict[str, Any]) -> JsonLd:
    return {
        "@type": "DefinedTerm",
        "termCode": payload["family"],
        "disambiguatingDescription": "; ".join(payload["points"]),
    }


def _component(payload: dict[str, Any]) -> JsonLd:
    return {
        "@type": "CreativeWork",
        "additionalType": payload["type"],
        "creator": _organisation(payload["organisation"]),
        "license": payload["licence"],
    }


def _result(payload: dict[str, Any]) -> JsonLd:
    return {
        "@type": "Observation",
        "variableMeasured": payload["metric"],
        "value": payload["value"],
        "observationDate": payload["reported_on"],
        "isBasedOn": payload["source_url"],
    }


def _organisation(name: str) -> JsonLd | None:
    return {"@type": "Organization", "name": name} if name else None


SHAPES = {
    "paper": _paper,
    "dataset": _card,
    "benchmark": _card,
    "topic": _topic,
    "component": _component,
    "result": _result,
}
