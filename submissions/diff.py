"""Three-way differences of base, proposed and live payloads, field by field. Pure functions."""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import KINDS
from catalog.ledger.moved_references import as_text, items_of
from catalog.reading.sources import source_rows

Payload = Mapping[str, Any]
DescribedBy = Mapping[str, Sequence[str]]
NOTHING_DESCRIBED: DescribedBy = {}

PROPOSED, MOVED, BOTH, COLLIDES = "proposed", "moved", "both", "collides"


@dataclass(frozen=True)
class FieldDiff:
    """A payload field in three snapshots.

    `state` is "proposed" (only the proposal changes it), "moved" (only the live entry has changed since), "both" (both
    made the same change) or "collides" (both changed it, or it and what describes it, in ways that cannot be joined).
    `merged` is the value after a rebase.
    """

    field: str
    base: Any
    proposed: Any
    live: Any
    state: str
    merged: Any


@dataclass(frozen=True)
class RowDiff:
    """A row of a list before and after; `before` is None if it is new, `after` if it is gone."""

    state: str
    before: Any
    after: Any


def three_way_diff(
    base: Payload, proposed: Payload, live: Payload, described_by: DescribedBy = NOTHING_DESCRIBED
) -> list[FieldDiff]:
    """The fields that the proposal or the live entry changed since `base`, in the order of `proposed`.

    A field and those that describe it (`Kind.described_by`) collide together.
    """
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
            merged, clean = merge_lists(old, new, now, are_sources=key == "sources")
            differences.append(FieldDiff(key, old, new, now, PROPOSED if clean else COLLIDES, merged))
    return _collided_together(differences, described_by)


def _collided_together(changes: list[FieldDiff], described_by: DescribedBy) -> list[FieldDiff]:
    """The changes, in which nothing that one side says of its value is joined with another value of the other side."""
    by_field = {change.field: change for change in changes}
    collided: set[str] = set()
    for key, describing in described_by.items():
        group = [by_field[name] for name in (key, *describing) if name in by_field]
        group = [row for row in group if row.proposed != row.live]
        if group and group[0].field == key and any(_says_it_of_another(row, group[0]) for row in group[1:]):
            collided |= {row.field for row in group}
    return [replace(row, state=COLLIDES, merged=row.proposed) if row.field in collided else row for row in changes]


def _says_it_of_another(describing: FieldDiff, value: FieldDiff) -> bool:
    """Whether one side changed what describes a value that the other side changed."""
    if value.proposed != value.base and describing.live != describing.base:
        return True
    return bool(value.live != value.base and describing.proposed != describing.base)


def rebased(
    base: Payload, proposed: Payload, live: Payload, described_by: DescribedBy = NOTHING_DESCRIBED
) -> dict[str, Any] | None:
    """The live payload with the proposal's changes applied; None if a field collides."""
    changes = three_way_diff(base, proposed, live, described_by)
    return None if any(change.state == COLLIDES for change in changes) else _applied(changes, live)


def rebased_as_far_as_possible(
    base: Payload, proposed: Payload, live: Payload, described_by: DescribedBy = NOTHING_DESCRIBED
) -> dict[str, Any]:
    """The live payload with the proposal's changes applied; for fields that collide, the proposed value."""
    return _applied(three_way_diff(base, proposed, live, described_by), live)


def _applied(changes: Sequence[FieldDiff], live: Payload) -> dict[str, Any]:
    """The live payload with changes applied.

    Where others changed a field, and the proposal adds nothing to it, what results is not what the author gave a source
    for: their items, or their value. Such a source is left out.
    """
    payload = {**live, **{change.field: change.merged for change in changes}}
    others = {change.field for change in changes if change.merged != change.proposed and not _adds_items(change)}
    former = _sources(live)
    sources = [row for row in _sources(payload) if row in former or row["field"] not in others]
    return {**payload, "sources": sources} if others else payload


def _sources(payload: Payload) -> list[Mapping[str, str]]:
    """The sources of a payload that can be read: those of a stored one may be damaged."""
    return source_rows(payload.get("sources"))


def _adds_items(change: FieldDiff) -> bool:
    """Whether a list that both changed has items which the proposal adds."""
    return isinstance(change.merged, list) and any(item not in change.live for item in change.merged)


def pick_fields(proposed: Payload, live: Payload, fields: set[str]) -> dict[str, Any]:
    """The live payload with the proposal's changes to `fields` only, and with the sources that it gives for them.

    With "sources" among `fields`, the proposal's sources of values that it does not change are taken, too. A source of
    a value that is not taken stays out: it was given for that value.
    """
    picked = {**live, **{key: proposed[key] for key in fields if key in proposed}}
    unchanged = {key for key in proposed if proposed[key] == live.get(key)} if "sources" in fields else set()
    picked["sources"] = _joined_sources(_sources(live), _sources(proposed), fields | unchanged)
    return picked


def _joined_sources(ours: Sequence[Any], theirs: Sequence[Any], fields: Set[str]) -> list[Any]:
    """Our sources, with theirs instead for some fields: each where it stood, among ours or among theirs, and what
    nobody else has behind."""
    waiting, joined = [row for row in theirs if row["field"] in fields], list[Any]()
    for row in ours:
        if row["field"] not in fields:
            joined.append(row)
        elif row in waiting:
            until = waiting.index(row) + 1
            joined += waiting[:until]
            waiting = waiting[until:]
    return joined + waiting


