"""What the owner of a webhook can do: subscribe, unsubscribe, resume, redeliver, send a test."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.rules import can_contribute
from catalog.kinds.benchmark.model import Benchmark
from catalog.models import Entry, Revision
from submissions.notifications.webhooks.delivery import wake
from submissions.notifications.webhooks.destination import checked_url
from submissions.notifications.webhooks.models import Delivery, Webhook
from submissions.notifications.webhooks.signing import new_secret

MAX_WEBHOOKS = 10


class SubscriptionError(Exception):
    """The request of a webhook's owner is refused; the message says why."""


@transaction.atomic
def subscribe(
    *, owner: User, url: str, kind: str = "", topic: str = "", entry: Entry | None = None, boards: bool = False
) -> Webhook:
    """Create a webhook for changes published from now on; `entry` narrows it to one entry and its kind. With `boards`
    it is told of changes of the boards of a benchmark, or of all benchmarks.

    Raises SubscriptionError, or BadDestination for a URL to which nothing may be posted.
    """
    owner.lock()
    _require_can_contribute(owner)
    if owner.webhooks.count() >= MAX_WEBHOOKS:
        raise SubscriptionError(f"You have {MAX_WEBHOOKS} webhooks: delete one first.")
    newest = Revision.objects.latest_first().values_list("pk", flat=True).first()
    webhook = Webhook.objects.create(
        owner=owner,
        url=checked_url(url),
        secret=new_secret(),
        kind=Benchmark.kind if boards else entry.kind if entry else kind,
        topic=topic,
        entry_id=entry.pk if entry else None,
        entry_name=entry.name if entry else "",
        boards=boards,
        position=newest or 0,
        created_at=timezone.now(),
    )
    wake()
    return webhook


def unsubscribe(*, webhook: Webhook) -> None:
    """Delete a webhook and its deliveries."""
    webhook.delete()


@transaction.atomic
def resume(*, webhook: Webhook) -> None:
    """Resume a paused webhook and send what was published meanwhile."""
    _require_can_contribute(webhook.owner)
    now = timezone.now()
    Webhook.objects.filter(pk=webhook.pk).update(paused_at=None, paused_because="")
    Delivery.objects.unsent().filter(webhook=webhook).update(due_at=now, attempts=0)
    wake()


@transaction.atomic
def redeliver(*, delivery: Delivery) -> None:
    """Send a delivery again under the same id, whether it was delivered or given up."""
    _require_can_contribute(delivery.webhook.owner)
    if delivery.webhook.paused_at:
        raise SubscriptionError("The webhook is paused: resume it first.")
    Delivery.objects.filter(pk=delivery.pk).update(
        due_at=timezone.now(), attempts=0, delivered_at=None, given_up=False, answer=None, trouble=""
    )
    wake()


@transaction.atomic
def send_test(*, webhook: Webhook) -> Delivery:
    """Send a test message. Raises SubscriptionError if one is queued already."""
    webhook.owner.lock()
    _require_can_contribute(webhook.owner)
    if webhook.paused_at:
        raise SubscriptionError("The webhook is paused: resume it first.")
    if webhook.deliveries.unsent().filter(revision_id=None).exists():
        raise SubscriptionError("A test is on its way already.")
    now = timezone.now()
    delivery = Delivery.objects.create(webhook=webhook, made_at=now, due_at=now)
    wake()
    return delivery


def _require_can_contribute(owner: User) -> None:
    if not can_contribute(owner):
        raise SubscriptionError("This account may only read.")
