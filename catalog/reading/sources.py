"""Where a value was read, as a page says it at the end of the line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.models import Confidence
from catalog.text.source_names import source_name

# what stands at the end of a line for a longer remark; the remark itself is its title, and told on "who says what"
SHORTER = {
    "general knowledge": "general knowledge",
    "classified by the compiler": "inferred from its parts",
    "named by the results": "named by its results",
}
NAMELESS = {"unverified": "not verified", "sourced": "without an address"}


@dataclass(frozen=True)
class Mark:
    """Where a value was read. `state` is "sourced", "list" (it stands on the list alone) or "unverified"."""

    state: str
    text: str
    url: str = ""
    note: str = ""


def marks_of(key: str, sources: Iterable[Mapping[str, str]], only_listed: bool) -> list[Mark]:
    """Where a field's value was read; `only_listed` says that no revision but the list's own ever touched it."""
    marks = []
    for row in sources:
        if row["field"] == key:
            state = "unverified" if row["confidence"] == Confidence.UNVERIFIED else "sourced"
            text = source_name(row["url"]) if row["url"] else _shorter(row["note"]) or NAMELESS[state]
            marks.append(Mark(state, text, row["url"], row["note"]))
    return marks or ([Mark("list", "the list")] if only_listed else [])


def _shorter(note: str) -> str:
    return next((label for beginning, label in SHORTER.items() if beginning in note), note)
