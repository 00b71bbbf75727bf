"""The index of how values are sourced: by entry and field, for the list of work, and counted by field.

It is derived from the history of an entry, so it is written after the revision.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.ledger.blame import blame
from catalog.ledger.indexing.inserting import insert
from catalog.ledger.own_slugs import own_slugs
from catalog.ledger.payloads import payload_of
from catalog.models import FieldSourcing, Revision, Sourced, SourcingCount

WEAKEST_FIRST = (Sourced.NONE, Sourced.LIST, Sourced.CHANGE, Sourced.OWN)
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
        (entry_id, field, *(counts[state] for state in Sourced))
        for entry_id, history in sorted(histories.items())
        for field, counts in sorted(counts_by_field(kind, history, slugs).items())
    ]


def _written(kind: Kind, ids: Iterable[int]) -> list[Row]:
    rows = FieldSourcing.objects.filter(kind=kind.name, entry_id__in=list(ids))
    return sorted(rows.values_list("entry_id", "field", *Sourced.values))


def _insert(kind: Kind, rows: Iterable[Row]) -> None:
    columns = ("kind", "weakest", "entry_id", "field", *Sourced.values)
    insert(FieldSourcing, columns, ((kind.name, _weakest(row), *row) for row in rows))


def _weakest(row: Row) -> str:
    numbers = dict(zip(Sourced, row[2:], strict=True))
    return next(state.value for state in WEAKEST_FIRST if numbers[state])


def _update_counts(kind: Kind, before: Iterable[Row], after: Iterable[Row]) -> None:
    """Take some rows off the counts of a kind, and add others. The caller must hold the publish lock."""
    changes: dict[str, Counter[str]] = {}
    for sign, rows in ((-1, before), (1, after)):
        for _, field, *numbers in rows:
            change = changes.setdefault(field, Counter())
            for state, number in zip(Sourced.values, numbers, strict=True):
                change[state] += sign * number
    changed = {field: change for field, change in changes.items() if any(change.values())}
    counts = SourcingCount.objects.filter(kind=kind.name, field__in=changed) if changed else ()
    for count in counts:
        changed[count.field].update({state: getattr(count, state) for state in Sourced.values})
    SourcingCount.objects.bulk_create(
        [SourcingCount(kind=kind.name, field=field, **numbers) for field, numbers in changed.items()],
        update_conflicts=True,
        unique_fields=["kind", "field"],
        update_fields=Sourced.values,
    )


def counts_by_field(
    kind: Kind, history: Sequence[Revision], slugs: Mapping[tuple[str, str], str]
) -> dict[str, Counter[Sourced]]:
    """The numbers of values of an entry by field and by what says where they were read."""
    counts: dict[str, Counter[Sourced]] = {}
    for value in blame(kind, history, slugs):
        counts.setdefault(value.field, Counter())[value.sourced] += 1
    return counts


def fill_sourcing(kind: Kind, ids: Iterable[int]) -> None:
    """Write how the values of entries are sourced, from the ledger; nothing may be written of them yet."""
    insert_sourcing(kind, histories_of(kind, list(ids)))
