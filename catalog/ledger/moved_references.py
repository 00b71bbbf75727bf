"""The items of an entry's fields through its history: when each was set, and where merges moved its reference.

A merge writes a revision at each entry that refers to the duplicate, and a restoration takes that back. Neither sets a
value: an item is still what somebody set, shown by the entry that it leads to. References are compared by the present
slugs of the very entries that they named (`catalog.ledger.own_slugs`).
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
from catalog.ledger.history import previous_revisions
from catalog.models import Revision, RevisionAction


@dataclass(frozen=True)
class Move:
    """A merge of the entry with slug `merged` into the one with slug `into`, or what takes that merge back; `merge` is
    the id of the merge's revision."""

    merge: int
    kind: str
    merged: str
    into: str
    gives_back: bool


@dataclass
class Item:
    """An item of a list field, or the value of another field.

    `number` is the index of the state that set it, as `meant`. It is `shown` by where `moved_by`, the merges that
    moved its reference and were not taken back since, lead; `moved_in` has them for each state that changed them. If it
    was taken out since, `gone_in` is the index of the first state without it.
    """

    kind: Kind
    key: str
    is_in_list: bool
    number: int
    meant: Any
    shown: Any
    moved_by: list[Move] = field(default_factory=list)
    moved_in: list[tuple[int, list[Move]]] = field(default_factory=list)
    gone_in: int | None = None

    @property
    def is_gone(self) -> bool:
        return self.gone_in is not None

    def is_in(self, number: int) -> bool:
        """Whether a state has it."""
        return self.number <= number and (self.gone_in is None or self.gone_in > number)

    def is_what_it_was_in(self, number: int) -> bool:
        """Whether no merge that had moved the reference in a state was taken back since."""
        then = [moves for state, moves in self.moved_in if state <= number]
        return all(move in self.moved_by for move in (then[-1] if then else ()))

    def follow(self, move: Move) -> None:
        """Move the reference as a merge does, or back."""
        if move.gives_back:
            self.shown = self.shown_without(move.merge)
            self.moved_by = [merge for merge in self.moved_by if merge.merge != move.merge]
        elif (shown := self._moved(self.shown, move)) != self.shown:
            self.shown = shown
            self.moved_by = [*self.moved_by, move]

    def is_moved_by(self, merge: int) -> bool:
        return any(move.merge == merge for move in self.moved_by)

    def shown_without(self, merge: int) -> Any:
        """How it would be shown without a merge."""
        if not self.is_moved_by(merge):
            return self.shown
        shown = self.meant
        for move in self.moved_by:
            shown = shown if move.merge == merge else self._moved(shown, move)
        return shown

    def _moved(self, item: Any, move: Move) -> Any:
        payload = {self.key: [item] if self.is_in_list else item}
        moved = self.kind.form.with_references_replaced(payload, {(move.kind, move.merged): move.into})[self.key]
        return moved[0] if self.is_in_list else moved


def items_through(kind: Kind, key: str, values: Sequence[Any], moves: Sequence[Move | None]) -> list[Item]:
    """All items that a field ever had, by its value in each state of an entry and the move that the state is a part of,
    if it is. Several may be shown as the same, since merges brought them together."""
    items, former = list[Item](), None
    for number, (value, move) in enumerate(zip(values, moves, strict=True)):
        if value == former and move is None:
            continue
        present, former = items_of(value), value
        held = [item for item in items if not item.is_gone]
        for item in held:
            if move:
                _follow(item, move, present)
                item.moved_in.append((number, item.moved_by))
        for item in held:
            item.gone_in = None if item.shown in present else number
        shown = [item.shown for item in held if not item.is_gone]
        new = [one for one in present if one not in shown]
        items += [Item(kind, key, isinstance(value, list), number, one, one) for one in new]
    return items


def _follow(item: Item, move: Move, present: Sequence[Any]) -> None:
    """Move an item unless the state after the move shows that it stayed as it was."""
    former = item.shown, item.moved_by
    item.follow(move)
    if item.shown not in present and former[0] in present:
        item.shown, item.moved_by = former


def items_of(value: Any) -> list[Any]:
    """The items of a list value, or the value itself as the only one; none if it is empty."""
    return [item for item in (value if isinstance(value, list) else [value]) if not is_blank(item)]


def as_text(value: Any) -> str:
    """A value as text, which can be a key: values are compared by looking them up, not each with each."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def moves_of(part_of: Sequence[int | None]) -> list[Move | None]:
    """For each revision's `part_of_id` the move that the revision is a part of; three queries, none without any."""
    known = _moves({pk for pk in part_of if pk is not None})
    return [known.get(pk) if pk else None for pk in part_of]


def _moves(ids: Iterable[int]) -> dict[int, Move]:
    wholes = Revision.objects.defer("snapshot").in_bulk(ids)
    if not wholes:
        return {}
    former = previous_revisions([whole for whole in wholes.values() if whole.action == RevisionAction.RESTORE])
    merges = {pk: former.get(pk, whole) for pk, whole in wholes.items()}
    merges = {pk: merge for pk, merge in merges.items() if merge.action == RevisionAction.MERGE}
    entries = {pk for merge in merges.values() for pk in (merge.entry_id, merge.into_id or 0)}
    rows = Revision.objects.filter(kind__in={merge.kind for merge in merges.values()}, entry_id__in=entries)
    slugs = {(kind, pk): slug for kind, pk, slug in rows.order_by("number").values_list("kind", "entry_id", "slug")}
    return {
        pk: Move(
            merge=merge.pk,
            kind=merge.kind,
            merged=slugs[merge.kind, merge.entry_id],
            into=slugs.get((merge.kind, merge.into_id or 0), ""),
            gives_back=merge.pk != pk,
        )
        for pk, merge in merges.items()
    }
