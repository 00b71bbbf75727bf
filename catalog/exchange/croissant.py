"""Dataset cards as MLCommons Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html)."""

from typing import Any

from catalog.forms.fields import is_blank

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
UNKNOWN = "Not stated"


def croissant(payload: dict[str, Any], url: str, updated: str) -> dict[str, Any]:
    """The Croissant description of a dataset, accepted by the official validator even if the card is incomplete.

    The format requires a description, a licence and a URL; a missing licence is “Not stated”, and a missing URL is that
    of the card. There is no distribution, since a card describes files and does not contain them.
    """
    paper = payload["papers"][0] if payload["papers"] else {}
    description = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": payload["name"],
        "description": payload["summary"] or payload["size"] or f"{payload['name']}: the card has no description yet.",
        "license": payload["licence_url"] or payload["licence"] or UNKNOWN,
        "url": payload["homepage"] or url,
        "sameAs": [url],
        "keywords": [*payload["modalities"], *payload["tasks"]],
        "inLanguage": payload["languages"],
        "dateModified": updated,
        "datePublished": f"{payload['year']}-01-01" if payload["year"] else "",
        "version": "1.0.0",
        "citeAs": _cite(paper),
        "creator": {"@type": "sc:Person", "name": paper["authors"]} if paper.get("authors") else None,
    }
    return {key: value for key, value in description.items() if not is_blank(value)}


def _cite(paper: dict[str, Any]) -> str:
    parts = [paper.get("authors", ""), paper.get("title", ""), str(paper.get("year") or ""), paper.get("url", "")]
    return ", ".join(part for part in parts if part)
