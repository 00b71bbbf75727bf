"""Follow the ledger for each webhook and send due deliveries, never in the transaction of a change.

The ledger is the queue: publishing writes nothing for subscribers, all publishers (people, the seed, an import) are
treated alike, and a crash loses nothing. The background worker looks whether there is something to do, and enqueues one
task that posts to many receivers at a time: a task for each delivery would let slow receivers hold up the queue.
Several processes may run it: a conditional UPDATE gives each chunk of revisions, and each delivery, to one of them.
"""

import logging
import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from background.engine import enqueue_once, stopping, task
from catalog.api.board_change_shapes import boards_changed
from catalog.api.changes import changes, with_slug_before
from catalog.api.renderers import to_json
from catalog.models import Revision
from catalog.reading.results.benchmark_ledger import touched_benchmarks
from submissions.notifications.webhooks.destination import BadDestination, NotDelivered, post
from submissions.notifications.webhooks.models import Delivery, DeliveryQuerySet, Webhook
from submissions.notifications.webhooks.signing import signed_headers

logger = logging.getLogger(__name__)

RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 1200)]
"""Between attempts: after the eighth, some 37 hours after the first, a delivery is given up and its webhook paused."""

LEASE = timedelta(minutes=2)
"""How long a delivery stays leased to a process, in case the process dies; far longer than `destination.DEADLINE`."""

MAX_CONCURRENT = 16
"""How many receivers one process posts to at a time."""

RETENTION = timedelta(days=30)
"""How long deliveries are kept; the ledger keeps the changes themselves for ever."""

CHUNK_SIZE = 500

FOLLOW_SECONDS = 5.0
"""How often the ledger is looked at while deliveries are being sent."""

HTTP_GONE = 410

OWN_FAULT = "The portal could not send this: its log says why."


def wake() -> None:
    """Have due deliveries sent at once, after the commit of what made them due."""
    transaction.on_commit(partial(enqueue_once, deliver_webhooks))


def take_up_deliveries() -> None:
    """Enqueue the task if the ledger has revisions that a webhook has not followed, or a delivery is due."""
    if _webhooks_behind() or _is_due(timezone.now()):
        enqueue_once(deliver_webhooks)


@task(queue_name="webhooks")
def deliver_webhooks() -> int:
    """Follow the ledger, send what is due, enqueue the next attempt of what failed; return the number delivered."""
    sent = send_due_deliveries()
    if due := _waiting().free(timezone.now()).values_list("due_at", flat=True).first():
        enqueue_once(deliver_webhooks, at=due)
    return sent


def send_due_deliveries(now: datetime | None = None) -> int:
    """Follow the ledger, send all deliveries that are due (`now`, or as time goes by), and return the number
    delivered."""
    sent = _send_concurrently(now)
    old = Delivery.objects.filter(made_at__lt=(now or timezone.now()) - RETENTION)
    old.exclude(pk__in=Delivery.objects.unsent().values("pk")).delete()
    return sent


def _send_concurrently(now: datetime | None) -> int:
    """Send what is due, one delivery of a webhook at a time, so that a slow receiver delays only its own.

    The threads only post; the database is read and written here. The ledger is followed meanwhile, so that a long queue
    of one receiver keeps nothing new from the others. When the worker stops, or something fails here, what is posted is
    waited for, and its answers are recorded.
    """
    sent, running, follow_at = 0, dict[Future[Answer], Delivery](), 0.0
    moment = now or timezone.now()
    with ThreadPoolExecutor(MAX_CONCURRENT, "webhook") as threads:
        try:
            while True:
                moment = now or timezone.now()
                if time.monotonic() >= follow_at:
                    _follow_ledger(moment)
                    follow_at = time.monotonic() + FOLLOW_SECONDS
                busy = {delivery.webhook_id for delivery in running.values()}
                due = [] if stopping.is_set() else _due_deliveries(moment, busy)
                for delivery in due[: MAX_CONCURRENT - len(running)]:
                    if _lease(delivery, moment):
                        running[_begin(threads, delivery)] = delivery
                if not running:
                    return sent
                for attempt in wait(running, FOLLOW_SECONDS, return_when=FIRST_COMPLETED).done:
                    delivery = running.pop(attempt)
                    sent += record_answer(delivery, _answer_to(attempt, delivery), moment)
        finally:
            for attempt, delivery in running.items():
                record_answer(delivery, _answer_to(attempt, delivery), moment)


def _begin(threads: ThreadPoolExecutor, delivery: Delivery) -> "Future[Answer]":
    """Compose the message and have it posted. What goes wrong is in the future, for the attempt to count; an outage of
    the database is raised."""
    try:
        return threads.submit(post_message, *compose(delivery))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 -- `_answer_to` logs it
        failed: Future[Answer] = Future()
        failed.set_exception(error)
        return failed


def _answer_to(attempt: "Future[Answer]", delivery: Delivery) -> "Answer":
    """What came of an attempt, once it ends. A fault of the portal, which is logged, is an attempt that failed."""
    if error := attempt.exception():
        logger.error("Delivery %s cannot be sent.", delivery.message_id, exc_info=error)
        return Answer(None, OWN_FAULT)
    return attempt.result()


def _follow_ledger(now: datetime) -> None:
    for webhook in _webhooks_behind():
        create_deliveries(webhook, now)


def _webhooks_behind() -> "list[Webhook]":
    """The webhooks that have not followed the whole ledger."""
    newest = Revision.objects.order_by("-pk").values("pk")[:1]
    return list(Webhook.objects.active().filter(position__lt=Subquery(newest)))


