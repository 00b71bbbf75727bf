"""Mend what an earlier release left wrong in the ledger, after `migrate`, by revisions that say so."""

import sys
from contextlib import suppress
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, transaction

from catalog.kinds import KINDS
from catalog.ledger.indexing.upgrade import is_current
from catalog.ledger.merge_integrity import references_left
from catalog.ledger.publishing import PayloadError, publish
from catalog.ledger.trace import Trace
from catalog.models import Revision

COMMENT = "{entry} is an entry of its own again: the restoration had left this reference with what it was merged into."


def after_migrate(sender: AppConfig, using: str, verbosity: int = 1, **options: Any) -> None:
    """Give back what restorations of merged entries left (handler of `post_migrate`)."""
    if using == DEFAULT_DB_ALIAS and is_current(options.get("apps", apps)):
        mended = give_back_what_was_left()
        if verbosity and mended:
            out = options.get("stdout") or sys.stdout
            out.write(f"  Gave back {len(mended)} references of entries whose merge was undone\n")


@transaction.atomic
def give_back_what_was_left() -> list[Revision]:
    """Publish a revision for each entry whose reference a restoration left although nobody had changed it.

    The revisions name who restored the entry, and are parts of the restoration.
    """
    mended = []
    for left in references_left():
        restoration, kind = left.restoration, KINDS[left.restoration.kind]
        account = get_user_model()._default_manager.filter(pk=restoration.contributor_id or 0).first()
        if account is None:
            continue
        restored = kind.model.objects.get(pk=restoration.entry_id)
        trace = Trace(account, comment=COMMENT.format(entry=restored), part_of=restoration.pk)
        with suppress(PayloadError):  # it holds a value that its form refuses: verify_ledger names the reference
            mended.append(publish(kind=KINDS[left.part.kind], payload=left.payload, trace=trace, entry=left.entry))
    return mended
