"""The index of how values are sourced, for the list of those that lack sources.

It is derived from the history of an entry, so it is written after the revision.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from catalog.kinds import KINDS, Kind
from catalog.ledger.blame import blame
from catalog.ledger.indexing.inserting import insert
from catalog.ledger.own_slugs import own_slugs
from catalog.ledger.payloads import payload_of
from catalog.models import FieldSourcing, Revision, Sourced

WEAKEST_FIRST = (Sourced.NONE, Sourced.LIST, Sourced.CHANGE, Sourced.OWN)
Histories = Mapping[int, Sequence[Revision]]
"""The revisions of entries by id, each entry's oldest first."""


def histories_of(kind: Kind, ids: Collection[int]) -> Histories:
    """The histories of entries of a kind, in one query."""
    histories: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(kind=kind.name, entry_id__in=ids).order_by("number"):
        histories.setdefault(revision.entry_id, []).append(revision)
    return histories


def write_sourcing(kind: Kind, histories: Histories) -> None:
    """Write how the values of entries are sourced, in place of what was written before."""
    FieldSourcing.objects.filter(kind=kind.name, entry_id__in=list(histories)).delete()
    insert_sourcing(kind, histories)


def insert_sourcing(kind: Kind, histories: Histories) -> None:
    """Write how the values of entries are sourced of which nothing is written yet; at most three queries."""
    changed = [revision for history in histories.values() if len(history) > 1 for revision in history]
    slugs = own_slugs((KINDS[revision.kind], payload_of(revision)) for revision in changed)
    insert(
        FieldSourcing,
        ("kind", "entry_id", "field", *Sourced.values, "weakest"),
        (
            (kind.name, entry_id, field, *(counts[state] for state in Sourced), weakest(counts))
            for entry_id, history in histories.items()
            for field, counts in counts_by_field(kind, history, slugs).items()
        ),
    )


def counts_by_field(
    kind: Kind, history: Sequence[Revision], slugs: Mapping[tuple[str, str], str]
) -> dict[str, Counter[Sourced]]:
    """The numbers of values of an entry by field and by what says where they were read."""
    counts: dict[str, Counter[Sourced]] = {}
    for value in blame(kind, history, slugs):
        counts.setdefault(value.field, Counter())[value.sourced] += 1
    return counts


def weakest(counts: Mapping[Sourced, int]) -> str:
    """The least that one of the values has."""
    return next(state.value for state in WEAKEST_FIRST if counts[state])


def fill_sourcing(kind: Kind, ids: Iterable[int]) -> None:
    """Write how the values of entries are sourced, from the ledger; nothing may be written of them yet."""
    insert_sourcing(kind, histories_of(kind, list(ids)))
