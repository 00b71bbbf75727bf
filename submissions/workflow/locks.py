"""Lock and unlock entries."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Entry
from submissions import rules
from submissions.models import EntryLock
from submissions.workflow.submitting import require_text
from submissions.workflow.transitions import require


@transaction.atomic
def lock(*, entry: Entry, actor: User, reason: str) -> EntryLock:
    """Lock an entry: only moderators may propose changes of it."""
    require(rules.can_lock(actor), "Only moderators lock entries.")
    reason = require_text(reason, "reason", "Say why it is locked.")[:500]
    row, _ = EntryLock.objects.update_or_create(
        kind=entry.kind,
        entry_id=entry.pk,
        defaults={"name": entry.name, "reason": reason, "locked_by": actor, "locked_at": timezone.now()},
    )
    return row


@transaction.atomic
def unlock(*, entry: Entry, actor: User) -> None:
    """Remove the lock of an entry."""
    require(rules.can_lock(actor), "Only moderators unlock entries.")
    EntryLock.objects.filter(kind=entry.kind, entry_id=entry.pk).delete()
