"""Entries, their revisions and changes, as the API represents them. Times are in UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source that was given for one value."""

    url: str
    note: str
    confidence: str
    source_class: str
    class_stated: bool
    revision: int
    contributor: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """Who gave a value, who approved it, when, and from which source."""

    value: Any
    revision: int
    contributor: str
    approver: str | None
    seconder: str | None
    edited_in_review: bool
    at: datetime
    source: str | None
    source_class: str
    source_revision: int | None
    sourced: str
    sourced_text: str
    sources: list[Source]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A published entry. `fields` is its payload, which can be changed and proposed; `expanded` and `provenance` are
    None unless asked for."""

    kind: str
    slug: str
    url: str
    html_url: str
    revision: int
    created: datetime
    updated: datetime
    fields: dict[str, Any]
    expanded: dict[str, dict[str, Any]] | None = None
    provenance: dict[str, list[Said]] | None = None


@dataclass(frozen=True, kw_only=True)
class Span:
    """A piece of text, and whether it matches a query."""

    text: str
    hit: bool


@dataclass(frozen=True, kw_only=True)
class Match:
    """Name and line of a search result, in spans."""

    name: list[Span]
    line: list[Span]


@dataclass(frozen=True, kw_only=True)
class Hit(Entry):
    """A search result. `standing` says of a benchmark its first row, of a result its place, in words."""

    match: Match
    standing: str | None


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A revision of an entry without its payload. `changed` names the fields that differ from the one before."""

    revision: int
    action: str
    slug: str
    name: str
    url: str
    html_url: str
    at: datetime
    contributor: str
    approver: str | None
    seconder: str | None
    source: str | None
    comment: str
    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field that a revision changed."""

    field: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What became of an entry that is not in the catalogue any more."""

    action: str
    at: datetime
    reason: str
    merged_into: str | None


@dataclass(frozen=True, kw_only=True)
class FullRevision(Revision):
    """A revision with its payload. `removed` is None while the entry is in the catalogue."""

    fields: dict[str, Any]
    differences: list[Difference]
    removed: Removal | None
    provenance: dict[str, list[Said]] | None = None


@dataclass(frozen=True, kw_only=True)
class Change(Revision):
    """A change of the catalogue. `fields` is None if the entry is gone; `moved_from` is the slug that it had before."""

    kind: str
    moved_from: str | None
    merged_into: str | None
    fields: dict[str, Any] | None
