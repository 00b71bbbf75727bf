"""The values that an entry ever had, and which of them each of its sources was given for."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
from catalog.ledger.moved_references import Item, as_text, items_of, items_through, moves_of
from catalog.ledger.own_slugs import Slugs, own_slugs, with_own_slugs
from catalog.ledger.payloads import as_object, edited_in, payload_of
from catalog.ledger.trace import Trace, brought_back
from catalog.models import Revision

Payload = Mapping[str, Any]
Source = dict[str, str]


class _Values:
    """Values that a source was given for in a state, present and former ones. Where a merge had led a reference
    elsewhere then, and was taken back since, the source says nothing of what it leads to again."""

    def __init__(self, items: Iterable[Item], number: int) -> None:
        kept = [item for item in items if item.is_what_it_was_in(number)]
        self.ids = {id(item) for item in kept}
        self.meant = {as_text(item.meant) for item in kept}
        self.present = {as_text(item.shown) for item in kept if not item.is_gone}


class ValueHistory:
    """The states of an entry after each of its revisions, and after one that is about to be published, with references
    by the present slugs of what they named."""

    def __init__(
        self,
        kind: Kind,
        revisions: Sequence[Revision],
        *,
        slugs: Slugs | None = None,
        newest: Payload | None = None,
        trace: Trace | None = None,
    ) -> None:
        payloads = [as_object(payload_of(revision)) for revision in revisions]
        edited = [edited_in(revision) if revision.edited else {} for revision in revisions]
        parts = [revision.part_of_id for revision in revisions]
        if newest is not None:
            payloads.append(dict(newest))
            edited.append(dict(trace.edited) if trace else {})
            parts.append(trace.part_of if trace else None)
        self.kind, self.revisions = kind, revisions
        self.slugs = own_slugs((kind, payload) for payload in payloads) if slugs is None else slugs
        self.payloads = [with_own_slugs(kind, payload, self.slugs) for payload in payloads]
        self.edited = [with_own_slugs(kind, values, self.slugs) for values in edited]
        self.moves = moves_of(parts)
        numbers = {revision.number: index for index, revision in enumerate(revisions)}
        self.brought_back = [numbers.get(brought_back(revision.source) or 0) for revision in revisions]
        self._items_by_key: dict[str, list[Item]] = {}
        self._present_by_key: dict[str, dict[str, Item]] = {}
        self._givings_by_source: dict[tuple[tuple[str, str], ...], list[tuple[Item, _Values]]] = {}
        self._values_by_state: dict[tuple[str, int, bool], _Values] = {}

    def present(self, key: str, item: Any) -> Item:
        """What the newest state shows as an item of its own; of several, the one that was set first."""
        own = self._with_own_slug(key, item)
        if key not in self._present_by_key:
            shown = self._present_by_key[key] = {}
            for one in sorted(self._items(key), key=lambda one: one.number):
                if not one.is_gone:
                    shown.setdefault(as_text(one.shown), one)
        return self._present_by_key[key].get(as_text(own)) or Item(self.kind, key, False, 0, own, own)

    def first_set(self, item: Item) -> Item:
        """An item as it was set first, if it was brought back since; else the item itself."""
        return self._all_of(item)[-1]

    def _all_of(self, item: Item) -> list[Item]:
        """An item, and the former ones that changes brought back as it, one after another."""
        former = [item]
        while (number := self.brought_back[former[-1].number]) is not None and number < former[-1].number:
            known = [one for one in self._items(item.key) if one.is_in(number) and one.meant == item.meant]
            if not known:
                break
            former.append(known[0])
        return former

    def is_edited(self, item: Item) -> bool:
        """Whether a moderator gave the item in review, instead of the proposal."""
        edited = self.edited[item.number]
        return bool(edited) and item.meant in items_of(edited.get(item.key))

    def givers(self, sources: Iterable[Source], value: Item) -> list[tuple[Source, Item]]:
        """The sources that were given for a present value, as they were given first."""
        shown, ids = as_text(value.shown), {id(one) for one in self._all_of(value)}
        found = []
        for source in sources:
            for given, values in self._givings(source):
                if shown in values.present or not ids.isdisjoint(values.ids):
                    found.append((source, self.first_set(given)))
                    break
        return found

    def has_value_of(self, source: Source) -> bool:
        """Whether the field of a source still has one of the values that it was given for."""
        then = self.payloads[self.present("sources", source).number].get(source["field"])
        now = self.payloads[-1].get(source["field"])
        return self.was_given_for(source, now) if is_blank(then) == is_blank(now) else False

    def was_given_for(self, source: Source, value: Any) -> bool:
        """Whether a source was given for an item of a value of the newest state; one of an empty field was given for
        that."""
        if is_blank(value) or is_blank(self.payloads[-1].get(source["field"])):
            return is_blank(value) and is_blank(self.payloads[-1].get(source["field"]))
        givings = self._givings(source)
        return any(as_text(item) in values.present for item in items_of(value) for _, values in givings)

    def _givings(self, source: Source) -> list[tuple[Item, _Values]]:
        """How often a source was given, and for which values.

        Where it comes back after it was gone, and finds a value that it was given for before, it was brought back with
        that value (a change was undone, say) and says nothing of others.
        """
        key = tuple(source.items())
        if key not in self._givings_by_source:
            givings = self._givings_by_source[key] = []
            for given in self._sources.get(as_text(source), ()):
                before = {meant for _, values in givings for meant in values.meant}
                there = [item for item in self._items(source["field"]) if item.is_in(given.number)] if before else []
                back = [item for item in there if as_text(item.meant) in before]
                givings.append((given, _Values(back, given.number) if back else self._values_of(source, given)))
        return self._givings_by_source[key]

    def _values_of(self, source: Source, given: Item) -> _Values:
        """Of the values that a field had when a source was given, those that it was given for: those that were set with
        it, if there are any. That of a proposal says nothing of what a moderator gave in review instead."""
        field, number, in_review = source["field"], given.number, self.is_edited(given)
        if (field, number, in_review) not in self._values_by_state:
            there = [item for item in self._items(field) if item.is_in(number)]
            set_then = [item for item in there if item.number == number]
            edited, proposed = list[Item](), list[Item]()
            for item in set_then:
                (edited if self.is_edited(item) else proposed).append(item)
            older = [item for item in there if item.number < number]
            meant = edited or proposed or older if in_review else proposed or older
            self._values_by_state[field, number, in_review] = _Values(meant, number)
        return self._values_by_state[field, number, in_review]

    @cached_property
    def _sources(self) -> dict[str, list[Item]]:
        """The sources that the entry ever had, by their text."""
        sources: dict[str, list[Item]] = {}
        for item in self._items("sources"):
            sources.setdefault(as_text(item.shown), []).append(item)
        return sources

    def _with_own_slug(self, key: str, item: Any) -> Any:
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
