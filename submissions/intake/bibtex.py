"""Drafts of papers from BibTeX. A broken record is reported, and the rest is read."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.model import Block
from bibtexparser.model import Entry as Record

from catalog.text.identifiers import arxiv_in, doi_in
from submissions.intake.drafts import Draft, ParsedItem, Unreadable, truncated
from submissions.intake.identifiers import link_row, short_name

LATEX_FIELDS = {"title", "author", "booktitle", "journal", "journaltitle", "publisher", "howpublished"}
VERBATIM_FIELDS = {"year", "date", "eprint", "url", "doi"}
LATEX_MARKUP = re.compile(r"[\\$~]|--|``|''")
ESCAPED = re.compile(r"\\([_%&#$])")
VENUE_FIELDS = ("booktitle", "journal", "journaltitle", "publisher", "howpublished")

logging.getLogger("bibtexparser").setLevel(
    logging.CRITICAL
)  # records that it cannot read are reported with their line, below


def read_bibtex(text: str) -> list[ParsedItem]:
    """A draft for each record that can be read, an Unreadable for each other one, in the order of the file."""
    library = parse_string(
        text, append_middleware=[_DecodedTexts(keep_math_mode=False), middlewares.SeparateCoAuthors()]
    )
    items: list[ParsedItem] = [_draft(record) for record in library.entries]
    for block in library.failed_blocks:
        first = (block.raw or "").strip().splitlines()
        line = None if block.start_line is None else block.start_line + 1
        reason = "the record could not be read (is a brace or a comma missing, or its key there twice?)"
        items.append(Unreadable(line, first[0][:80] if first else "", reason))
    return sorted(items, key=lambda item: item.line or 0)


class _DecodedTexts(middlewares.LatexDecodingMiddleware):
    """Decodes LaTeX only in the fields that contain it, since decoding is slow.

    URLs and identifiers are kept verbatim (“%” would begin a comment). Fields that no payload uses, such as abstracts,
    are dropped.
    """

    def transform_entry(self, entry: Record, library: Library) -> Block:
        texts = [field for field in entry.fields if field.key.lower() in LATEX_FIELDS]
        undecoded = [field for field in texts if not LATEX_MARKUP.search(str(field.value))]
        undecoded += [field for field in entry.fields if field.key.lower() in VERBATIM_FIELDS]
        entry.fields = [field for field in texts if field not in undecoded]
        block = super().transform_entry(entry, library)
        if isinstance(block, Record):
            block.fields = [*undecoded, *block.fields]
        return block


def _draft(record: Record) -> ParsedItem:
    fields = {field.key.lower(): field.value for field in record.fields}
    fields |= {key: ESCAPED.sub(r"\1", str(fields[key])) for key in VERBATIM_FIELDS & fields.keys()}
    line = None if record.start_line is None else record.start_line + 1
    title = _text(fields.get("title"))
    if not title:
        return Unreadable(line, f"@{record.entry_type}{{{record.key}}}", "the record has no title")
    arxiv = arxiv_in(_text(fields.get("eprint"))) or arxiv_in(_text(fields.get("url")))
    doi = doi_in(_text(fields.get("doi")))
    year = re.search(r"(?:19|20)\d\d", _text(fields.get("year")) or _text(fields.get("date")))
    urls = [f"https://arxiv.org/abs/{arxiv}" if arxiv else "", f"https://doi.org/{doi}" if doi else ""]
    urls += re.findall(r"https?://[^\s{}\"]+", _text(fields.get("url")))
    payload: dict[str, Any] = {
        "name": short_name(title),
        "title": title,
        "authors": [_given_name_first(name) for name in _names(fields.get("author"))],
        "year": int(year[0]) if year else None,
        "venue": next((_text(fields[key]) for key in VENUE_FIELDS if _text(fields.get(key))), ""),
        "arxiv_id": arxiv,
        "doi": doi,
        "links": [
            link_row(url) for url in dict.fromkeys(urls) if url and (not arxiv or not arxiv_in(url) or url == urls[0])
        ],
    }
    stated = {key: value for key, value in payload.items() if value}
    return truncated(Draft("paper", stated, line=line, source=next(filter(None, urls), "") or _citation(stated)))


def _citation(stated: Mapping[str, Any]) -> str:
    """The publication in words: the source of a record without an address."""
    return ", ".join(str(stated[key]) for key in ("title", "venue", "year") if key in stated)


def _names(value: Any) -> list[str]:
    names = value if isinstance(value, list) else [_text(value)]
    return [" ".join(str(name).split()) for name in names if str(name).strip() and str(name).strip() != "others"]


def _given_name_first(name: str) -> str:
    """“Li, Junnan” as “Junnan Li”."""
    last, comma, first = name.replace("{", "").replace("}", "").partition(", ")
    return f"{first} {last}" if comma else last


def _text(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else str(value or "")
    return " ".join(text.replace("{", "").replace("}", "").split())
