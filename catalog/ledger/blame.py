"""Which revision set each value of an entry, and which of the entry's sources were given for it.

A source names a field, and belongs to the values that the field had when the source was given. A value that was set
later is not in that source, whatever field they share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.own_slugs import Slugs, counterpart, items_of_value, own_slugs, with_own_slugs
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


@dataclass(frozen=True)
class _State:
    """An entry after a revision: its payload, with references by the present slugs of what they named, and whether the
    revision is a part of a merge or of its restoration, which only replaces references."""

    payload: Payload
    is_part: bool


def blame(kind: Kind, revisions: Sequence[Revision], slugs: Slugs | None = None) -> list[Blame]:
    """For each value of the newest snapshot, the revision that set it. `revisions` is all of an entry's history, oldest
    first; `slugs` are the `own_slugs` of it, if they are known.

    Renaming or merging what a value refers to does not set it.
    """
    if not revisions:
        return []
    payloads = [as_object(payload_of(revision)) for revision in revisions]
    slugs = own_slugs((kind, payload) for payload in payloads) if slugs is None else slugs
    states = _states(kind, revisions, payloads, slugs)
    listed = readable_payload(revisions[-1])[0]["sources"]
    rows = []
    for key in kind.form.payload_keys():
        value = payloads[-1].get(key)
        if key == "sources" or is_blank(value):
            continue
        given = [(row, _set_in(kind, states, "sources", row)) for row in listed if row["field"] == key]
        for item in [item for item in value if not is_blank(item)] if isinstance(value, list) else [value]:
            number = _set_in(kind, states, key, _with_own_slug(kind, key, value, item, slugs))
            sources = [source for source, given_in in given if given_in >= number]
            rows.append(Blame(key, kind.label_of(key), item, revisions[number], sources))
    return rows


def sources_after(kind: Kind, entry_id: int, before: Payload, after: Payload, *, is_part: bool = False) -> list[Source]:
    """The sources that an entry has once its payload `before`, which its newest revision holds, becomes `after`.

    A source that both have goes if it was given only for values that the entry no longer has then. `is_part` says that
    the change is a part of a merge or of its restoration.
    """
    if not any(row in before["sources"] and after[row["field"]] != before[row["field"]] for row in after["sources"]):
        return list(after["sources"])
    return sources_of_present_values(kind, list(Revision.objects.of(kind.name, entry_id)), after, is_part=is_part)


def sources_of_present_values(
    kind: Kind, history: Sequence[Revision], newest: Payload, *, is_part: bool = False
) -> list[Source]:
    """The sources of a payload, which follows an entry's `history`, without those of former values only.

    A source that was given when the field was empty says so, and stays while it is empty.
    """
    payloads = [as_object(payload_of(revision)) for revision in history]
    slugs = own_slugs((kind, payload) for payload in (*payloads, newest))
    states = [*_states(kind, history, payloads, slugs), _State(with_own_slugs(kind, dict(newest), slugs), is_part)]
    return [source for source in newest["sources"] if _has_its_value(kind, states, source)]


def _has_its_value(kind: Kind, states: Sequence[_State], source: Source) -> bool:
    """Whether the field of a source still has one of the values that it was given for."""
    key, given_in = source["field"], _set_in(kind, states, "sources", source)
    then, now = states[given_in].payload.get(key), states[-1].payload.get(key)
    if is_blank(then) or is_blank(now):
        return is_blank(then) and is_blank(now)
    return any(_set_in(kind, states, key, item) <= given_in for item in items_of_value(now))


def _states(
    kind: Kind, revisions: Sequence[Revision], payloads: Sequence[dict[str, Any]], slugs: Slugs
) -> list[_State]:
    return [
        _State(with_own_slugs(kind, payload, slugs), revision.part_of_id is not None)
        for revision, payload in zip(revisions, payloads, strict=True)
    ]


def _with_own_slug(kind: Kind, key: str, value: Any, item: Any, slugs: Slugs) -> Any:
    """An item of a value with the present slugs of what it refers to."""
    if isinstance(value, list):
        return with_own_slugs(kind, {key: [item]}, slugs)[key][0]
    return with_own_slugs(kind, {key: item}, slugs)[key]


def _set_in(kind: Kind, states: Sequence[_State], key: str, item: Any) -> int:
    """The index of the first of the latest consecutive states whose value is or contains `item`, or what a merge made
    it from."""
    for index in range(len(states) - 1, 0, -1):
        value = states[index - 1].payload.get(key)
        if item not in items_of_value(value):
            former = counterpart(kind, key, item, value) if states[index].is_part else None
            if former is None:
                return index
            item = former
    return 0
