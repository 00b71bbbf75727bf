"""Mend entries that earlier releases left with sources of values that they no longer have, after `migrate`."""

import sys
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, transaction

from catalog.kinds import KINDS, Kind
from catalog.kinds.kind import no_consequences
from catalog.ledger.accounts import CURATION
from catalog.ledger.blame import sources_of_present_values
from catalog.ledger.indexing.upgrade import is_current
from catalog.ledger.payloads import as_object, current_payload_of
from catalog.ledger.publishing import PayloadError, publish
from catalog.ledger.trace import Trace, brought_back
from catalog.models import Entry, IndexDefinition, Revision

COMMENT = "Takes out sources that were given for values which the entry no longer has."
CONSEQUENCES = "Changes what an earlier change of this entry should have changed besides."
DONE = {"index": "sources", "digest": "2"}
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
    edited = kind.model.objects.filter(revision__gt=1).order_by("pk")
    edited = edited.exclude(sources=[]) if kind.consequences is no_consequences else edited
    ids = list(edited.values_list("pk", flat=True))
    mended, refused = 0, list[str]()
    for start in range(0, len(ids), BATCH):
        for entry in kind.model.objects.with_references().filter(pk__in=ids[start : start + BATCH]):
            try:
                mended += remove_sources_of_former_values(kind, entry) + draw_consequences(kind, entry)
            except PayloadError:
                refused.append(f"{kind.name} {entry.slug}")
    if not refused:
        digest = {"digest": DONE["digest"]}
        IndexDefinition.objects.update_or_create(kind=kind.name, index=DONE["index"], defaults=digest)
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


def draw_consequences(kind: Kind, entry: Entry) -> bool:
    """Publish a revision of an entry with the `consequences` of its former changes, as far as what they changed still
    stands; return whether there were any. Raises PayloadError as above."""
    if kind.consequences is no_consequences:
        return False
    live = kind.dump(kind.model.objects.with_references().get(pk=entry.pk))
    history = list(Revision.objects.of(kind.name, entry.pk))
    payloads = [as_object(current_payload_of(revision)) for revision in history]
    more: dict[str, Any] = {}
    source = ""
    for number in range(len(history) - 1, 0, -1):  # the newest change of a value is the one that counts
        revision, before, after = history[number], payloads[number - 1], payloads[number]
        if (
            revision.part_of_id is not None
            or brought_back(revision.source)
            or live.keys() - (before.keys() & after.keys())
        ):
            continue
        standing = kind.consequences(before, live, revision.source)
        drawn = kind.consequences(before, after, revision.source)
        new = {key: value for key, value in drawn.items() if standing.get(key) == value and key not in more}
        more, source = more | new, source or (revision.source if new else "")
    if not more:
        return False
    trace = Trace(get_user_model().objects.service(CURATION), source=source, comment=CONSEQUENCES)
    publish(kind=kind, payload={**live, **more}, trace=trace, entry=entry, as_given=True)
    return True
