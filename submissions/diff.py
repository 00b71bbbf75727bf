"""Three-way differences of base, proposed and live payloads, field by field. Pure functions."""

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

    `state` is "proposed" (only the proposal changes it), "moved" (only the live entry has changed since), "both" (both
    made the same change) or "collides" (both changed it, in ways that cannot be joined). `merged` is the value after a
    rebase.
    """

    field: str
    base: Any
    proposed: Any
    live: Any
    state: str
    merged: Any


@dataclass(frozen=True)
class TextSpan:
    """A span of text: "kept", "gone" (only before) or "new" (only after)."""

    state: str
    text: str


@dataclass(frozen=True)
class RowDiff:
    """A row of a list before and after; `before` is None if it is new, `after` if it is gone."""

    state: str
    before: Any
    after: Any


def three_way_diff(base: Payload, proposed: Payload, live: Payload) -> list[FieldDiff]:
    """The fields that the proposal or the live entry changed since `base`, in the order of `proposed`."""
    differences = []
    for key, new in proposed.items():
        old, now = base.get(key), live.get(key)
        if new == old == now:
            continue
        if new == old:
            differences.append(FieldDiff(key, old, new, now, MOVED, now))
        elif now == old:
            differences.append(FieldDiff(key, old, new, now, PROPOSED, new))
        elif new == now:
            differences.append(FieldDiff(key, old, new, now, BOTH, now))
        else:
            merged, clean = merge_lists(old, new, now)
            differences.append(FieldDiff(key, old, new, now, PROPOSED if clean else COLLIDES, merged))
    return differences


def rebased(base: Payload, proposed: Payload, live: Payload) -> dict[str, Any] | None:
    """The live payload with the proposal's changes applied; None if a field collides."""
    changes = three_way_diff(base, proposed, live)
    if any(change.state == COLLIDES for change in changes):
        return None
    return {**live, **{change.field: change.merged for change in changes}}


def pick_fields(proposed: Payload, live: Payload, fields: set[str]) -> dict[str, Any]:
    """The live payload with the proposal's changes to `fields` only, and the sources of those fields.

    With "sources" among `fields`, all of the proposal's sources are taken.
    """
    picked = {**live, **{key: proposed[key] for key in fields if key in proposed}}
    if "sources" in proposed and "sources" not in fields:
        others = [row for row in live.get("sources", []) if row["field"] not in fields]
        picked["sources"] = others + [row for row in proposed["sources"] if row["field"] in fields]
    return picked


def revert_on(before: Payload, after: Payload, live: Payload) -> tuple[dict[str, Any], list[str]]:
    """The live payload with one change reverted, and the fields that were changed again and cannot be reverted."""
    changes = three_way_diff(after, before, live)
    collisions = [change.field for change in changes if change.state == COLLIDES]
    return {**live, **{change.field: change.merged for change in changes}}, collisions


def merge_lists(base: Any, ours: Any, theirs: Any) -> tuple[Any, bool]:
    """Merge two changes of one list row by row: (merged, True), or (ours, False) if they touch the same row."""
    if not (isinstance(base, list) and isinstance(ours, list) and isinstance(theirs, list)):
        return ours, False
    old, proposed, now = _rows_by_json(base), _rows_by_json(ours), _rows_by_json(theirs)
    removed_by_us, removed_by_them = old.keys() - proposed.keys(), old.keys() - now.keys()
    if removed_by_us & removed_by_them or _both_added_same_item(proposed, now, old):
        return ours, False
    kept = [row for key, row in now.items() if key not in removed_by_us]
    return kept + [row for key, row in proposed.items() if key not in old and key not in now], True


def _rows_by_json(rows: Sequence[Any]) -> dict[str, Any]:
    return {json.dumps(row, sort_keys=True): row for row in rows}


def _both_added_same_item(proposed: Mapping[str, Any], now: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether both added a row with the same URL, name or entry, but with different values."""
    ours = {row_identity(row): key for key, row in proposed.items() if key not in old}
    theirs = {row_identity(row): key for key, row in now.items() if key not in old}
    return any(ours[identity] != theirs[identity] for identity in ours.keys() & theirs.keys())


IDENTITY_KEYS = ("url", *KINDS, "name", "title", "field", "text")


def row_identity(row: Any) -> Any:
    """The key by which two versions of a row are matched; a text is its own key. Values of a wrong type are used as
    text, since keys must be hashable."""
    if not isinstance(row, dict):
        return row if isinstance(row, str) else json.dumps(row, sort_keys=True)
    if "field" in row:  # a source: one field may have several
        return (str(row["field"]), str(row.get("url") or row.get("note")))
    return next(((key, str(row[key])) for key in IDENTITY_KEYS if row.get(key)), json.dumps(row, sort_keys=True))


TOKEN = re.compile(r"\s+|[^\W_]+|[\W_]")


def word_diff(before: str, after: str) -> list[TextSpan]:
    """The differences of two texts, word by word."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    spans: list[TextSpan] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(TextSpan("kept", "".join(old[i:j])))
            continue
        spans += [TextSpan("gone", "".join(old[i:j]))] if i < j else []
        spans += [TextSpan("new", "".join(new[k:m]))] if k < m else []
    return spans


def row_diff(before: Sequence[Any], after: Sequence[Any]) -> list[RowDiff]:
    """The differences of two lists, row by row: "kept", "gone", "new", or "altered" for rows with the same identity."""
    old = {row_identity(row): row for row in before}
    differences = [
        RowDiff("kept", row, row)
        if row in before
        else RowDiff("altered", old[row_identity(row)], row)
        if row_identity(row) in old and old[row_identity(row)] not in after
        else RowDiff("new", None, row)
        for row in after
    ]
    altered = [diff.before for diff in differences if diff.state == "altered"]
    return differences + [RowDiff("gone", row, None) for row in before if row not in after and row not in altered]
