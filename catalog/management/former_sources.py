"""Mend entries that earlier releases left with sources of values that they no longer have, after `migrate`."""

import sys
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, transaction

from catalog.kinds import KINDS, Kind
from catalog.ledger.accounts import CURATION
from catalog.ledger.blame import sources_of_present_values
from catalog.ledger.indexing.upgrade import is_current
from catalog.ledger.publishing import PayloadError, publish
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
        mended, refused = mend()
        if verbosity and mended:
            out.write(f"  Took sources of former values out of {mended} entries\n")
        if verbosity and refused:
            names = ", ".join(refused[:5])
            out.write(f"  Left sources of former values in {len(refused)} entries that need an edit first: {names}\n")


def mend() -> tuple[int, list[str]]:
    """Mend the kinds that are not marked as mended; return the number of revisions published, and the entries that
    hold values which their form refuses now (`manage.py check_catalogue` says which). A kind without any is marked."""
    marked = set(IndexDefinition.objects.filter(**DONE).values_list("kind", flat=True))
    mended, refused = 0, list[str]()
    for kind in KINDS.values():
        if kind.name not in marked:
            count, names = _mend(kind)
            mended, refused = mended + count, refused + names
    return mended, refused


@transaction.atomic
def _mend(kind: Kind) -> tuple[int, list[str]]:
    Revision.objects.take_publish_lock()
    edited = kind.model.objects.filter(revision__gt=1).exclude(sources=[]).order_by("pk")
    ids = list(edited.values_list("pk", flat=True))
    mended, refused = 0, list[str]()
    for start in range(0, len(ids), BATCH):
        for entry in kind.model.objects.with_references().filter(pk__in=ids[start : start + BATCH]):
            try:
                mended += remove_sources_of_former_values(kind, entry)
            except PayloadError:
                refused.append(f"{kind.name} {entry.slug}")
    if not refused:
        IndexDefinition.objects.create(kind=kind.name, **DONE)
    return mended, refused


def remove_sources_of_former_values(kind: Kind, entry: Entry) -> bool:
    """Publish a revision of an entry that has a source of none of its values, without these sources; return whether it
    had one. Raises PayloadError for an entry with values that its form refuses."""
    *history, newest = Revision.objects.of(kind.name, entry.pk)
    payload = kind.dump(entry)
    kept = sources_of_present_values(kind, [*history, newest], payload)
    if kept == payload["sources"]:
        return False
    trace = Trace(get_user_model().objects.service(CURATION), comment=COMMENT)
    publish(kind=kind, payload={**payload, "sources": kept}, trace=trace, entry=entry)
    return True
