"""Pasted lines: each holds cells, an item of a list, an identifier, an address or a citation with an id."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from catalog.exchange.awesome import venues
from catalog.exchange.awesome.describe import card_fields, paper_fields
from catalog.exchange.awesome.inline import Link, links, plain_text, year_in
from catalog.exchange.awesome.kind_words import kind_named_in
from catalog.exchange.awesome.reader import parse
from catalog.exchange.awesome.rows import row_payload
from catalog.exchange.awesome.tables import columns_of, is_header, is_separator
from catalog.forms.fields import is_blank
from catalog.kinds import KINDS
from catalog.text.addresses import address_error, is_at
from catalog.text.identifiers import (
    arxiv_error,
    arxiv_ids_in,
    arxiv_in,
    doi_address,
    doi_in,
    dois_in,
    hub_of,
    paper_address_of,
    repository_of,
)
from submissions.intake.drafts import Draft, ParsedItem, Unreadable, truncated, with_components
from submissions.intake.identifiers import link_row, short_name

ACCEPTED_FORMATS = (
    "Paste a line such as “2024 | Title | https://… | Description” or “Name | Modalities | Size | License”, an item of "
    "a list, an arXiv id or a DOI, the address of a paper (arXiv, its publisher, OpenReview, ACL Anthology, CVF, PMLR) "
    "or of a repository (GitHub, Hugging Face), or a BibTeX entry."
)
HEADER = "That is the header of a table: paste a row that stands below it."
PIPE_VARIANTS = str.maketrans({"｜": "|", "│": "|"})
YEAR = re.compile(r"(?:19|20)\d\d")
BULLET = re.compile(r"^\s*+(?:[-*+•–]|\d{1,4}[.)])\s++")
MARKDOWN_LINK = re.compile(r"\]\(|<a\b", re.IGNORECASE)
WEB = re.compile(r"^(?:https?://\S+|[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}/\S*)$", re.IGNORECASE)
IDENTIFIER = re.compile(
    r"https?://[^\s<>]+|\bdoi: {0,3}\S+"
    r"|\barxiv: {0,3}\S+(?: {1,3}\[[a-z.-]{2,16}\](?: {1,3}[0-9]{1,2} [a-z]{3} [0-9]{4})?)?",
    re.IGNORECASE,
)
"""What stands in a citation for its identifier, with the words that say so."""
QUOTED = re.compile(r"[“\"]([^“”\"]{8,300})[”\"]")
TOO_FEW_WORDS = 4
"""Beside an identifier fewer words are no citation: “See https://…”, “[cs.CV]”."""
HUB = ("huggingface.co", "hf.co")


def are_lines(text: str) -> bool:
    """Whether each line of a text is read by itself: it holds cells, or nothing but an identifier or an address."""
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(_is_line(line) for line in lines)


def _is_line(line: str) -> bool:
    bare = BULLET.sub("", line).strip()
    if not re.search(r"\s", bare):
        is_known = bool(_arxiv_id(bare) or doi_in(bare) or WEB.fullmatch(bare.strip("<>")))
        return is_known and not MARKDOWN_LINK.search(bare)
    return not line.lstrip().startswith("#") and len(_cells_of(bare)) > 1 and not _is_item(line)


def read_lines(text: str) -> list[ParsedItem]:
    """What each line of a text is, in order; below the header of a table, by its columns."""
    items: list[ParsedItem] = []
    header: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells_of(line)
        if not line.strip() or is_separator(line):
            continue
        if is_header(cells) and text.strip() != line.strip():
            header = cells
            items.append(Unreadable(number, " ".join(line.split())[:80], "the header of a table", skipped=True))
        else:
            item = _row(cells, header) if len(cells) > 1 and header else None
            items.append(_numbered(item or read_line(line), number))
    return items


def _numbered(item: ParsedItem, line: int) -> ParsedItem:
    if isinstance(item, Unreadable):
        return Unreadable(line, item.text[:80], item.reason)
    return Draft(item.kind, item.payload, item.notes, line, item.source, item.derived)


def read_line(text: str) -> ParsedItem:
    """The draft in one line, or why it cannot be read."""
    line = BULLET.sub("", text).translate(PIPE_VARIANTS).strip()
    cells = _cells_of(line)
    if len(cells) > 1 and not _is_item(text):
        return Unreadable(None, text, HEADER) if is_header(cells) else _draft_from_cells(cells, text)
    if (MARKDOWN_LINK.search(line) or line != text.strip()) and (draft := _item(line)):
        return draft
    return _identifier(line) or Unreadable(None, text, ACCEPTED_FORMATS)


