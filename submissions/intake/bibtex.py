"""BibTeX files as drafts of papers. A broken record is reported, and the rest is read."""

import logging
import re
from typing import Any

from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.model import Block
from bibtexparser.model import Entry as Record

from submissions.intake.drafts import Draft, Read, Unreadable, fitted
from submissions.intake.identifiers import arxiv_in, doi_in, link, short_name

TEXTS = {"title", "author", "booktitle", "journal", "journaltitle", "publisher", "howpublished"}
OTHERS = {"year", "date", "eprint", "url", "doi"}
LATEX = re.compile(r"[\\$~]|--|``|''")
ESCAPED = re.compile(r"\\([_%&#$])")
VENUE = ("booktitle", "journal", "journaltitle", "publisher", "howpublished")

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it could not read is told by line, below


def read_bibtex(text: str) -> list[Read]:
    """A draft for each record, in order; records that could not be read with their lines."""
    library = parse_string(
        text, append_middleware=[_DecodedTexts(keep_math_mode=False), middlewares.SeparateCoAuthors()]
    )
    found: list[Read] = [_draft(record) for record in library.entries]
    for block in library.failed_blocks:
        first = (block.raw or "").strip().splitlines()
        line = None if block.start_line is None else block.start_line + 1
        why = "the record could not be read (is a brace or a comma missing, or its key there twice?)"
        found.append(Unreadable(line, first[0][:80] if first else "", why))
    return sorted(found, key=lambda read: read.line or 0)


class _DecodedTexts(middlewares.LatexDecodingMiddleware):
    """LaTeX decoded where it is: addresses are no LaTeX (“%” begins a comment there), and most texts hold none.

    Fields that nothing is made of (abstracts, notes) are dropped unread: decoding is what takes the time.
    """

    def transform_entry(self, entry: Record, library: Library) -> Block:
        texts = [field for field in entry.fields if field.key.lower() in TEXTS]
        plain = [field for field in texts if not LATEX.search(str(field.value))]
        plain += [field for field in entry.fields if field.key.lower() in OTHERS]
        entry.fields = [field for field in texts if field not in plain]
        block = super().transform_entry(entry, library)
        if isinstance(block, Record):
            block.fields = [*plain, *block.fields]
        return block


def _draft(record: Record) -> Read:
    fields = {field.key.lower(): field.value for field in record.fields}
    fields |= {key: ESCAPED.sub(r"\1", str(fields[key])) for key in OTHERS & fields.keys()}
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
        "authors": [_turned(name) for name in _names(fields.get("author"))],
        "year": int(year[0]) if year else None,
        "venue": next((_text(fields[key]) for key in VENUE if _text(fields.get(key))), ""),
        "arxiv_id": arxiv,
        "doi": doi,
        "links": [
            link(url) for url in dict.fromkeys(urls) if url and (not arxiv or not arxiv_in(url) or url == urls[0])
        ],
    }
    kept = {key: value for key, value in payload.items() if value}
    return fitted(Draft("paper", kept, line=line, source=next(filter(None, urls), "")))


def _names(value: Any) -> list[str]:
    names = value if isinstance(value, list) else [_text(value)]
    return [" ".join(str(name).split()) for name in names if str(name).strip() and str(name).strip() != "others"]


def _turned(name: str) -> str:
    """“Li, Junnan” as “Junnan Li”."""
    last, comma, first = name.replace("{", "").replace("}", "").partition(", ")
    return f"{first} {last}" if comma else last


def _text(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else str(value or "")
    return " ".join(text.replace("{", "").replace("}", "").split())
