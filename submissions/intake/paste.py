"""One pasted thing: a line in either of the list's formats, an arXiv id or address, a DOI, a Hugging Face address, a
BibTeX entry."""

import re
from typing import Any

from catalog.exchange.awesome.describe import card_fields, paper_fields
from catalog.exchange.awesome.inline import links, plain_text, year_in
from submissions.intake.bibtex import read_bibtex
from submissions.intake.drafts import Draft, Read, Unreadable, fitted, with_parts
from submissions.intake.identifiers import arxiv_in, doi_in, hub_in, link, short_name

FORMS = (
    "Paste one line such as “2024 | Title | https://… | Description” or “Name | Modalities | Size | License”, "
    "an arXiv id or address, a DOI, a Hugging Face address, or a BibTeX entry."
)
BARS = str.maketrans({"｜": "|", "│": "|"})
YEAR = re.compile(r"(?:19|20)\d\d")
MAX_CHARACTERS = 20_000


def read(text: str) -> Read:
    """The draft that a pasted text means, or why it is none."""
    text = text.strip()
    if not text:
        return Unreadable(None, "", FORMS)
    if len(text) > MAX_CHARACTERS:
        return Unreadable(None, text[:80], "That is too long for one thing. Bring it as a list instead.")
    if text.startswith("@"):
        return _one(read_bibtex(text), text)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return Unreadable(None, lines[0], "That is more than one line. Bring it as a list instead.")
    line = re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", lines[0]).translate(BARS).strip()
    if "|" in line:
        return _cells([cell.strip() for cell in line.strip("|").split("|")], text)
    return _identifier(line) or Unreadable(None, text, FORMS)


def _one(found: list[Read], text: str) -> Read:
    drafts = [read for read in found if isinstance(read, Draft)]
    if len(drafts) > 1:
        return Unreadable(None, text[:80], "That is more than one BibTeX entry. Bring it as a list instead.")
    return drafts[0] if drafts else found[0] if found else Unreadable(None, text[:80], FORMS)


def _identifier(text: str) -> Draft | None:
    """The draft of an id or an address alone."""
    if number := arxiv_in(text):
        url = f"https://arxiv.org/abs/{number}"
        return Draft("paper", {"arxiv_id": number, "links": [link(url)]}, source=url)
    kind, hub = hub_in(text)
    if hub:
        url = f"https://huggingface.co/{'datasets/' if kind == 'dataset' else ''}{hub}"
        own = {"huggingface_id": hub} if kind == "dataset" else {}
        return Draft(kind, {"name": hub.split("/")[-1], "links": [link(url)], **own}, source=url)
    if doi := doi_in(text):
        url = f"https://doi.org/{doi}"
        return Draft("paper", {"doi": doi, "links": [link(url)]}, source=url)
    return None


def _cells(cells: list[str], text: str) -> Read:
    """A line in one of the two formats: with a year or an address it is a paper, else a dataset card."""
    year = next((n for n, cell in enumerate(cells) if YEAR.fullmatch(cell)), None)
    address = next((n for n, cell in enumerate(cells) if links(cell)[0]), None)
    if not any(cells):
        return Unreadable(None, text, FORMS)
    if year is not None or (address is not None and address > 0 and len(cells) <= 3):
        return _paper(cells, year, address)
    return _card(cells)


def _paper(cells: list[str], year: int | None, address: int | None) -> Read:
    found = links(cells[address])[0] if address is not None else []
    rest = [cell for n, cell in enumerate(cells) if n not in (year, address)]
    title = _words(rest[0]) if rest else ""
    if not title and found:
        title = found[0].text
    description = _words(" | ".join(rest[1:])) if len(rest) > 1 else ""
    fields, parts = paper_fields(description)
    payload: dict[str, Any] = {**fields, "name": short_name(title), "summary": description}
    if short_name(title) != title:
        payload["title"] = title
    if year is not None:
        payload["year"] = int(cells[year])
    if found:
        payload["links"] = [link(one.url) for one in found]
        payload["arxiv_id"] = arxiv_in(found[0].url)
    notes = () if found else ("There is no link in the line: please add where it can be read.",)
    draft = Draft("paper", payload, notes, source=found[0].url if found else "")
    return fitted(with_parts([draft], [parts])[0])


def _card(cells: list[str]) -> Read:
    name, modalities, size, licence = (*cells, "", "", "")[:4]
    found, words = links(name)
    listed = [part.strip() for part in re.split(r"[,;/+&]| and ", plain_text(modalities)) if part.strip()]
    payload: dict[str, Any] = {"name": plain_text(words) or (found[0].text if found else "")}
    payload |= {
        "modalities": listed,
        "size": plain_text(size),
        "licence": plain_text(licence),
        **card_fields(plain_text(size)),
    }
    if (when := year_in(" ".join(cells[4:]))) is not None:
        payload["year"] = when
    more = [one for cell in cells for one in links(cell)[0]]
    payload["links"] = [link(one.url) for one in more]
    notes = () if len(cells) <= 4 else ("Only the first four cells were read: name, modalities, size, licence.",)
    draft = Draft("dataset", {key: value for key, value in payload.items() if value}, notes)
    return fitted(draft)


def _words(cell: str) -> str:
    return plain_text(links(cell)[1]).strip()
