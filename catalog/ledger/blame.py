"""Which revision set each value of an entry, and which of the entry's sources were given for it.

A source names a field, and belongs to the values that the field had when the source was given. A value that was set
later is not in that source, whatever field they share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.forms.fields import is_blank
from catalog.kinds import Kind
from catalog.ledger.payloads import as_object, payload_of, readable_payload
from catalog.models import Revision

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


def blame(kind: Kind, revisions: Sequence[Revision]) -> list[Blame]:
    """For each value of the newest snapshot, the revision that set it. `revisions` is all of an entry's history, oldest
    first."""
    payloads = [as_object(payload_of(revision)) for revision in revisions]
    if not payloads:
        return []
    listed = readable_payload(revisions[-1])[0]["sources"]
    rows = []
    for key in kind.form.payload_keys():
        value = payloads[-1].get(key)
        if key == "sources" or is_blank(value):
            continue
        given = [(row, _set_in(payloads, "sources", row)) for row in listed if row["field"] == key]
        for item in [item for item in value if not is_blank(item)] if isinstance(value, list) else [value]:
            number = _set_in(payloads, key, item)
            sources = [source for source, given_in in given if given_in >= number]
            rows.append(Blame(key, kind.label_of(key), item, revisions[number], sources))
    return rows


def sources_after(kind: Kind, entry_id: int, before: Payload, after: Payload) -> list[Source]:
    """The sources that an entry has once its payload `before`, which its newest revision holds, becomes `after`.

    A source that both have goes if it was given only for values that the entry no longer has then.
    """
    if not any(row in before["sources"] and after[row["field"]] != before[row["field"]] for row in after["sources"]):
        return list(after["sources"])
    history = Revision.objects.of(kind.name, entry_id)
    return sources_of_present_values([*(as_object(payload_of(revision)) for revision in history), after])


def sources_of_present_values(payloads: Sequence[Payload]) -> list[Source]:
    """The sources of the newest of an entry's payloads without those that were given for former values only.

    `payloads` is all of its history, oldest first. A source that was given when the field was empty says so, and stays
    while it is empty.
    """
    newest = payloads[-1]
    return [source for source in newest["sources"] if _has_its_value(payloads, source)]


def _has_its_value(payloads: Sequence[Payload], source: Source) -> bool:
    """Whether the field of a source still has one of the values that it was given for."""
    key, given_in = source["field"], _set_in(payloads, "sources", source)
    then, now = payloads[given_in].get(key), payloads[-1].get(key)
    if is_blank(then) or is_blank(now):
        return is_blank(then) and is_blank(now)
    return any(_set_in(payloads, key, item) <= given_in for item in (now if isinstance(now, list) else [now]))


def _set_in(payloads: Sequence[Payload], key: str, item: Any) -> int:
    """The index of the first of the latest consecutive payloads whose value is or contains `item`."""
    for index in range(len(payloads) - 1, 0, -1):
        value = payloads[index - 1].get(key)
        if value != item and not (isinstance(value, list) and item in value):
            return index
    return 0
