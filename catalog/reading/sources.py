"""Sources of values, as a page shows them at the end of a line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.models import Confidence
from catalog.text.source_names import source_name

# short texts for notes that contain these words; the complete note is the title, and is shown on the blame page
SHORT_NOTES = {
    "general knowledge": "general knowledge",
    "classified by the compiler": "inferred from its parts",
    "named by the results": "named by its results",
}
DEFAULT_TEXTS = {"unverified": "not verified", "sourced": "without an address"}


@dataclass(frozen=True)
class Mark:
    """A source of a value. `state` is "sourced", "list" (only the imported list states it) or "unverified"."""

    state: str
    text: str
    url: str = ""
    note: str = ""


def marks_of(key: str, sources: Iterable[Mapping[str, str]], only_listed: bool) -> list[Mark]:
    """The sources of a field's value; `only_listed` says that only the list's import has ever changed it."""
    marks = []
    for row in sources:
        if row["field"] == key:
            state = "unverified" if row["confidence"] == Confidence.UNVERIFIED else "sourced"
            text = source_name(row["url"]) if row["url"] else _shortened(row["note"]) or DEFAULT_TEXTS[state]
            marks.append(Mark(state, text, row["url"], row["note"]))
    return marks or ([Mark("list", "the list")] if only_listed else [])


def _shortened(note: str) -> str:
    return next((short for text, short in SHORT_NOTES.items() if text in note), note)
