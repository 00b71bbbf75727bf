"""Formats that entries are exported as; catalog.web.exports writes them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """An export format: file name extension, label of its link, and media type."""

    extension: str
    label: str
    media_type: str


JSON = Format("json", "JSON", "application/json")
CSV = Format("csv", "CSV", "text/csv")
JSON_LINES = Format("jsonl", "JSON Lines", "application/jsonl")
BIBTEX = Format("bib", "BibTeX", "application/x-bibtex")
RIS = Format("ris", "RIS", "application/x-research-info-systems")
CSL_JSON = Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json")
EVERY_EVAL_EVER = Format("every_eval_ever.json", "Every Eval Ever", "application/json")
CROISSANT = Format("croissant.json", "Croissant", "application/ld+json")