def _cells_of(line: str) -> list[str]:
    """The cells of a line between bars or, in a line without any, between tabs."""
    line = line.translate(PIPE_VARIANTS).strip(" \r\n")
    if "|" in line:
        return [cell.strip() for cell in line.strip("|").split("|")]
    return [cell.strip() for cell in line.strip().split("\t")]


def _is_item(line: str) -> bool:
    """Whether a line is an item of a list whose links happen to stand between bars."""
    cells = _cells_of(BULLET.sub("", line))
    if not (BULLET.match(line) or cells[0].startswith(("[", "**"))) or not links(cells[0])[0]:
        return False
    return all(links(cell)[0] and not plain_text(links(cell)[1]) for cell in cells[1:])


def _item(line: str) -> ParsedItem | None:
    """The draft of an item of a list; None if it has no name."""
    entries = parse(f"- {line}").entries
    if not entries:
        return None
    payload = {key: value for key, value in entries[0].payload.items() if not is_blank(value)}
    payload |= {"name": short_name(payload["name"]), "title": payload["name"]} if ": " in payload["name"] else {}
    if payload.get("title") == payload["name"]:
        del payload["title"]
    source = payload["links"][0]["url"] if payload.get("links") else ""
    draft = Draft(entries[0].kind, payload, source=source, derived=entries[0].derived)
    return truncated(with_components([draft], [entries[0].components])[0])


def _row(cells: Sequence[str], header: Sequence[str]) -> ParsedItem | None:
    """The draft of a row, by the titles of its columns; None if it has no name."""
    meanings = columns_of(header)
    payload, components = row_payload(list(cells), meanings)
    if payload is None:
        return None
    column = header[meanings.index("name")] if "name" in meanings else ""
    kind = kind_named_in(column) or ("dataset" if {"modalities", "size"} & {*meanings} else "paper")
    fields = KINDS[kind].form.base_fields
    size = card_fields(payload.get("size", "")) if kind != "paper" else {}
    stated = {key: value for key, value in {**size, **payload}.items() if key in fields and not is_blank(value)}
    source = stated["links"][0]["url"] if stated.get("links") else ""
    draft = Draft(kind, stated, source=source)
    return truncated(with_components([draft], [components if kind == "paper" else {}])[0])


def _identifier(text: str) -> ParsedItem | None:
    """The draft of an identifier, an address, or a citation in words that has one."""
    bare = text.strip().strip("<>")
    if number := _arxiv_id(text):
        if error := arxiv_error(number, timezone.now().date()):
            return Unreadable(None, text, error)
        url = f"https://arxiv.org/abs/{number}"
        return _cited({"arxiv_id": number, "links": [link_row(url)]}, url, text)
    if doi := doi_in(text) or _only(dois_in(text)):
        url = doi_address(doi)
        return _cited({"doi": doi, "links": [link_row(url)]}, url, text)
    return _known_address(bare) or (_address(bare) if WEB.fullmatch(bare) else None)


def _known_address(bare: str) -> Draft | None:
    """The draft of an address of weights, data, code or a paper on a site whose addresses are known."""
    hosted, hub = hub_of(bare)
    if hosted:
        url = f"https://huggingface.co/{'datasets/' if hosted == 'dataset' else ''}{hub}"
        own = {"huggingface_id": hub} if hosted == "dataset" else {}
        named = {"name": hub.split("/")[-1], "links": [link_row(url)], **own}
        return Draft("dataset" if hosted == "dataset" else "paper", named, source=url)
    if repository := repository_of(bare):
        url = f"https://github.com/{repository}"
        return Draft("paper", {"name": repository.split("/")[-1], "links": [link_row(url)]}, source=url)
    if url := paper_address_of(bare):
        return Draft("paper", {"links": [link_row(url)]}, source=url)
    return None


def _arxiv_id(text: str) -> str:
    """The arXiv id that a text states, in a citation too; one alone even if there can be none such, to say why."""
    named = arxiv_ids_in(text) if re.search(r"\s", text.strip()) else []
    return arxiv_in(text) or _only(named) or arxiv_in(f"arXiv:{text.strip()}")


def _only(found: Sequence[str]) -> str:
    return found[0] if len(found) == 1 else ""


def _cited(payload: dict[str, Any], url: str, text: str) -> Draft:
    """The draft of an identifier, with what is certain of the words around it, and a note of the others."""
    rest = " ".join(IDENTIFIER.sub("", text).split()).strip(" .,;:")
    if len(rest.split()) < TOO_FEW_WORDS:
        has_words = len(text.split()) > 1 and any(map(str.isalnum, rest))
        notes = (f"Beside the identifier, “{rest}” was not read.",) if has_words else ()
        return Draft("paper", payload, notes, source=url)
    stated: dict[str, Any] = {"year": year_in(rest), "venue": venues.venue_in(rest)}
    if title := QUOTED.search(rest):
        stated["title"] = title[1].strip(" .,")
        stated["name"] = short_name(stated["title"])
    stated = {key: value for key, value in stated.items() if value}
    read = ", ".join(stated) or "the identifier alone"
    note = f"Of “{rest[:300]}” was read: {read}. Please check the others."
    return truncated(Draft("paper", {**stated, **payload}, (note,), source=url))


