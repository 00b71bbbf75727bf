"""The index of how values are sourced: by entry and field, for the list of work, and counted by field.

It is derived from the history of an entry, so it is written after the revision.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.blame import blame
from catalog.ledger.indexing.inserting import insert
from catalog.ledger.moved_references import items_of
from catalog.ledger.own_slugs import own_slugs
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import FieldSourcing, Revision, Sourced, SourcingCount

ALL = tuple(Sourced)
STATES = tuple(Sourced.values)
WEAKEST_FIRST = (Sourced.NONE, Sourced.LIST, Sourced.CHANGE, Sourced.OWN)
PLACES = [(state.value, STATES.index(state)) for state in WEAKEST_FIRST]
Histories = Mapping[int, Sequence[Revision]]
"""The revisions of entries by id, each entry's oldest first."""
Row = tuple[Any, ...]
"""Entry id, field, and the number of values by state, in the order of Sourced."""


def histories_of(kind: Kind, ids: Collection[int]) -> Histories:
    """The histories of entries of a kind, in one query."""
    histories: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(kind=kind.name, entry_id__in=ids).order_by("number"):
        histories.setdefault(revision.entry_id, []).append(revision)
    return histories


def write_sourcing(kind: Kind, histories: Histories) -> None:
    """Write how the values of entries are sourced, in place of what was written before."""
    before, after = _written(kind, histories), _rows(kind, histories)
    if before != after:
        FieldSourcing.objects.filter(kind=kind.name, entry_id__in=list(histories)).delete()
        _insert(kind, after)
        _update_counts(kind, before, after)


def insert_sourcing(kind: Kind, histories: Histories) -> None:
    """Write how the values of entries are sourced of which nothing is written yet."""
    rows = _rows(kind, histories)
    _insert(kind, rows)
    _update_counts(kind, [], rows)


def drop_sourcing(kind: Kind, ids: Collection[int]) -> None:
    """Delete what is written about entries."""
    _update_counts(kind, _written(kind, ids), [])
    FieldSourcing.objects.filter(kind=kind.name, entry_id__in=list(ids)).delete()


def empty_sourcing(kind: Kind) -> None:
    """Delete what is written about all entries of a kind."""
    for model in (FieldSourcing, SourcingCount):
        model._default_manager.filter(kind=kind.name).delete()


def _rows(kind: Kind, histories: Histories) -> list[Row]:
    changed = [revision for history in histories.values() if len(history) > 1 for revision in history]
    slugs = own_slugs((KINDS[revision.kind], payload_of(revision)) for revision in changed)
    return [
        (entry_id, field, *(counts[state] for state in ALL))
        for entry_id, history in sorted(histories.items())
        for field, counts in sorted(counts_by_field(kind, history, slugs).items())
    ]


def _written(kind: Kind, ids: Iterable[int]) -> list[Row]:
    rows = FieldSourcing.objects.filter(kind=kind.name, entry_id__in=list(ids))
    return sorted(rows.values_list("entry_id", "field", *STATES))


def _insert(kind: Kind, rows: Iterable[Row]) -> None:
    columns = ("kind", "weakest", "entry_id", "field", *STATES)
    insert(FieldSourcing, columns, ((kind.name, _weakest(row), *row) for row in rows))


def _weakest(row: Row) -> str:
    return next(state for state, place in PLACES if row[2 + place])


def _update_counts(kind: Kind, before: Iterable[Row], after: Iterable[Row]) -> None:
    """Take some rows off the counts of a kind, and add others. The caller must hold the publish lock."""
    changes: dict[str, list[int]] = {}
    for sign, rows in ((-1, before), (1, after)):
        for _, field, *numbers in rows:
            change = changes.setdefault(field, [0] * len(STATES))
            for place, number in enumerate(numbers):
                change[place] += sign * number
    changed = {field: change for field, change in changes.items() if any(change)}
    counts = SourcingCount.objects.filter(kind=kind.name, field__in=changed) if changed else ()
    for count in counts:
        for place, state in enumerate(STATES):
            changed[count.field][place] += getattr(count, state)
    SourcingCount.objects.bulk_create(
        [
            SourcingCount(kind=kind.name, field=field, **dict(zip(STATES, numbers, strict=True)))
            for field, numbers in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["kind", "field"],
        update_fields=STATES,
    )


def counts_by_field(
    kind: Kind, history: Sequence[Revision], slugs: Mapping[tuple[str, str], str]
) -> dict[str, Counter[Sourced]]:
    """The numbers of values of an entry by field and by what says where they were read."""
    if len(history) == 1 and (of_first := _counts_of_first(kind, history[0])) is not None:
        return of_first
    counts: dict[str, Counter[Sourced]] = {}
    for value in blame(kind, history, slugs):
        counts.setdefault(value.field, Counter())[value.sourced] += 1
    return counts


def _counts_of_first(kind: Kind, revision: Revision) -> dict[str, Counter[Sourced]] | None:
    """The same for an entry of one revision, without looking for who set each value: all stand in the sources of their
    field, or else in that of the revision. None if it takes a look: at what was given in review, or damaged."""
    payload = as_object(payload_of(revision))
    if revision.edited or payload_errors(kind.form, {"sources": payload.get("sources")}):
        return None
    sourced = {row.get("field") for row in payload["sources"]}
    if revision.contributor == LIST_ACCOUNT:
        other = Sourced.LIST
    else:
        other = Sourced.CHANGE if revision.source else Sourced.NONE
    numbers = {key: len(items_of(payload.get(key))) for key in kind.form.payload_keys() if key != "sources"}
    return {
        key: Counter({Sourced.OWN if key in sourced else other: number}) for key, number in numbers.items() if number
    }


def fill_sourcing(kind: Kind, ids: Iterable[int]) -> None:
    """Write how the values of entries are sourced, from the ledger; nothing may be written of them yet."""
    insert_sourcing(kind, histories_of(kind, list(ids)))
