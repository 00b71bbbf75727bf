"""Base, proposed and live side by side, field by field. Pure: payloads in, differences out."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.kinds import KINDS

Payload = Mapping[str, Any]

PROPOSED, MOVED, BOTH, COLLIDES = "proposed", "moved", "both", "collides"


@dataclass(frozen=True)
class FieldDiff:
    """A payload field in three snapshots.

    `state` is "proposed" (only the proposal changes it), "moved" (only the live entry did since), "both" (both made the
    same change) or "collides" (both changed it, and what they did cannot be joined). `merged` is the value that a
    rebase gives.
    """

    field: str
    base: Any
    proposed: Any
    live: Any
    state: str
    merged: Any


@dataclass(frozen=True)
class Span:
    """A piece of text: "kept", "gone" (only before) or "new" (only after)."""

    state: str
    text: str


@dataclass(frozen=True)
class RowDiff:
    """A row of a list before and after; one of them is None where the row is new or gone."""

    state: str
    before: Any
    after: Any


def three_way(base: Payload, proposed: Payload, live: Payload) -> list[FieldDiff]:
    """The fields that the proposal or the live entry changed since `base`, in the order of `proposed`."""
    found = []
    for key, wanted in proposed.items():
        old, now = base.get(key), live.get(key)
        if wanted == old == now:
            continue
        if wanted == old:
            found.append(FieldDiff(key, old, wanted, now, MOVED, now))
        elif now == old:
            found.append(FieldDiff(key, old, wanted, now, PROPOSED, wanted))
        elif wanted == now:
            found.append(FieldDiff(key, old, wanted, now, BOTH, now))
        else:
            joined, clean = join(old, wanted, now)
            found.append(FieldDiff(key, old, wanted, now, PROPOSED if clean else COLLIDES, joined))
    return found


def rebased(base: Payload, proposed: Payload, live: Payload) -> dict[str, Any] | None:
    """The proposal's changes made on the live entry; None where a field collides."""
    changes = three_way(base, proposed, live)
    if any(change.state == COLLIDES for change in changes):
        return None
    return {**live, **{change.field: change.merged for change in changes}}


def only(proposed: Payload, live: Payload, fields: set[str]) -> dict[str, Any]:
    """The live entry with the proposal's changes in `fields` alone, and the sources that belong to them.

    Naming "sources" itself takes all of the proposal's sources.
    """
    picked = {**live, **{key: proposed[key] for key in fields if key in proposed}}
    if "sources" in proposed and "sources" not in fields:
        others = [row for row in live.get("sources", []) if row["field"] not in fields]
        picked["sources"] = others + [row for row in proposed["sources"] if row["field"] in fields]
    return picked


def reversed_on(before: Payload, after: Payload, live: Payload) -> tuple[dict[str, Any], list[str]]:
    """The live entry with one change taken back, and the fields that moved on since and cannot be."""
    changes = three_way(after, before, live)
    collisions = [change.field for change in changes if change.state == COLLIDES]
    return {**live, **{change.field: change.merged for change in changes}}, collisions


def join(base: Any, mine: Any, theirs: Any) -> tuple[Any, bool]:
    """Two changes of one list joined row by row: (joined, True), or (mine, False) where they touch the same row."""
    if not (isinstance(base, list) and isinstance(mine, list) and isinstance(theirs, list)):
        return mine, False
    old, wanted, now = _keyed(base), _keyed(mine), _keyed(theirs)
    gone_here, gone_there = old.keys() - wanted.keys(), old.keys() - now.keys()
    if gone_here & gone_there or _same_thing(wanted, now, old):
        return mine, False
    kept = [row for key, row in now.items() if key not in gone_here]
    return kept + [row for key, row in wanted.items() if key not in old and key not in now], True


def _keyed(rows: Sequence[Any]) -> dict[str, Any]:
    return {json.dumps(row, sort_keys=True): row for row in rows}


def _same_thing(wanted: Mapping[str, Any], now: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether both brought a row about one thing (the same address, name or entry), but not the same row."""
    mine = {identity(row): key for key, row in wanted.items() if key not in old}
    theirs = {identity(row): key for key, row in now.items() if key not in old}
    return any(mine[thing] != theirs[thing] for thing in mine.keys() & theirs.keys())


IDENTITY = ("url", *KINDS, "name", "title", "field", "text")


def identity(row: Any) -> Any:
    """What a row is about; a text is about itself."""
    if not isinstance(row, dict):
        return row
    if "field" in row:  # a source: one field may have several
        return (row["field"], row.get("url") or row.get("note"))
    return next(((key, row[key]) for key in IDENTITY if row.get(key)), json.dumps(row, sort_keys=True))


TOKEN = re.compile(r"\s+|[^\W_]+|[\W_]")


def words(before: str, after: str) -> list[Span]:
    """The differences of two texts, word by word."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    spans: list[Span] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(Span("kept", "".join(old[i:j])))
            continue
        spans += [Span("gone", "".join(old[i:j]))] if i < j else []
        spans += [Span("new", "".join(new[k:m]))] if k < m else []
    return spans


def rows(before: Sequence[Any], after: Sequence[Any]) -> list[RowDiff]:
    """The differences of two lists, row by row: "kept", "gone", "new", or "altered" where both are about one thing."""
    old = {identity(row): row for row in before}
    found = [
        RowDiff("kept", row, row)
        if row in before
        else RowDiff("altered", old[identity(row)], row)
        if identity(row) in old and old[identity(row)] not in after
        else RowDiff("new", None, row)
        for row in after
    ]
    altered = [diff.before for diff in found if diff.state == "altered"]
    return found + [RowDiff("gone", row, None) for row in before if row not in after and row not in altered]
