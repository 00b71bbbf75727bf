"""Read what is pasted: lines, items of a list, identifiers, addresses, citations or BibTeX, one thing or several."""

from submissions.intake.bibtex import is_bibtex, read_bibtex
from submissions.intake.drafts import Draft, ParsedItem, Unreadable
from submissions.intake.lists import read_many
from submissions.intake.pasted_lines import ACCEPTED_FORMATS, read_line

MAX_CHARACTERS = 20_000


def read(text: str) -> ParsedItem:
    """The one draft in a pasted text, or why it cannot be read."""
    items = read_pasted(text)
    drafts = [item for item in items if isinstance(item, Draft)]
    if len(drafts) > 1:
        what = "BibTeX entry" if is_bibtex(text.strip()) else "line"
        return Unreadable(None, text.strip()[:80], f"That is more than one {what}. Bring it as a list instead.")
    return drafts[0] if drafts else next((item for item in items if isinstance(item, Unreadable)), _unknown(text))


def read_pasted(text: str) -> list[ParsedItem]:
    """What a pasted text holds, in order: drafts, and lines that cannot be read with the reason; at least one item."""
    text = text.strip().strip("\ufeff").strip()
    if len(text) > MAX_CHARACTERS:
        return [Unreadable(None, text[:80], "That is too long for one thing. Bring it as a list instead.")]
    if is_bibtex(text):
        return read_bibtex(text) or [_unknown(text)]
    if len(text.splitlines()) < 2:
        return [read_line(text) if text else _unknown(text)]
    return read_many(text) or [_unknown(text)]


def _unknown(text: str) -> Unreadable:
    return Unreadable(None, text[:80], ACCEPTED_FORMATS)
