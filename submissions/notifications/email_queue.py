"""Send queued emails outside the request that queued them, with retries.

The queue is in the database, so that a crash loses nothing. Several processes may send concurrently: a conditional
UPDATE gives each email to one of them.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from submissions.models import Letter
from submissions.notifications.email_text import compose
from submissions.notifications.worker import Worker

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
"""Attempts are 2, 4, 8 … minutes apart; after the last, about four hours after the first, the email is given up."""

LEASE = timedelta(minutes=5)
"""How long an email stays leased to a process, in case the process dies."""

MAX_POLL_SECONDS = 60.0
"""The longest wait before looking for emails that other processes queued."""


def send_due_emails(now: datetime | None = None) -> int:
    """Send all due emails and return the number sent. An email that fails stays in the queue."""
    sent = 0
    now = now or timezone.now()
    while letter := _lease_next(now):
        sent += _send(letter, now)
    return sent


def _lease_next(now: datetime) -> Letter | None:
    """The next due email, leased to this process."""
    for letter in _unsent().filter(due_at__lte=now).select_related("to", "proposal", "event__actor")[:20]:
        unclaimed = Letter.objects.filter(pk=letter.pk, due_at=letter.due_at, sent_at=None)
        if unclaimed.update(due_at=now + LEASE):
            return letter
    return None


def _send(letter: Letter, now: datetime) -> int:
    message = compose(letter) if letter.to.email else None
    if message is None:
        _record_attempt(letter, given_up=True, trouble="" if letter.to.email else "no verified address")
        return 0
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: an invalid email address
        _retry_later(letter, now, error)
        return 0
    _record_attempt(letter, sent_at=timezone.now(), trouble="")
    return 1


def _record_attempt(letter: Letter, **changes: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(attempts=letter.attempts + 1, **changes)


def _retry_later(letter: Letter, now: datetime, error: Exception) -> None:
    attempts = letter.attempts + 1
    logger.warning("Letter %d could not be sent (attempt %d): %s", letter.pk, attempts, type(error).__name__)
    due = now + timedelta(minutes=2**attempts)
    _record_attempt(
        letter, due_at=due, given_up=attempts >= MAX_ATTEMPTS, trouble=f"{type(error).__name__}: {error}"[:300]
    )


def _seconds_until_due() -> float | None:
    """Seconds until the next email is due, at most MAX_POLL_SECONDS; None if none is queued."""
    due = _unsent().values_list("due_at", flat=True).first()
    return None if due is None else min(max((due - timezone.now()).total_seconds(), 0), MAX_POLL_SECONDS)


def _unsent() -> QuerySet[Letter]:
    return Letter.objects.filter(sent_at=None, given_up=False).order_by("due_at", "pk")


worker = Worker("email queue", _seconds_until_due, send_due_emails)


def wake_worker() -> None:
    """Have queued emails sent by the worker thread of this process.

    Does nothing if settings.POSTMAN is off: in tests, and on sites where a timer calls `manage.py deliver`.
    """
    worker.wake()
