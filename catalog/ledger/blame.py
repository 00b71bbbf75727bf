"""Which revision set each value of an entry, and which of the entry's sources were given for it.

A source names a field. It belongs to the values that were set when it was given, or, if none was, to all that the field
had then. A value that was set later is not in that source, whatever field they share; nor is one of a list to which the
source came together with others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.moved_references import Item, items_of, items_through, moves_of
from catalog.ledger.own_slugs import Slugs, own_slugs, with_own_slugs
from catalog.ledger.payloads import as_object, payload_of, readable_payload
from catalog.models import Revision, Sourced

Payload = Mapping[str, Any]
Source = dict[str, str]


@dataclass(frozen=True)
class Blame:
    """Which revision set a value. `item` is a row or text of a list field, else the complete value; `sources` are the
    rows that were given for it, without those of other values of the field."""

    field: str
    label: str
    item: Any
    revision: Revision
    sources: list[Source]

    @property
    def sourced(self) -> Sourced:
        """What says where the value was read."""
        if self.sources:
            return Sourced.OWN
        if self.revision.contributor == LIST_ACCOUNT:
            return Sourced.LIST
        return Sourced.CHANGE if self.revision.source else Sourced.NONE


def blame(kind: Kind, revisions: Sequence[Revision], slugs: Slugs | None = None) -> list[Blame]:
    """For each value of the newest snapshot, the revision that set it. `revisions` is all of an entry's history, oldest
    first; `slugs` are the `own_slugs` of it, if they are known.

    Renaming or merging what a value refers to does not set it.
    """
    if not revisions:
        return []
    payloads = [as_object(payload_of(revision)) for revision in revisions]
    slugs = own_slugs((kind, payload) for payload in payloads) if slugs is None else slugs
    history = _History(kind, payloads, [revision.part_of_id for revision in revisions], slugs)
    listed = readable_payload(revisions[-1])[0]["sources"]
    rows = []
    for key in kind.form.payload_keys():
        value = payloads[-1].get(key)
        if key == "sources" or is_blank(value):
            continue
        given = [(row, history.values_of(row)) for row in listed if row["field"] == key]
        for item in [item for item in value if not is_blank(item)] if isinstance(value, list) else [value]:
            own = history.with_own_slug(key, item)
            sources = [row for row, values in given if any(value.shown == own for value in values)]
            rows.append(Blame(key, kind.label_of(key), item, revisions[history.set_in(key, own)], sources))
    return rows


def sources_after(
    kind: Kind, entry_id: int, before: Payload, after: Payload, part_of: int | None = None
) -> list[Source]:
    """The sources that an entry has once its payload `before`, which its newest revision holds, becomes `after`.

    A source that both have goes if it was given only for values that the entry no longer has then. `part_of` is the id
    of the merge or restoration that the change is a part of.
    """
    if not any(row in before["sources"] and after[row["field"]] != before[row["field"]] for row in after["sources"]):
        return list(after["sources"])
    return sources_of_present_values(kind, list(Revision.objects.of(kind.name, entry_id)), after, part_of)


def sources_of_present_values(
    kind: Kind, history: Sequence[Revision], newest: Payload, part_of: int | None = None
) -> list[Source]:
    """The sources of a payload, which follows an entry's `history`, without those of former values only.

    A source that was given when the field was empty says so, and stays while it is empty.
    """
    payloads = [*(as_object(payload_of(revision)) for revision in history), dict(newest)]
    slugs = own_slugs((kind, payload) for payload in payloads)
    states = _History(kind, payloads, [*(revision.part_of_id for revision in history), part_of], slugs)
    return [source for source in newest["sources"] if states.has_value_of(source)]


def was_given_for(kind: Kind, history: Sequence[Revision], source: Source, value: Any) -> bool:
    """Whether a source that the newest of these revisions has was given for an item of a value of its field."""
    payloads = [as_object(payload_of(revision)) for revision in history]
    slugs = own_slugs((kind, payload) for payload in payloads)
    states = _History(kind, payloads, [revision.part_of_id for revision in history], slugs)
    return states.was_given_for(source, value)


class _History:
    """The states of an entry after each of its revisions, with references by the present slugs of what they named."""

    def __init__(
        self, kind: Kind, payloads: Sequence[dict[str, Any]], part_of: Sequence[int | None], slugs: Slugs
    ) -> None:
        self.kind, self.slugs = kind, slugs
        self.payloads = [with_own_slugs(kind, payload, slugs) for payload in payloads]
        self.moves = moves_of(part_of)
        self._items_by_key: dict[str, list[Item]] = {}

    def set_in(self, key: str, item: Any) -> int:
        """The index of the state that set what the newest one shows as this item."""
        return min((one.number for one in self._items(key) if not one.is_gone and one.shown == item), default=0)

    def values_of(self, source: Source) -> list[Item]:
        """The present values that a source was given for.

        Where it comes back after it was gone, and finds a value that it was given for before, it was brought back with
        that value (a change was undone, say) and says nothing of others.
        """
        items, values = self._items(source["field"]), list[Item]()
        for given in self._items("sources"):
            if given.shown == source:
                there = [item for item in items if item.is_in(given.number)]
                known = [item for item in there if any(item.meant == value.meant for value in values)]
                values += known or [item for item in there if item.number == given.number] or there
        return [item for item in values if not item.is_gone]

    def has_value_of(self, source: Source) -> bool:
        """Whether the field of a source still has one of the values that it was given for."""
        then = self.payloads[self.set_in("sources", source)].get(source["field"])
        now = self.payloads[-1].get(source["field"])
        return self.was_given_for(source, now) if is_blank(then) == is_blank(now) else False

    def was_given_for(self, source: Source, value: Any) -> bool:
        """Whether a source was given for an item of a value; one of an empty field was given for that."""
        if is_blank(value) or is_blank(self.payloads[-1].get(source["field"])):
            return is_blank(value) and is_blank(self.payloads[-1].get(source["field"]))
        present = items_of(value)
        return any(item.shown in present for item in self.values_of(source))

    def with_own_slug(self, key: str, item: Any) -> Any:
        """An item of the newest value with the present slugs of what it refers to."""
        in_list = isinstance(self.payloads[-1].get(key), list)
        payload = with_own_slugs(self.kind, {key: [item] if in_list else item}, self.slugs)
        return payload[key][0] if in_list else payload[key]

    def _items(self, key: str) -> list[Item]:
        """All items that a field ever had."""
        if key not in self._items_by_key:
            values = [payload.get(key) for payload in self.payloads]
            self._items_by_key[key] = items_through(self.kind, key, values, self.moves)
        return self._items_by_key[key]
