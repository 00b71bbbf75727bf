"""A whole awesome-list README as drafts."""

from catalog.exchange.awesome.reader import parse
from catalog.forms.fields import is_blank
from submissions.intake.bibtex import read_bibtex
from submissions.intake.drafts import Draft, Read, Unreadable, fitted, known_sections, with_parts


def read_many(text: str) -> list[Read]:
    """The drafts of a README or of a BibTeX file: whichever it is."""
    return read_bibtex(text) if looks_like_bibtex(text) else read_list(text)


def looks_like_bibtex(text: str) -> bool:
    """Whether the first line that says something begins a record."""
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith("%")), "")
    return first.startswith("@") and "{" in first


def read_list(text: str) -> list[Read]:
    """A draft for each entry of a list, in order, and the lines that could not be read."""
    parsed = parse(text)
    known = known_sections({entry.section for entry in parsed.entries if entry.section})
    drafts, parts = [], []
    for entry in parsed.entries:
        payload = {key: value for key, value in entry.payload.items() if not is_blank(value)}
        if entry.section in known:
            payload["section"] = entry.section
        links = payload.get("links") or []
        drafts.append(Draft(entry.kind, payload, line=entry.line, source=links[0]["url"] if links else ""))
        parts.append(entry.components)
    found: list[Read] = [fitted(draft) for draft in with_parts(drafts, parts)]
    found += [Unreadable(problem.line, "", problem.text) for problem in parsed.problems]
    return sorted(found, key=lambda read: read.line or 0)
