"""The payload of one row of a table."""

import re
from dataclasses import dataclass, field

from catalog.exchange.awesome import inline, venues
from catalog.exchange.awesome.blocks import BREAK_TAG
from catalog.exchange.awesome.names import (
    IN_BRACKETS,
    MAX_NAME_LENGTH,
    description_of,
    is_authors,
    is_no_name,
    names_nothing,
    says_nothing,
    split_marks,
)
from catalog.exchange.awesome.payloads import ARXIV, Read, entry_payload

STATED_ID = re.compile(r"(?:arxiv:\s?)?(\d{4}\.\d{4,5})(?:v\d{1,2})?", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
SEVERAL = re.compile(r"[,;/+&、]| and ")


@dataclass
class _Row:
    """What the cells of a row say, by meaning, and besides."""

    texts: dict[str, str] = field(default_factory=dict)
    links: list[inline.Link] = field(default_factory=list)
    year: int | None = None
    venue: str = ""
    below: str = ""
    """What stands below the name in its cell."""

    def add(self, cell: str, meaning: str) -> None:
        """Take what a cell says."""
        found_links, text = inline.links(BREAK_TAG.sub("\n", cell))
        self.links += found_links
        plain = inline.plain_text(text)
        if meaning == "other" and (stated := STATED_ID.fullmatch(plain)):
            self.links.append(inline.Link("arXiv", ARXIV + stated[1]))
        if meaning in ("year", "venue"):
            plain = plain or max(inline.texts_of_pictures(cell), key=lambda one: bool(inline.year_in(one)), default="")
            self.year = self.year or inline.year_in(plain.replace("/", " "))
        is_published = meaning in ("other", "description") and venues.is_place_and_time(plain)
        if meaning == "venue" or is_published:
            self.venue = self.venue or (venues.venue_of_cell(plain) if meaning == "venue" else venues.venue_in(plain))
        if meaning == "name" and "name" not in self.texts:
            self.texts["name"], self.below = _name_in(text, found_links)
        elif meaning == "description":
            self.texts.setdefault(meaning, "" if is_published else text.strip())
        else:
            self.texts.setdefault(meaning, " ".join(plain.split()))

    @property
    def summary(self) -> str:
        """The description, or else what stands below the name, if it is not the authors."""
        is_said = venues.is_place_and_time(self.below) or is_authors(self.below)
        summary = self.texts.get("description", "") or ("" if is_said else self.below)
        return "" if says_nothing(summary) else inline.unescaped(" ".join(summary.split()))


def row_payload(cells: list[str], meanings: list[str]) -> Read:
    """The payload of a table row; None if it has no name. `meanings` are those of the columns (see columns_of)."""
    row = _Row()
    for cell, meaning in zip(cells, meanings, strict=False):
        row.add(cell, meaning)
    name = row.texts.get("name", "")
    if not name and "name" in meanings:
        linked = next((link.text for link in row.links if not names_nothing(link)), "")
        name = linked or _name_before(cells, meanings.index("name"))
    if not name or len(name) > MAX_NAME_LENGTH:
        return None, {}
    name, marks = split_marks(name)
    besides = " ".join([*marks, row.below])
    year = row.year or _year_of_others(cells, meanings) or inline.year_in(besides)
    venue = row.venue or next(filter(None, map(venues.venue_of_mark, marks)), "") or venues.venue_in(row.below)
    payload, parts = entry_payload(name, year, row.summary, row.links, venue)
    if modalities := row.texts.get("modalities", ""):
        payload["modalities"] = [part.strip() for part in SEVERAL.split(modalities) if part.strip()]
    payload |= {key: row.texts[key] for key in ("size", "licence") if row.texts.get(key)}
    return payload, parts


def is_entry(cells: list[str]) -> bool:
    """Whether the first row of a table is no header but an entry, whose title is a link to its paper."""
    found_links = [link for cell in cells for link in inline.links(cell)[0] if not names_nothing(link)]
    payload, _ = entry_payload("", None, "", found_links)
    return bool({"arxiv_id", "doi"} & payload.keys())


def _name_in(text: str, found_links: list[inline.Link]) -> tuple[str, str]:
    """The name in a cell, its first line that holds words or the link which that begins with, and what follows it."""
    shown = [" ".join(inline.plain_text(line).split()) for line in text.split("\n")]
    found = next((n for n, line in enumerate(shown) if any(char.isalnum() for char in line)), None)
    if found is None:
        return "", ""
    name, more = shown[found].strip(" ,;"), ""
    titled = next((link.text for link in found_links if not names_nothing(link)), "")
    if titled and name.startswith(titled) and IN_BRACKETS.sub("", name[len(titled) :]).strip() == "":
        name, more = titled, name[len(titled) :]
    return ("" if is_no_name(name) else name), description_of(" ".join([more, *shown[found + 1 :]]), "")


def _name_before(cells: list[str], column: int) -> str:
    """The first name that stands, as words alone, in the cells before that which should hold it."""
    shown = (inline.plain_text(cell) for cell in cells[:column] if not inline.links(cell)[0])
    return next((text for text in shown if LETTER.search(text) and not is_no_name(text) and not is_authors(text)), "")


def _year_of_others(cells: list[str], meanings: list[str]) -> int | None:
    """The year in the first cell of no known meaning that holds nothing but where or when something was published."""
    for cell, meaning in zip(cells, meanings, strict=False):
        plain = inline.plain_text(inline.links(cell)[1]) if meaning == "other" else ""
        if plain and venues.is_place_and_time(plain) and (year := inline.year_in(plain)):
            return year
    return None
