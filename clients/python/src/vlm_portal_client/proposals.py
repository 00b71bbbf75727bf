"""Proposals and what becomes of them, as the API represents them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """An entry that a proposal may double."""

    slug: str
    name: str
    url: str
    reason: str
    strength: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What moderators decided; `slug` and `revision` are what was published."""

    by: str
    at: datetime
    comment: str
    slug: str | None
    revision: int | None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An entry that refers to the one that a proposal is about."""

    kind: str
    slug: str
    name: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Effects:
    """What a proposal to retire, merge or restore would meet now."""

    blocker: str | None
    referring_count: int
    referring: list[Reference]
    kept: list[str]


@dataclass(frozen=True, kw_only=True)
class Event:
    """What somebody did to a proposal."""

    verb: str
    by: str
    at: datetime
    comment: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A proposal. `effects` and `events` are None in lists."""

    id: int
    url: str
    html_url: str
    kind: str
    action: str
    status: str
    name: str
    slug: str | None
    base: int | None
    into: str | None
    fields: dict[str, Any] | None
    additions: dict[str, Any]
    source: str
    comment: str
    author: str
    batch: int | None
    twins: list[Duplicate]
    version: int
    submitted: datetime
    updated: datetime
    claimed_by: str | None
    takes_two: bool
    seconded_by: str | None
    decision: Decision | None
    effects: Effects | None = None
    events: list[Event] | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A payload that was read from text, to complete and propose. `notes` say what to look at."""

    kind: str
    fields: dict[str, Any]
    source: str
    notes: list[str]
    twins: list[Duplicate]


@dataclass(frozen=True, kw_only=True)
class BatchLine:
    """What became of one line, counted from 1: the number of its `proposal`, or the `problem` with it (RFC 9457)."""

    line: int
    status: int
    proposal: int | None = None
    url: str | None = None
    problem: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of many proposals that were sent together; `results` are in the order of the lines."""

    batch: int
    accepted: int
    refused: int
    results: list[BatchLine]
