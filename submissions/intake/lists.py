"""Drafts from an awesome-list README."""

from catalog.exchange.awesome.reader import parse
from catalog.forms.fields import is_blank
from submissions.intake.bibtex import is_bibtex, read_bibtex
from submissions.intake.drafts import Draft, ParsedItem, Unreadable, known_sections, truncated, with_components


def read_many(text: str) -> list[ParsedItem]:
    """Read a README or a BibTeX file, whichever the text is."""
    return read_bibtex(text) if is_bibtex(text) else read_list(text)


def read_list(text: str) -> list[ParsedItem]:
    """A draft for each entry of a list, in order, and the lines that could not be read."""
    parsed = parse(text)
    known = known_sections({entry.section for entry in parsed.entries if entry.section})
    drafts, components = [], []
    for entry in parsed.entries:
        payload = {key: value for key, value in entry.payload.items() if not is_blank(value)}
        if entry.section in known:
            payload["section"] = entry.section
        links = payload.get("links") or []
        drafts.append(Draft(entry.kind, payload, line=entry.line, source=links[0]["url"] if links else ""))
        components.append(entry.components)
    items: list[ParsedItem] = [truncated(draft) for draft in with_components(drafts, components)]
    items += [Unreadable(problem.line, "", problem.text) for problem in parsed.problems]
    return sorted(items, key=lambda item: item.line or 0)
