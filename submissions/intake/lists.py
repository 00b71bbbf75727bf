"""Drafts from an awesome-list README, and from other texts that hold many."""

from dataclasses import replace

from django.conf import settings

from catalog.exchange.awesome.lines import split_lines
from catalog.exchange.awesome.parsed import READ, SKIPPED, ParsedEntry, ParsedList
from catalog.exchange.awesome.reader import parse
from catalog.forms.fields import is_blank
from submissions.intake.bibtex import is_bibtex, read_bibtex
from submissions.intake.drafts import Draft, ParsedItem, Unreadable, known_sections, truncated, with_components
from submissions.intake.pasted_lines import are_lines, read_lines

MAX_BYTES = 3_000_000
MAX_ENTRIES = 10_000
"""The longest lists there are have some 4,000 entries in a megabyte; 10,000 are read in four seconds and 60 MB."""
TOO_LARGE = f"That is more than {MAX_BYTES // 1_000_000} megabytes: bring it in parts."
MAX_SHOWN = 80
MAX_LINES = 20_000
"""The characters of a text that is read line by line if it is no list."""


def is_too_large(text: str) -> bool:
    """Whether a text is larger than MAX_BYTES in UTF-8."""
    return len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES


def read_many(text: str) -> list[ParsedItem]:
    """Read a README, a BibTeX file or lines of cells, whichever the text is."""
    text = text.removeprefix("\ufeff")  # a byte order mark, which is no part of the first cell
    if is_bibtex(text):
        return read_bibtex(text)
    if are_lines(text):
        return read_lines(text)
    items = read_list(text)
    if len(text) > MAX_LINES or any(isinstance(item, Draft) for item in items):
        return items
    lines = read_lines(text)
    return lines if any(isinstance(item, Draft) for item in lines) else items


def read_list(text: str) -> list[ParsedItem]:
    """A draft for each entry of a list, in order, and the lines that are none, with the reason."""
    return items_of(parse(text), text)


def items_of(parsed: ParsedList, text: str, *, offline: bool = False) -> list[ParsedItem]:
    """The same for a list that was parsed already; `offline` leaves out what the catalogue has to know, the sections
    and components."""
    parsed.leave_out_links_to(settings.SITE_URL)
    drafts = [_draft(entry) for entry in parsed.entries]
    if not offline:
        known = known_sections({entry.section for entry in parsed.entries if entry.section})
        sections = [{"section": entry.section} if entry.section in known else {} for entry in parsed.entries]
        drafts = [replace(one, payload=one.payload | more) for one, more in zip(drafts, sections, strict=True)]
        drafts = with_components(drafts, [entry.components for entry in parsed.entries])
    items: list[ParsedItem] = [truncated(draft) for draft in drafts]
    lines = split_lines(text)
    for account in parsed.accounts:
        if account.outcome != READ:
            shown = " ".join(lines[account.line - 1].split())[:MAX_SHOWN]
            is_skipped = account.outcome == SKIPPED
            items.append(Unreadable(account.line, shown, account.text, is_skipped, account.last))
    return sorted(items, key=lambda item: item.line or 0)


def _draft(entry: ParsedEntry) -> Draft:
    payload = {key: value for key, value in entry.payload.items() if not is_blank(value)}
    links = payload.get("links") or []
    source = links[0]["url"] if links else ""
    return Draft(entry.kind, payload, line=entry.line, source=source, derived=entry.derived)
