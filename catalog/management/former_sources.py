"""Mend entries that earlier releases left with sources of values that they no longer have, after `migrate`."""

import sys
from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, transaction

from catalog.kinds import KINDS, Kind
from catalog.ledger.accounts import CURATION
from catalog.ledger.blame import sources_of_present_values
from catalog.ledger.indexing.upgrade import is_current
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, IndexDefinition, Revision

COMMENT = "Takes out sources that were given for values which the entry no longer has."
DONE = {"index": "sources", "digest": "1"}
"""The row of IndexDefinition that says, for each kind, that its entries are mended."""
BATCH = 500


def after_migrate(sender: AppConfig, using: str, verbosity: int = 1, **options: Any) -> None:
    """Mend the kinds that are not marked as mended (handler of `post_migrate`)."""
    if using == DEFAULT_DB_ALIAS and is_current(options.get("apps", apps)):
        out = options.get("stdout") or sys.stdout
        count = mend()
        if verbosity and count:
            out.write(f"  Took sources of former values out of {count} entries\n")


def mend() -> int:
    """Mend the kinds that are not marked as mended, and mark them; return the number of revisions published."""
    marked = set(IndexDefinition.objects.filter(**DONE).values_list("kind", flat=True))
    return sum(_mend(kind) for kind in KINDS.values() if kind.name not in marked)


@transaction.atomic
def _mend(kind: Kind) -> int:
    Revision.objects.take_publish_lock()
    edited = kind.model.objects.filter(revision__gt=1).exclude(sources=[]).order_by("pk")
    ids = list(edited.values_list("pk", flat=True))
    count = 0
    for start in range(0, len(ids), BATCH):
        entries = kind.model.objects.with_references().filter(pk__in=ids[start : start + BATCH])
        count += remove_sources_of_former_values(kind, entries)
    IndexDefinition.objects.create(kind=kind.name, **DONE)
    return count


def remove_sources_of_former_values(kind: Kind, entries: Iterable[Entry]) -> int:
    """Publish a revision of each entry that has a source of none of its values, without these sources."""
    by_id = {entry.pk: entry for entry in entries}
    histories: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(kind=kind.name, entry_id__in=by_id).order_by("number"):
        histories.setdefault(revision.entry_id, []).append(revision)
    count = 0
    for entry_id, history in histories.items():
        payload = kind.dump(by_id[entry_id])
        is_part = history[-1].part_of_id is not None
        kept = sources_of_present_values(kind, history[:-1], payload, is_part=is_part)
        if kept != payload["sources"]:
            trace = Trace(get_user_model().objects.service(CURATION), comment=COMMENT)
            publish(kind=kind, payload={**payload, "sources": kept}, trace=trace, entry=by_id[entry_id])
            count += 1
    return count
