"""Queue emails: decisions for authors, a digest of the queue for moderators. Each account can turn them off."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from submissions.models import Event, Letter, Proposal
from submissions.notifications import email_queue

COLLECTED_FOR = timedelta(minutes=5)
"""How long an email that collects events waits for more of them, such as those of a rollback."""


def notify_author(event: Event, *, collect: bool = False) -> None:
    """Email the author about an event, unless it is their own or they turned these emails off.

    With `collect`, one email names all events of the same verb until it is sent.
    """
    proposal = event.proposal
    if event.actor_id == proposal.author_id or not proposal.author.mail_decisions:
        return
    if collect and _is_collected(event):
        return
    due_at = timezone.now() + (COLLECTED_FOR if collect else timedelta())
    letter = Letter.objects.create(to=proposal.author, proposal=proposal, event=event, due_at=due_at)
    email_queue.enqueue(letter)


def _is_collected(event: Event) -> bool:
    """Whether an email that nobody has begun to send will name this event. The UPDATE makes sending it wait until this
    transaction ends."""
    queued = Letter.objects.filter(to=event.proposal.author_id, event__verb=event.verb, sent_at=None, attempts=0)
    letter = queued.filter(given_up=False).first()
    return letter is not None and bool(Letter.objects.filter(pk=letter.pk, attempts=0).update(due_at=letter.due_at))


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
