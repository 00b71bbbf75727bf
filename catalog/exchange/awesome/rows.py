"""The payload of one row of a table."""

import re

from catalog.exchange.awesome import inline, venues
from catalog.exchange.awesome.blocks import BREAK_TAG
from catalog.exchange.awesome.names import (
    MAX_NAME_LENGTH,
    description_of,
    is_authors,
    is_no_name,
    names_nothing,
    says_nothing,
    split_marks,
)
from catalog.exchange.awesome.payloads import Read, entry_payload

SEVERAL = re.compile(r"[,;/+&、]| and ")


def row_payload(cells: list[str], meanings: list[str]) -> Read:
    """The payload of a table row; None if it has no name. `meanings` are those of the columns (see columns_of)."""
    by_meaning: dict[str, str] = {}
    found_links: list[inline.Link] = []
    year, venue, below = None, "", ""
    for cell, meaning in zip(cells, meanings, strict=False):
        shown = BREAK_TAG.sub("\n", cell)
        links, text = inline.links(shown)
        found_links += links
        plain = inline.plain_text(text)
        if meaning in ("year", "venue"):
            plain = plain or next(iter(inline.texts_of_pictures(cell)), "")
            year = year or inline.year_in(plain.replace("/", " "))
        is_published = meaning in ("other", "description") and venues.is_place_and_time(plain)
        if meaning == "venue" or is_published:
            venue = venue or (venues.venue_of_cell(plain) if meaning == "venue" else venues.venue_in(plain))
        if is_published:
            text = ""
        if meaning == "name" and "name" not in by_meaning:
            by_meaning["name"], below = _name_in(text)
        else:
            by_meaning.setdefault(meaning, text.strip() if meaning == "description" else " ".join(plain.split()))
    name = by_meaning.get("name", "")
    if not name and "name" in meanings and found_links:
        name = next((link.text for link in found_links if not names_nothing(link)), "")
    if not name or len(name) > MAX_NAME_LENGTH:
        return None, {}
    name, marks = split_marks(name)
    below = " ".join([*marks, below])
    year = year or _year_of_others(cells, meanings) or inline.year_in(below)
    venue = venue or venues.venue_in(below)
    summary = by_meaning.get("description", "") or (
        "" if venues.is_place_and_time(below) or is_authors(below) else below
    )
    summary = inline.unescaped(" ".join(summary.split()))
    summary = "" if says_nothing(summary) else summary
    payload, parts = entry_payload(name, year, summary, found_links, venue)
    if modalities := by_meaning.get("modalities", ""):
        payload["modalities"] = [part.strip() for part in SEVERAL.split(modalities) if part.strip()]
    payload |= {key: by_meaning[key] for key in ("size", "licence") if by_meaning.get(key)}
    return payload, parts


def _name_in(text: str) -> tuple[str, str]:
    """The name in a cell, the first line of it that holds words, and what follows it."""
    shown = [" ".join(inline.plain_text(line).split()) for line in text.split("\n")]
    found = next((n for n, line in enumerate(shown) if any(char.isalnum() for char in line)), None)
    if found is None:
        return "", ""
    name = shown[found].strip(" ,;")
    return ("" if is_no_name(name) else name), description_of(" ".join(shown[found + 1 :]), "")


def _year_of_others(cells: list[str], meanings: list[str]) -> int | None:
    """The year in the first cell of no known meaning that holds nothing but where or when something was published."""
    for cell, meaning in zip(cells, meanings, strict=False):
        plain = inline.plain_text(inline.links(cell)[1]) if meaning == "other" else ""
        if plain and venues.is_place_and_time(plain) and (year := inline.year_in(plain)):
            return year
    return None