@dataclass(frozen=True)
class Departures:
    """The fields in which a published payload departs from the proposed one: those that were left as they were, and
    those that were published with another value, each in the order of the proposed payload."""

    left: list[str]
    altered: list[str]


def departures(base: Payload, before: Payload, proposed: Payload, published: Payload) -> Departures:
    """How `published`, a revision of an entry that was at `before`, departs from a payload `proposed` from `base`.

    The sources of a field that departs go with it: they are named only if another field's are missing.
    """
    changed = [key for key in proposed if proposed[key] != base.get(key) or published.get(key) != before.get(key)]
    other = [key for key in changed if key != "sources" and published.get(key) != proposed[key]]
    left = [key for key in other if published.get(key) == before.get(key)]
    former, present = _sources(base), _sources(published)
    given = [row for row in _sources(proposed) if row not in former]
    missing = [row for row in given if row not in present and row["field"] not in other]
    return Departures(left, [key for key in other if key not in left] + ["sources"] * bool(missing))


def edited_in_review(edited: Payload, proposed: Payload, live: Payload, joined: Payload) -> dict[str, Any]:
    """The values that a moderator gave: neither the proposal nor the live entry has them, nor both `joined`. Of a list
    it is the items."""
    given: dict[str, Any] = {}
    for key, value in edited.items():
        others = (proposed.get(key), live.get(key), joined.get(key))
        known = [item for other in others for item in items_of(other)]
        new = [item for item in value if item not in known] if isinstance(value, list) else value
        if not is_blank(new) and new not in others:
            given[key] = new
    return given


def without_sources_of_edited_values(edited: Payload, proposed: Payload, live: Payload) -> dict[str, Any]:
    """A payload that a moderator made from a proposed one, without sources that the proposal gave for values which the
    moderator replaced. What the live entry has, and what the moderator added, stays."""
    sources, offered, former = _sources(edited), _sources(proposed), _sources(live)
    given = [row for row in sources if row in offered and row not in former]
    stale = [row for row in given if not _has_value_of(row["field"], edited, proposed, live)]
    return {**edited, "sources": [row for row in sources if row not in stale]}


def _has_value_of(key: str, edited: Payload, proposed: Payload, live: Payload) -> bool:
    """Whether a payload has a value that the proposal brought to a field, or one of the field's if it brought none."""
    offered, former, present = (items_of(payload.get(key)) for payload in (proposed, live, edited))
    new = [item for item in offered if item not in former]
    return any(item in present for item in new or offered) or not (offered or present)


def revert_on(
    before: Payload, after: Payload, live: Payload, described_by: DescribedBy = NOTHING_DESCRIBED
) -> tuple[dict[str, Any], list[str]]:
    """The live payload with one change reverted, and the fields that were changed again and cannot be reverted."""
    changes = three_way_diff(after, before, live, described_by)
    collisions = [change.field for change in changes if change.state == COLLIDES]
    return {**live, **{change.field: change.merged for change in changes}}, collisions


def merge_lists(base: Any, ours: Any, theirs: Any, *, are_sources: bool = False) -> tuple[Any, bool]:
    """Merge two changes of one list row by row: (merged, True), or (ours, False) if they touch the same row.

    A source that both removed is no collision: it went with the value that both changed.
    """
    if not (isinstance(base, list) and isinstance(ours, list) and isinstance(theirs, list)):
        return ours, False
    old, proposed, now = _rows_by_json(base), _rows_by_json(ours), _rows_by_json(theirs)
    removed_by_us, removed_by_them = old.keys() - proposed.keys(), old.keys() - now.keys()
    if (removed_by_us & removed_by_them and not are_sources) or _both_added_same_item(proposed, now, old):
        return ours, False
    kept = [row for key, row in now.items() if key not in removed_by_us]
    return kept + [row for key, row in proposed.items() if key not in old and key not in now], True


def _rows_by_json(rows: Sequence[Any]) -> dict[str, Any]:
    return {as_text(row): row for row in rows}


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


def row_diff(before: Sequence[Any], after: Sequence[Any]) -> list[RowDiff]:
    """The differences of two lists, row by row: "kept", "gone", "new", or "altered" for rows with the same identity."""
    old, new = _rows_by_json(before), _rows_by_json(after)
    old_keys = {row_identity(row): key for key, row in old.items()}
    differences: list[RowDiff] = []
    altered: set[str] = set()
    for key, row in zip(map(as_text, after), after, strict=True):
        old_key = old_keys.get(row_identity(row))
        if key in old:
            differences.append(RowDiff("kept", row, row))
        elif old_key is not None and old_key not in new:
            altered.add(old_key)
            differences.append(RowDiff("altered", old[old_key], row))
        else:
            differences.append(RowDiff("new", None, row))
    gone = [key for key in map(as_text, before) if key not in new and key not in altered]
    return differences + [RowDiff("gone", old[key], None) for key in gone]
