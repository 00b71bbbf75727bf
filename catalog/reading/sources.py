"""Sources of values, as a page shows them at the end of a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.blame import Blame
from catalog.models import Confidence, Revision, SourceClass
from catalog.text.source_classes import source_class
from catalog.text.source_names import is_address, source_name

# short texts for notes that contain these words; the complete note is the title, and is shown on the blame page
SHORT_NOTES = {
    "general knowledge": "general knowledge",
    "classified by the compiler": "inferred from its parts",
    "named by the results": "named by its results",
}
DEFAULT_TEXTS = {"unverified": "not verified", "sourced": "without an address"}


@dataclass(frozen=True)
class Mark:
    """A source of a value.

    `state` is "sourced", "unverified", "change" (the source of the change that set the value, which has none of its
    own), "list" (only the imported list states it) or "none". `source_class` is a SourceClass, or "" if unknown.
    """

    state: str
    text: str
    url: str = ""
    note: str = ""
    source_class: str = ""

    @property
    def shape(self) -> str:
        """The CSS class that draws the mark: that of the source's class, or what is to say first."""
        if self.state in ("sourced", "change"):
            return f"{SHAPES[self.source_class]}{' with-change' if self.state == 'change' else ''}"
        return SHAPES[SourceClass.LIST] if self.state == "list" else self.state

    @property
    def meaning(self) -> str:
        """What the source is, for readers who do not see the shape."""
        if self.state == "none":
            return ""
        if self.state == "unverified":
            return f"Not verified, {self.class_label.lower()}:"
        return f"{self.class_label}, given with the change:" if self.state == "change" else f"{self.class_label}:"

    @property
    def class_label(self) -> str:
        """The class of the source in words."""
        return str(SourceClass(self.source_class).label) if self.source_class else "Source"


SHAPES = {
    SourceClass.PRIMARY: "primary",
    SourceClass.COPY: "copy",
    SourceClass.INDEX: "index",
    SourceClass.LIST: "by-others",
    "": "unclassified",
}


@dataclass(frozen=True)
class Attribution:
    """The sources of some values of a field. `of` names these values; it is empty if they are all of the field's."""

    of: str
    marks: list[Mark]


def mark_of_address(url: str) -> Mark:
    """The mark of a source that is nothing but an address."""
    return Mark("sourced", source_name(url), url, source_class=source_class(url))


def marks_of(value: Blame) -> list[Mark]:
    """The sources that were given for a value; without any, that of the change that set it."""
    return [_mark(row) for row in value.sources] or [_fallback(value.revision)]


def attributions(values: Sequence[tuple[Blame, str]]) -> list[Attribution]:
    """The sources of the values of one field, each with its text; values with the same sources are put together."""
    texts_by_marks: dict[tuple[Mark, ...], list[str]] = {}
    for value, text in values:
        texts_by_marks.setdefault(tuple(marks_of(value)), []).append(text)
    if len(texts_by_marks) == 1:
        return [Attribution("", list(marks)) for marks in texts_by_marks]
    return [Attribution(", ".join(texts), list(marks)) for marks, texts in texts_by_marks.items()]


def _mark(row: Mapping[str, str]) -> Mark:
    state = "unverified" if row["confidence"] == Confidence.UNVERIFIED else "sourced"
    text = source_name(row["url"]) if row["url"] else _shortened(row["note"]) or DEFAULT_TEXTS[state]
    return Mark(state, text, row["url"], row["note"], source_class(row["url"]))


def _fallback(revision: Revision) -> Mark:
    if revision.contributor == LIST_ACCOUNT:
        return Mark("list", "the list", source_class=SourceClass.LIST)
    if not revision.source:
        return Mark("none", "no source given")
    note = f"Given with revision {revision.number}"
    if is_address(revision.source):
        return Mark("change", source_name(revision.source), revision.source, note, source_class(revision.source))
    return Mark("change", revision.source, note=note)


def _shortened(note: str) -> str:
    return next((short for text, short in SHORT_NOTES.items() if text in note), note)
