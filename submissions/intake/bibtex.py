"""Drafts of papers from BibTeX and biblatex. A broken record is reported, and the rest is read."""

import re
from collections.abc import Mapping
from typing import Any

from catalog.exchange.bibtex_records import BibtexRecord, read_records
from catalog.text.identifiers import OLD_ARCHIVES, addresses_in, arxiv_ids_in, arxiv_in, doi_address, doi_in, doi_of
from catalog.text.latex import plain_text, verbatim
from catalog.text.person_names import authors_in
from submissions.intake.drafts import Draft, ParsedItem, Unreadable, truncated
from submissions.intake.identifiers import link_row, short_name

VENUES = ("booktitle", "journal", "journaltitle", "eventtitle", "publisher", "howpublished")
ARXIV_FIELDS = ("url", "doi", "journal", "journaltitle", "howpublished", "number", "eid", "pages")
"""Fields that may state the paper's own arXiv id, as an address or with the word “arXiv” before it."""
ADDRESSES = ("url", "howpublished", "note")
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
SEVEN_DIGITS = re.compile(r"[0-9]{7}")
WRAPPED = re.compile(r"\\(?:url|path|href)\s*+\{([^{}]{1,2000})\}")
ARXIV_VENUE = re.compile(r"(?:arxiv|corr)(?![a-z])(?:[ .,:]{0,3}(?:e-?prints?|preprints?))?.{0,60}", re.IGNORECASE)
LEADS = frozenset(
    ("", "accessed", "also", "as", "at", "available", "e-print", "eprint", "from", "in", "online", "preprint", "url")
)
"""Words before the id or address of the paper itself: “Also available as arXiv:…”, not “Extends arXiv:…”."""
UNCERTAIN = "The authors are not separated by “and”: please check them."


def read_bibtex(text: str) -> list[ParsedItem]:
    """A draft for each record that can be read, an Unreadable for each other one, in the order of the file."""
    return [
        _draft(record) if isinstance(record, BibtexRecord) else Unreadable(record.line, record.text, record.reason)
        for record in read_records(text)
    ]


def is_bibtex(text: str) -> bool:
    """Whether the first line that is neither blank nor a comment begins a BibTeX record."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith("%")), "")
    return first.startswith("@") and ("{" in first or "(" in first)


def _draft(record: BibtexRecord) -> ParsedItem:
    fields = record.fields
    title = _title(fields)
    if not title:
        return Unreadable(record.line, f"@{record.type}{{{record.key}}}"[:80], "the record has no title")
    authors, certain = authors_in(fields.get("author", ""))
    arxiv, doi = _arxiv_id(fields), _doi(fields)
    urls = [f"https://arxiv.org/abs/{arxiv}" if arxiv else "", doi_address(doi) if doi else ""]
    urls += [url for url in _addresses(fields) if not (arxiv and arxiv_in(url)) and not (doi and doi_of(url) == doi)]
    urls = list(dict.fromkeys(filter(None, urls)))
    payload: dict[str, Any] = {
        "name": short_name(title),
        "title": title,
        "authors": authors,
        "year": _year(fields),
        "venue": _venue(fields),
        "arxiv_id": arxiv,
        "doi": doi,
        "links": [link_row(url) for url in urls],
    }
    stated = {key: value for key, value in payload.items() if value}
    notes = (*record.notes, *(() if certain else (UNCERTAIN,)))
    return truncated(Draft("paper", stated, notes, line=record.line, source=next(iter(urls), "") or _citation(stated)))


def _title(fields: Mapping[str, str]) -> str:
    title, subtitle = plain_text(fields.get("title", "")), plain_text(fields.get("subtitle", ""))
    return f"{title}: {subtitle}" if title and subtitle else title


def _year(fields: Mapping[str, str]) -> int | None:
    year = YEAR.search(verbatim(fields.get("year", ""))) or YEAR.search(verbatim(fields.get("date", "")))
    return int(year[0]) if year else None


def _venue(fields: Mapping[str, str]) -> str:
    """Where it was published: the first field that says it in words, and not just that it is on arXiv."""
    venues = (plain_text(WRAPPED.sub(" ", fields.get(key, ""))).rstrip(" ,;:") for key in VENUES)
    return next((venue for venue in venues if not ARXIV_VENUE.fullmatch(venue) and _says_where(venue)), "")


def _says_where(text: str) -> bool:
    return not addresses_in(text) and not _only_leads(text)


def _only_leads(text: str) -> bool:
    return all(word.strip(".,:;()") in LEADS for word in text.lower().split())


def _arxiv_id(fields: Mapping[str, str]) -> str:
    """The arXiv id of the paper: of the field that is made for it, else of the first that states one and no other."""
    own = _eprint(fields)
    if own:
        return own
    texts = [_unwrapped(fields.get(key, "")) for key in ARXIV_FIELDS]
    texts.append(_unwrapped(f"{fields.get('journal', '')} {fields.get('volume', '')}"))  # CoRR abs/2304.08485
    texts.append(_own_note(fields.get("note", "")))
    found = (ids[0] for text in texts if len(ids := arxiv_ids_in(text)) == 1)
    return next(filter(None, found), "")


def _eprint(fields: Mapping[str, str]) -> str:
    text = verbatim(fields.get("eprint", ""))
    archive, of = (verbatim(fields.get(key, "")).lower() for key in ("archiveprefix", "eprinttype"))
    if {archive, of} - {"", "arxiv", *OLD_ARCHIVES}:
        return ""
    if SEVEN_DIGITS.fullmatch(text):  # from before 2007, with its archive in a field of its own
        classes = (archive, *(verbatim(fields.get(key, "")).lower() for key in ("primaryclass", "eprintclass")))
        return next((f"{name}/{text}" for one in classes if (name := one.partition(".")[0]) in OLD_ARCHIVES), "")
    return arxiv_in(text)


def _own_note(raw: str) -> str:
    """A note that gives an id or an address of the paper; "" if it may speak of another one (“Extends arXiv:…”)."""
    text = _unwrapped(raw)
    before = re.split(r"arxiv|https?://", text, maxsplit=1, flags=re.IGNORECASE)[0]
    return text if _only_leads(before) else ""


def _doi(fields: Mapping[str, str]) -> str:
    """The DOI, but for one of arXiv, which says no more than the id."""
    texts = [verbatim(fields.get("doi", "")), *_addresses(fields)]
    found = (doi_in(text) for text in texts)
    return next((doi for doi in found if doi and not arxiv_in(doi)), "")


def _addresses(fields: Mapping[str, str]) -> list[str]:
    """The web addresses of the record, in the order of their fields."""
    texts = (_unwrapped(fields[key]) for key in ADDRESSES if fields.get(key))
    return [url for text in texts for url in addresses_in(text) if url.lower().startswith(("http://", "https://"))]


def _unwrapped(raw: str) -> str:
    """A text without the commands around its addresses, and without escapes."""
    return verbatim(WRAPPED.sub(r" \1 ", raw))


def _citation(stated: Mapping[str, Any]) -> str:
    """The publication in words: the source of a record without an address."""
    return ", ".join(str(stated[key]) for key in ("title", "venue", "year") if key in stated)
