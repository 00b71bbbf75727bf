"""What moderators and admins do to entries themselves: lock, unlock, and (admins) edit directly."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.kinds import kind_of
from catalog.ledger.publishing import NothingChanged, PayloadError, StaleBase, publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from submissions import rules
from submissions.models import EntryLock, ProposalAction
from submissions.workflow.errors import Conflict, Invalid, StaleProposal
from submissions.workflow.record import allow
from submissions.workflow.submitting import check_words, needed


@transaction.atomic
def lock(*, entry: Entry, actor: User, reason: str) -> EntryLock:
    """Keep an entry from being edited by others than moderators."""
    allow(rules.can_lock(actor), "Only moderators lock entries.")
    reason = needed(reason, "reason", "Say why it is locked.")[:500]
    row, _ = EntryLock.objects.update_or_create(
        kind=entry.kind,
        entry_id=entry.pk,
        defaults={"name": entry.name, "reason": reason, "locked_by": actor, "locked_at": timezone.now()},
    )
    return row


@transaction.atomic
def unlock(*, entry: Entry, actor: User) -> None:
    """Let everybody edit an entry again."""
    allow(rules.can_lock(actor), "Only moderators unlock entries.")
    EntryLock.objects.filter(kind=entry.kind, entry_id=entry.pk).delete()


@transaction.atomic
def edit_directly(
    *, entry: Entry, actor: User, payload: Mapping[str, Any], base: int, source: str, comment: str
) -> Revision:
    """An admin's own change of an entry: published at once, and the ledger shows that nobody else approved it."""
    allow(rules.can_edit_directly(actor), "Only admins change an entry without review.")
    check_words(ProposalAction.EDIT, source, comment)
    try:
        return publish(
            kind=kind_of(entry),
            payload=payload,
            trace=Trace(actor, None, source.strip(), comment.strip()),
            entry=entry,
            base=base,
        )
    except StaleBase as error:
        raise StaleProposal(error.base, error.live) from error
    except PayloadError as error:
        raise Invalid(error.errors) from error
    except NothingChanged as error:
        raise Conflict("Nothing is changed: this is what the live entry says.") from error
