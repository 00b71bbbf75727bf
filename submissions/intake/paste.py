"""Read one pasted item: a line in either of the list's formats, an identifier, the address of a paper, of weights, data
or code, or a BibTeX entry."""

import re
from typing import Any

from catalog.exchange.awesome.describe import card_fields, paper_fields
from catalog.exchange.awesome.inline import links, plain_text, year_in
from catalog.text.identifiers import arxiv_in, doi_address, doi_in, hub_of, paper_address_of, repository_of
from submissions.intake.bibtex import read_bibtex
from submissions.intake.drafts import Draft, ParsedItem, Unreadable, truncated, with_components
from submissions.intake.identifiers import link_row, short_name

ACCEPTED_FORMATS = (
    "Paste one line such as “2024 | Title | https://… | Description” or “Name | Modalities | Size | License”, "
    "an arXiv id or a DOI, the address of a paper (arXiv, its publisher, OpenReview, ACL Anthology, CVF, PMLR) or of a "
    "repository (GitHub, Hugging Face), or a BibTeX entry."
)
PIPE_VARIANTS = str.maketrans({"｜": "|", "│": "|"})
YEAR = re.compile(r"(?:19|20)\d\d")
MAX_CHARACTERS = 20_000


def read(text: str) -> ParsedItem:
    """The draft in a pasted text, or why it cannot be read."""
    text = text.strip().strip("\ufeff").strip()
    if not text:
        return Unreadable(None, "", ACCEPTED_FORMATS)
    if len(text) > MAX_CHARACTERS:
        return Unreadable(None, text[:80], "That is too long for one thing. Bring it as a list instead.")
    if text.startswith("@"):
        return _single_item(read_bibtex(text), text)
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return Unreadable(None, lines[0], "That is more than one line. Bring it as a list instead.")
    line = re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", lines[0]).translate(PIPE_VARIANTS).strip()
    if "|" in line:
        return _draft_from_cells([cell.strip() for cell in line.strip("|").split("|")], text)
    return _identifier(line) or Unreadable(None, text, ACCEPTED_FORMATS)


def _single_item(items: list[ParsedItem], text: str) -> ParsedItem:
    drafts = [item for item in items if isinstance(item, Draft)]
    if len(drafts) > 1:
        return Unreadable(None, text[:80], "That is more than one BibTeX entry. Bring it as a list instead.")
    return drafts[0] if drafts else items[0] if items else Unreadable(None, text[:80], ACCEPTED_FORMATS)


def _identifier(text: str) -> Draft | None:
    """The draft of a text that is only an identifier or a URL."""
    if number := arxiv_in(text):
        url = f"https://arxiv.org/abs/{number}"
        return Draft("paper", {"arxiv_id": number, "links": [link_row(url)]}, source=url)
    hosted, hub = hub_of(text)
    if hosted:
        url = f"https://huggingface.co/{'datasets/' if hosted == 'dataset' else ''}{hub}"
        named = {"name": hub.split("/")[-1], "links": [link_row(url)]}
        return (
            Draft("dataset", {**named, "huggingface_id": hub}, source=url)
            if hosted == "dataset"
            else Draft("paper", named, source=url)
        )
    if doi := doi_in(text):
        url = doi_address(doi)
        return Draft("paper", {"doi": doi, "links": [link_row(url)]}, source=url)
    if repository := repository_of(text):
        url = f"https://github.com/{repository}"
        return Draft("paper", {"name": repository.split("/")[-1], "links": [link_row(url)]}, source=url)
    if url := paper_address_of(text):
        return Draft("paper", {"links": [link_row(url)]}, source=url)
    return None


def _draft_from_cells(cells: list[str], text: str) -> ParsedItem:
    """A line in one of the two formats: with a year or a link it is a paper, else a dataset card."""
    year = next((n for n, cell in enumerate(cells) if YEAR.fullmatch(cell)), None)
    link_cell = next((n for n, cell in enumerate(cells) if links(cell)[0]), None)
    if not any(cells):
        return Unreadable(None, text, ACCEPTED_FORMATS)
    if year is not None or (link_cell is not None and link_cell > 0 and len(cells) <= 3):
        return _paper(cells, year, link_cell)
    return _card(cells)


def _paper(cells: list[str], year: int | None, link_cell: int | None) -> ParsedItem:
    cell_links = links(cells[link_cell])[0] if link_cell is not None else []
    rest = [cell for n, cell in enumerate(cells) if n not in (year, link_cell)]
    title = _text_without_links(rest[0]) if rest else ""
    if not title and cell_links:
        title = cell_links[0].text
    description = _text_without_links(" | ".join(rest[1:])) if len(rest) > 1 else ""
    fields, components = paper_fields(description)
    payload: dict[str, Any] = {**fields, "name": short_name(title), "summary": description}
    if short_name(title) != title:
        payload["title"] = title
    if year is not None:
        payload["year"] = int(cells[year])
    if cell_links:
        payload["links"] = [link_row(cell_link.url) for cell_link in cell_links]
        payload["arxiv_id"] = arxiv_in(cell_links[0].url)
    notes = () if cell_links else ("There is no link in the line: please add where it can be read.",)
    draft = Draft("paper", payload, notes, source=cell_links[0].url if cell_links else "")
    return truncated(with_components([draft], [components])[0])


def _card(cells: list[str]) -> ParsedItem:
    name, modalities, size, licence = (*cells, "", "", "")[:4]
    name_links, name_text = links(name)
    listed = [part.strip() for part in re.split(r"[,;/+&]| and ", plain_text(modalities)) if part.strip()]
    payload: dict[str, Any] = {"name": plain_text(name_text) or (name_links[0].text if name_links else "")}
    payload |= {
        "modalities": listed,
        "size": plain_text(size),
        "licence": plain_text(licence),
        **card_fields(plain_text(size)),
    }
    if (year := year_in(" ".join(cells[4:]))) is not None:
        payload["year"] = year
    payload["links"] = [link_row(cell_link.url) for cell in cells for cell_link in links(cell)[0]]
    notes = () if len(cells) <= 4 else ("Only the first four cells were read: name, modalities, size, licence.",)
    draft = Draft("dataset", {key: value for key, value in payload.items() if value}, notes)
    return truncated(draft)


def _text_without_links(cell: str) -> str:
    return plain_text(links(cell)[1]).strip()
