"""Account deletion: contributions stay, under a pseudonym, also in the ledger."""

from django.db import transaction

from accounts.account_deletion import erase_account
from accounts.models import User
from catalog.models import Revision
from submissions.models import Letter, Proposal
from submissions.notifications.webhooks.models import Webhook
from submissions.workflow.importing_lists import drop_imports


@transaction.atomic
def delete_account(*, actor: User) -> str:
    """Delete one's own account and return the pseudonym that replaces the name.

    Open proposals stay in the queue, since they can still be useful; what is left of lists is not submitted any more.
    """
    Proposal.objects.filter(claimed_by=actor).update(claimed_by=None)
    Revision.objects.take_publish_lock()  # nobody publishes under the old name meanwhile
    erase_account(user=actor)
    Revision.objects.rename_person(actor.pk, actor.username)
    drop_imports(actor)
    Webhook.objects.filter(owner=actor).delete()
    Letter.objects.filter(to=actor, sent_at=None).delete()
    return actor.username
