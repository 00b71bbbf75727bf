"""Sources of values, as a page shows them at the end of a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.blame import Blame, Given
from catalog.models import Confidence, Revision, SourceClass, Sourced
from catalog.text.source_classes import source_class
from catalog.text.source_names import is_address, source_name

# short texts for notes that contain these words; the complete note is the title, and is shown on the blame page
SHORT_NOTES = {
    "general knowledge": "general knowledge",
    "classified by the compiler": "inferred from its parts",
    "named by the results": "named by its results",
}
DEFAULT_TEXTS = {"unverified": "not verified", "sourced": "without an address"}


_CLASSES = frozenset(SourceClass.values)


@dataclass(frozen=True)
class Mark:
    """A source of a value.

    `state` is "sourced", "unverified", "change" (the source of the change that set the value, which has none of its
    own), "list" (only the imported list states it) or "none". `source_class` is a SourceClass, or "" if unknown;
    `class_stated` says that the entry states it, rather than the table of hosts. `given` says how and by whom the
    source was given, where that does not follow from the change that set the value.
    """

    state: str
    text: str
    url: str = ""
    note: str = ""
    source_class: str = ""
    class_stated: bool = False
    given: str = field(default="", compare=False)

    @property
    def shape(self) -> str:
        """The CSS classes that draw the mark: the source's class, and what else there is to say of it."""
        if self.state == "none" or (self.state == "unverified" and not self.source_class):
            return self.state
        return " ".join(filter(None, (SHAPES[self.source_class], ADDED_SHAPES.get(self.state))))

    @property
    def meaning(self) -> str:
        """What the source is, for readers who do not see the shape."""
        if self.state == "none":
            return ""
        if self.state == "unverified":
            return f"Not verified, {self.class_label.lower()}:"
        return f"{self.class_label}, {GIVEN_WITH_CHANGE}:" if self.state == "change" else f"{self.class_label}:"

    @property
    def details(self) -> str:
        """What the page that says who says what adds to the mark in words: its class, unless the mark has it in words,
        and how it was given or its note."""
        stated = ", as the entry states" if self.class_stated else ""
        known = f"{self.class_label.lower()}{stated}" if self.source_class and not self.stated_otherwise else ""
        unverified = "not verified" if self.state == "unverified" and self.source_class else ""
        how = (self.given or GIVEN_WITH_CHANGE,) if self.state == "change" else (self.note, self.given)
        return "; ".join(filter(None, (known, unverified, *how)))

    @property
    def stated_otherwise(self) -> str:
        """The class in words where the entry states another one than the table of hosts has; else ""."""
        differs = self.class_stated and self.source_class != source_class(self.url)
        return f"{self.class_label.lower()}, as the entry states" if differs else ""

    @property
    def class_label(self) -> str:
        """The class of the source in words."""
        return str(SourceClass(self.source_class).label) if self.source_class else "Source"


GIVEN_WITH_CHANGE = str(Sourced.CHANGE.label)
ADDED_SHAPES = {"change": "with-change", "unverified": "unverified"}
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


def stated_class(row: Mapping[str, str]) -> str:
    """The class that a source row states, "" without one."""
    stated = row.get("source_class", "")
    return stated if stated in _CLASSES else ""


def class_of_row(row: Mapping[str, str]) -> str:
    """The class of a source row: the one that it states, else that of its host; "" if neither is known."""
    return stated_class(row) or source_class(row["url"])


def source_rows(rows: Any) -> list[Mapping[str, str]]:
    """The source rows of an entry that can be read; those of a past day may be damaged."""
    rows = rows if isinstance(rows, list | tuple) else []
    return [
        row
        for row in rows
        if isinstance(row, Mapping) and all(isinstance(row.get(key), str) for key in ("field", "url"))
    ]


def class_of_address(url: Any, rows: Any) -> str:
    """The class of an address that an entry names, whose source rows are `rows`: as one of them states it for this
    address, else that of the host; "" if neither is known. Both may be damaged."""
    same = [row for row in source_rows(rows) if row["url"] == url]
    return next(filter(None, map(stated_class, same)), "") or (source_class(url) if isinstance(url, str) else "")


def address_of_value(key: str, url: Any, rows: Any) -> Any:
    """The address that a value of an entry was read at: that of its own source row, else `url`, which the entry names
    besides. Both may be damaged."""
    return next((row["url"] for row in source_rows(rows) if row["field"] == key and row["url"]), url)


def mark_of_address(url: str, rows: Any = ()) -> Mark:
    """The mark of a source that is nothing but an address, in an entry with these source rows."""
    of = class_of_address(url, rows)
    return Mark("sourced", source_name(url), url, source_class=of)


def marks_of(value: Blame) -> list[Mark]:
    """The sources that were given for a value; without any, that of the change that set it."""
    return [_mark(given, value) for given in value.sources] or [_fallback(value)]


def attributions(values: Sequence[tuple[Blame, str]]) -> list[Attribution]:
    """The sources of the values of one field, each with its text; values with the same sources are put together."""
    texts_by_marks: dict[tuple[Mark, ...], list[str]] = {}
    for value, text in values:
        texts_by_marks.setdefault(tuple(marks_of(value)), []).append(text)
    if len(texts_by_marks) == 1:
        return [Attribution("", list(marks)) for marks in texts_by_marks]
    return [Attribution(", ".join(texts), list(marks)) for marks, texts in texts_by_marks.items()]


def _mark(given: Given, value: Blame) -> Mark:
    row = given.row
    state = "unverified" if row["confidence"] == Confidence.UNVERIFIED else "sourced"
    text = source_name(row["url"]) if row["url"] else _shortened(row["note"]) or DEFAULT_TEXTS[state]
    by_another = f"given by {given.contributor} with revision {given.revision.number}"
    how = by_another if given.contributor != value.contributor else ""
    return Mark(state, text, row["url"], row["note"], class_of_row(row), bool(stated_class(row)), how)


def class_of_revision(revision: Revision) -> str:
    """The class of the source of a change; "" without one, and if it is unknown."""
    if revision.contributor == LIST_ACCOUNT:
        return SourceClass.LIST
    return source_class(revision.source) if is_address(revision.source) else ""


def _fallback(value: Blame) -> Mark:
    """The mark of a value that has no source of its own."""
    revision, state = value.given_by, value.sourced
    if state == Sourced.LIST:
        return Mark("list", "the list", source_class=SourceClass.LIST)
    if revision is None or state == Sourced.NONE:
        return Mark("none", str(state.label))
    url = revision.source if is_address(revision.source) else ""
    text = source_name(url) if url else revision.source
    how = f"given with revision {revision.number}" if revision != value.revision else ""
    return Mark("change", text, url, f"Given with revision {revision.number}", class_of_revision(revision), given=how)


def _shortened(note: str) -> str:
    return next((short for text, short in SHORT_NOTES.items() if text in note), note)