def _address(bare: str) -> ParsedItem | None:
    """The draft of an address, which says no more of a paper than where it is; None of the start page of a site, and of
    a page of GitHub."""
    url = bare if "://" in bare else f"https://{bare}"
    if error := _refusal(url):
        return Unreadable(None, bare, error)
    parts = urlsplit(url)
    if is_at(url, "github.com") or not (parts.path.strip("/") or parts.query):
        return None
    note = "Only the address was read: please fill in the name and the year."
    return Draft("paper", {"links": [link_row(url)]}, (note,), source=url)


def _refusal(url: str) -> str:
    """Why an address leads to no paper; "" if it may."""
    if error := address_error(url):
        return error
    if any(is_at(url, host) for host in HUB):
        return "That page of Hugging Face is no model, dataset or paper."
    return "There is no arXiv id in that address." if is_at(url, "arxiv.org") else ""


def _draft_from_cells(cells: list[str], text: str) -> ParsedItem:
    """A line in one of the two formats: with a year or a link it is a paper, else a dataset card."""
    year = next((n for n, cell in enumerate(cells) if _is_time(cell)), None)
    link_cell = next((n for n, cell in enumerate(cells) if links(cell)[0]), None)
    if not any(cells):
        return Unreadable(None, text, ACCEPTED_FORMATS)
    if year is not None or (link_cell is not None and link_cell > 0 and len(cells) <= 3):
        return _paper(cells, year, link_cell)
    return _card(cells)


def _is_time(cell: str) -> bool:
    """Whether a cell says when something was published: a year, a date, a venue with its year."""
    if YEAR.fullmatch(cell):
        return True
    return bool(year_in(cell)) and (
        venues.is_date(cell) or (bool(venues.venue_in(cell)) and venues.is_place_and_time(cell))
    )


def _paper(cells: list[str], year: int | None, link_cell: int | None) -> ParsedItem:
    rest = [cell for n, cell in enumerate(cells) if n not in (year, link_cell)]
    cell_links: list[Link] = links(cells[link_cell])[0] if link_cell is not None else []
    cell_links += [link for cell in rest for link in links(cell)[0]]
    title = _text_without_links(rest[0]) if rest else ""
    if not title and cell_links:
        title = cell_links[0].text
    description = _text_without_links(" | ".join(rest[1:])) if len(rest) > 1 else ""
    fields, components = paper_fields(description)
    payload: dict[str, Any] = {**fields, "name": short_name(title), "summary": description}
    if short_name(title) != title:
        payload["title"] = title
    notes = [] if cell_links else ["There is no link in the line: please add where it can be read."]
    if year is not None:
        payload["year"] = year_in(cells[year]) or int(cells[year])
        if venue := venues.venue_in(cells[year]):
            payload["venue"] = venue
        elif cells[year] != str(payload["year"]):
            notes.append(f"“{cells[year]}” was read as the year {payload['year']}.")
    if cell_links:
        payload["links"] = [link_row(cell_link.url) for cell_link in cell_links]
        payload["arxiv_id"] = arxiv_in(cell_links[0].url)
    draft = Draft("paper", payload, tuple(notes), source=cell_links[0].url if cell_links else "")
    return truncated(with_components([draft], [components])[0])


def _card(cells: list[str]) -> ParsedItem:
    name, modalities, size, licence = (*cells, "", "", "")[:4]
    name_links, name_text = links(name)
    listed = [part.strip() for part in re.split(r"[,;/+&]| and ", plain_text(modalities)) if part.strip()]
    payload: dict[str, Any] = {"name": plain_text(name_text) or (name_links[0].text if name_links else "")}
    payload |= {
        **card_fields(plain_text(size)),
        "modalities": listed,
        "size": plain_text(size),
        "licence": plain_text(licence),
    }
    if (year := year_in(" ".join(cells[4:]))) is not None:
        payload["year"] = year
    payload["links"] = [link_row(cell_link.url) for cell in cells for cell_link in links(cell)[0]]
    unread = [f"“{cell}”" for cell in cells[4:] if cell and not links(cell)[0] and not _is_time(cell)]
    note = f"Only the first four cells were read: name, modalities, size, licence. Not used: {', '.join(unread)}."
    draft = Draft("dataset", {key: value for key, value in payload.items() if value}, (note,) if unread else ())
    return truncated(draft)


def _text_without_links(cell: str) -> str:
    return plain_text(links(cell)[1]).strip()
