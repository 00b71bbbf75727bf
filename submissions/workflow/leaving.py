"""Leaving: the person goes, what they contributed stays under a pseudonym, in the ledger too."""

from django.db import transaction

from accounts.leaving import leave
from accounts.models import User
from catalog.models import Revision
from submissions.models import Letter, Proposal
from submissions.notifications.webhooks.models import Webhook


@transaction.atomic
def forget(*, actor: User) -> str:
    """Delete one's own account and give the pseudonym under which the contributions stay.

    Open proposals stay in the queue: what was offered can still be used.
    """
    Proposal.objects.filter(claimed_by=actor).update(claimed_by=None)
    Revision.objects.await_turn()  # nobody publishes under the old name meanwhile
    leave(user=actor)
    Revision.objects.rename_person(actor.pk, actor.username)
    Webhook.objects.filter(owner=actor).delete()
    Letter.objects.filter(to=actor, sent_at=None).delete()
    return actor.username
