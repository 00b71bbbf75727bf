"""Lock and unlock entries."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Entry, Revision
from submissions import rules
from submissions.models import EntryLock
from submissions.workflow.submitting import require_text
from submissions.workflow.transitions import require


@transaction.atomic
def lock(*, entry: Entry, actor: User, reason: str) -> EntryLock:
    """Lock an entry: only moderators may propose changes of it. A lock that it has already is replaced."""
    require(rules.can_lock(actor), "Only moderators lock entries.")
    reason = require_text(reason, "reason", "Say why it is locked.")[:500]
    Revision.objects.take_publish_lock()  # or two moderators at once would break the constraint
    _end_lock(entry, actor)
    return EntryLock.objects.create(
        kind=entry.kind,
        entry_id=entry.pk,
        name=entry.name,
        reason=reason,
        locked_by=actor,
        locked_at=timezone.now(),
    )


@transaction.atomic
def unlock(*, entry: Entry, actor: User) -> None:
    """End the lock of an entry, if it has one."""
    require(rules.can_lock(actor), "Only moderators unlock entries.")
    _end_lock(entry, actor)


def _end_lock(entry: Entry, actor: User) -> None:
    locks = EntryLock.objects.in_force().filter(kind=entry.kind, entry_id=entry.pk)
    locks.update(unlocked_by=actor, unlocked_at=timezone.now())