def create_deliveries(webhook: Webhook, now: datetime) -> None:
    """Create a delivery for each matching change since the webhook's position."""
    while revisions := _next_revisions(webhook):
        with transaction.atomic():
            unclaimed = Webhook.objects.filter(pk=webhook.pk, position=webhook.position, paused_at=None)
            since, webhook.position = webhook.position, revisions[-1].pk
            if not unclaimed.update(position=webhook.position):
                return  # another process has these revisions
            Delivery.objects.bulk_create(
                Delivery(webhook=webhook, made_at=now, due_at=now, **about)
                for about in _messages(webhook, revisions, since)
            )


def _messages(webhook: Webhook, revisions: list[Revision], since: int) -> list[dict[str, Any]]:
    """What each delivery is of: a revision, or what all of them did to the boards of a benchmark."""
    if not webhook.boards:
        return [{"revision_id": revision.pk} for revision in revisions if webhook.matches(revision)]
    touched = touched_benchmarks(revisions)
    return [
        {"revision_id": last, "benchmark_id": pk, "since_id": since}
        for pk, last in sorted(touched.items(), key=lambda pair: pair[1])
        if webhook.entry_id in (None, pk)
    ]


def _next_revisions(webhook: Webhook) -> list[Revision]:
    return list(Revision.objects.filter(pk__gt=webhook.position).order_by("pk")[:CHUNK_SIZE])


def _due_deliveries(now: datetime, busy: Collection[int] = ()) -> list[Delivery]:
    """The oldest due delivery of each webhook that is not `busy`; those that never failed come first."""
    due = Delivery.objects.unsent().free(now).filter(due_at__lte=now, webhook=OuterRef("pk"))
    webhooks = Webhook.objects.active().exclude(pk__in=busy).annotate(next=Subquery(due.values("pk")[:1]))
    ids = webhooks.exclude(next=None).values("next")
    return list(Delivery.objects.filter(pk__in=ids).select_related("webhook").order_by("attempts", "due_at", "pk"))


def _lease(delivery: Delivery, now: datetime) -> bool:
    """Lease the delivery to this process, from the present moment on; False if another process was first."""
    unclaimed = Delivery.objects.unsent().free(now).filter(pk=delivery.pk)
    return bool(unclaimed.update(leased_until=max(now, timezone.now()) + LEASE))


def build_message(delivery: Delivery) -> dict[str, Any]:
    """The message: its type ("entry.edited", "boards.changed" or "test"), its time, and the change as in
    /api/v1/changes/, or the boards with their first rows before and after."""
    revision = with_slug_before(Revision.objects.filter(pk=delivery.revision_id or 0)).first()
    if revision is None:
        return {"type": "test", "timestamp": delivery.made_at, "data": {}}
    if delivery.benchmark_id is not None:
        return {
            "type": "boards.changed",
            "timestamp": revision.at,
            "data": boards_changed(delivery.benchmark_id, delivery.since_id or 0, revision.pk),
        }
    return {"type": f"entry.{revision.get_action_display()}", "timestamp": revision.at, "data": changes([revision])[0]}


def pause(webhook: Webhook, because: str) -> None:
    """Pause a webhook until its owner resumes it."""
    Webhook.objects.filter(pk=webhook.pk, paused_at=None).update(paused_at=timezone.now(), paused_because=because)


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: the status of the receiver's answer, or why there is none."""

    status: int | None
    error: str = ""


def compose(delivery: Delivery) -> tuple[str, bytes, dict[str, str]]:
    """The URL, body and headers of a delivery."""
    webhook = delivery.webhook
    body = to_json(build_message(delivery))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"{settings.SITE_NAME} ({settings.SITE_URL})",
        **signed_headers(webhook.secret, delivery.message_id, int(time.time()), body),
    }
    return webhook.url, body, headers


def post_message(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Post a message, within the deadline of `destination.post`."""
    try:
        return Answer(post(url, body, headers))
    except (BadDestination, NotDelivered) as error:
        return Answer(None, str(error))


def record_answer(delivery: Delivery, answer: Answer, now: datetime) -> int:
    """Record an attempt, and return the number delivered: 1 or 0."""
    status = answer.status
    if status is not None and 200 <= status < 300:
        _record_attempt(delivery, delivered_at=timezone.now(), answer=status, trouble="")
        return 1
    if status == HTTP_GONE:
        pause(delivery.webhook, "The receiver answered 410 Gone.")
    return _record_failure(delivery, now, status, answer.error or f"The receiver answered {status}.")


def _record_attempt(delivery: Delivery, **changes: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(attempts=delivery.attempts + 1, leased_until=None, **changes)


def _record_failure(delivery: Delivery, now: datetime, status: int | None, error: str) -> int:
    """Postpone all deliveries to this receiver; after the last attempt, give up and pause the webhook."""
    webhook = delivery.webhook
    logger.warning("Delivery %s failed (attempt %d): %s", delivery.message_id, delivery.attempts + 1, error)
    if delivery.attempts >= len(RETRY_DELAYS):
        _record_attempt(delivery, given_up=True, answer=status, trouble=error)
        pause(webhook, f"{len(RETRY_DELAYS) + 1} attempts failed. The last: {error}"[:300])
        return 0
    due = now + RETRY_DELAYS[delivery.attempts]
    _record_attempt(delivery, due_at=due, answer=status, trouble=error)
    Delivery.objects.unsent().filter(webhook=webhook, due_at__lt=due).update(due_at=due)
    return 0


def _waiting() -> DeliveryQuerySet:
    """Unsent deliveries of active webhooks, by the time at which they are due."""
    return Delivery.objects.unsent().filter(webhook__in=Webhook.objects.active())


def _is_due(now: datetime) -> bool:
    return _waiting().free(now).filter(due_at__lte=now).exists()
