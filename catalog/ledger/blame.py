"""Which revision set each value of an entry, and which of the entry's sources were given for it.

A source names a field. It belongs to the values that were set when it was given, or, if none was, to all that the field
had then. A value that was set later is not in that source, whatever field they share; nor is one of a list to which the
source came together with others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.kinds import Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.moved_references import items_of
from catalog.ledger.own_slugs import Slugs
from catalog.ledger.payloads import as_object, payload_of, readable_payload
from catalog.ledger.trace import Trace
from catalog.ledger.value_history import ValueHistory
from catalog.models import Revision, Sourced

Payload = Mapping[str, Any]
Source = dict[str, str]


@dataclass(frozen=True)
class Given:
    """A source row of a value, and the revision that gave it; `in_review` says that its approver did."""

    row: Source
    revision: Revision
    in_review: bool

    @property
    def contributor(self) -> str:
        """Who gave the source."""
        return self.revision.approver if self.in_review else self.revision.contributor


@dataclass(frozen=True)
class Blame:
    """Which revision set a value.

    `item` is a row or text of a list field, else the complete value. `sources` are the rows that were given for it,
    without those of other values of the field. `given_by` is the revision whose source stands for them if there are
    none: `revision`, or the one that set the value first, if `revision` brought it back. `in_review` says that the
    approver of `revision` gave the value instead of the one proposed; `given_by` is None where the source of the
    proposal does not speak of the value for that reason.
    """

    field: str
    label: str
    item: Any
    revision: Revision
    given_by: Revision | None
    in_review: bool
    sources: list[Given]

    @property
    def contributor(self) -> str:
        """Who gave the value."""
        return self.revision.approver if self.in_review else self.revision.contributor

    @property
    def sourced(self) -> Sourced:
        """What says where the value was read."""
        if self.sources:
            return Sourced.OWN
        if self.given_by is None:
            return Sourced.NONE
        if self.given_by.contributor == LIST_ACCOUNT:
            return Sourced.LIST
        return Sourced.CHANGE if self.given_by.source else Sourced.NONE


def blame(kind: Kind, revisions: Sequence[Revision], slugs: Slugs | None = None) -> list[Blame]:
    """For each value of the newest snapshot, the revision that set it. `revisions` is all of an entry's history, oldest
    first; `slugs` are the `own_slugs` of it, if they are known.

    Renaming or merging what a value refers to does not set it.
    """
    if not revisions:
        return []
    history = ValueHistory(kind, revisions, slugs=slugs)
    listed, newest = readable_payload(revisions[-1])[0]["sources"], as_object(payload_of(revisions[-1]))
    return [
        _blame(history, key, item, [row for row in listed if row["field"] == key])
        for key in kind.form.payload_keys()
        if key != "sources"
        for item in items_of(newest.get(key))
    ]


def _blame(history: ValueHistory, key: str, item: Any, listed: Sequence[Source]) -> Blame:
    """Who set an item of the newest value of a field, which has these sources."""
    value = history.present(key, item)
    first, revisions = history.first_set(value), history.revisions
    return Blame(
        key,
        history.kind.label_of(key),
        item,
        revisions[value.number],
        given_by=None if history.is_edited(first) else revisions[first.number],
        in_review=history.is_edited(value),
        sources=[
            Given(row, revisions[giver.number], history.is_edited(giver))
            for row, giver in history.givers(listed, value)
        ],
    )


def accounts_that_gave(kind: Kind, revisions: Sequence[Revision], key: str) -> set[int]:
    """The ids of the accounts that gave the values which a field has after these revisions, all of an entry's: who set
    them, and who set them first where they were brought back."""
    if not revisions:
        return set()
    history, newest = ValueHistory(kind, revisions), as_object(payload_of(revisions[-1]))
    set_last = [history.present(key, item) for item in items_of(newest.get(key))]
    ids = set[int]()
    for value in (*set_last, *map(history.first_set, set_last)):
        revision = revisions[value.number]
        account = revision.approver_id if history.is_edited(value) else revision.contributor_id
        ids |= {account} if account else set()
    return ids


def sources_after(
    kind: Kind,
    entry_id: int,
    before: Payload,
    after: Payload,
    newest: Trace | None = None,
    *,
    history: Sequence[Revision] | None = None,
) -> list[Source]:
    """The sources that an entry has once its payload `before`, which its newest revision holds, becomes `after`.

    A source that both have goes if it was given only for values that the entry no longer has then. `newest` is the
    trace of the change; `history`, all revisions of the entry, saves the query.
    """
    if not any(row in before["sources"] and after[row["field"]] != before[row["field"]] for row in after["sources"]):
        return list(after["sources"])
    revisions = list(Revision.objects.of(kind.name, entry_id)) if history is None else history
    return sources_of_present_values(kind, revisions, after, newest)


def sources_of_present_values(
    kind: Kind, history: Sequence[Revision], newest: Payload, trace: Trace | None = None
) -> list[Source]:
    """The sources of a payload, which follows an entry's `history` by a change with this trace, without those of former
    values only.

    A source that was given when the field was empty says so, and stays while it is empty.
    """
    states = ValueHistory(kind, history, newest=newest, trace=trace)
    return [source for source in newest["sources"] if states.has_value_of(source)]


def was_given_for(kind: Kind, history: Sequence[Revision], source: Source, value: Any) -> bool:
    """Whether a source that the newest of these revisions has was given for an item of a value of its field."""
    return ValueHistory(kind, history).was_given_for(source, value)
