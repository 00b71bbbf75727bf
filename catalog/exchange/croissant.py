"""Dataset cards as MLCommons Croissant 1.1 (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html)."""

from collections.abc import Mapping
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds.shared import schema_org
from catalog.text.rows import readable_rows, text_in

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
CONFORMS_TO = "http://mlcommons.org/croissant/1.1"


def croissant(payload: dict[str, Any], url: str, updated: str) -> dict[str, Any]:
    """The Croissant description of a dataset, with what its card at `url` states; `updated` is an ISO 8601 day.

    The format wants a description, a licence, creators and a day of publication of every dataset. What the card does
    not state is left out all the same, and the official validator warns of it: a card knows a year at most, and no
    version. There is no distribution, since a card describes files and does not contain them.
    """
    paper = next(iter(readable_rows(payload["papers"], "title")), {})
    shared = schema_org.dataset(payload)
    pages = shared["sameAs"]
    description = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": payload["name"],
        "description": payload["summary"],
        "creator": [_typed(one) for one in shared["creator"] if isinstance(one, dict)],
        "license": _typed(shared["license"]),
        "url": pages[0] if pages else url,
        "sameAs": [*pages[1:], url] if pages else [],
        "keywords": shared["keywords"],
        "inLanguage": shared["inLanguage"],
        "sdDatePublished": updated,
        "citeAs": _cite(paper),
    }
    return {key: value for key, value in description.items() if not is_blank(value)}


def _typed(value: Any) -> Any:
    """A description of schema.org with its type in the form that the validator looks for."""
    return {**value, "@type": f"sc:{value['@type']}"} if isinstance(value, dict) else value


def _cite(paper: Mapping[str, Any]) -> str:
    year = str(paper.get("year") or "")
    parts = [text_in(paper, "authors"), text_in(paper, "title"), year, text_in(paper, "url")]
    return ", ".join(part for part in parts if part)
