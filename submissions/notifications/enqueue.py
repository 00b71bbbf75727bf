"""Queue emails: decisions for authors, a digest of the queue for moderators. Each account can turn them off."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from submissions.models import Event, Letter, Proposal
from submissions.notifications import email_queue


def notify_author(event: Event) -> None:
    """Email the author about an event, unless it is their own or they turned these emails off."""
    proposal = event.proposal
    if event.actor_id == proposal.author_id or not proposal.author.mail_decisions:
        return
    letter = Letter.objects.create(to=proposal.author, proposal=proposal, event=event, due_at=timezone.now())
    email_queue.enqueue(letter)


def notify_moderators(proposal: Proposal) -> None:
    """Queue a digest for each moderator who has it switched on and none queued; one email covers many proposals."""
    due = timezone.now() + timedelta(minutes=settings.QUEUE_DIGEST_MINUTES)
    moderators = get_user_model().objects.filter(
        Q(is_staff=True) | Q(is_superuser=True), is_active=True, mail_queue=True
    )
    queued = Letter.objects.filter(proposal=None, sent_at=None, given_up=False)
    ids = list(
        moderators.exclude(pk=proposal.author_id).exclude(pk__in=queued.values("to")).values_list("pk", flat=True)
    )
    if not ids:
        return
    Letter.objects.bulk_create([Letter(to_id=pk, due_at=due) for pk in ids], ignore_conflicts=True)
    for letter in queued.filter(to__in=ids):
        email_queue.enqueue(letter)
