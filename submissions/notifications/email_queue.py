"""Send queued emails: a task for each, enqueued in the transaction that writes the email, and again if it fails.

A conditional UPDATE gives each attempt to one process, whatever tasks there are: an email may have two, when one was
taken for lost.
"""

import logging
import smtplib
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.redaction import redacted
from background.engine import task, unfinished_arguments
from submissions.models import Letter
from submissions.notifications.email_text import compose

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
"""Attempts are 2, 4, 8 … minutes apart; after the last, about four hours after the first, the email is given up."""

LEASE = timedelta(minutes=5)
"""How long an email stays leased to a process, in case the process dies."""

LATE_AFTER = timedelta(minutes=1)
"""An email due for so long gets a task if it has none: it was queued by an older release, or its process died."""

MAX_LATE = 500
"""How many late emails get a task at a time."""


class EmailGivenUp(Exception):
    """All attempts to send an email have failed."""


def enqueue(letter: Letter) -> None:
    """Enqueue the task that sends the email when it is due. Call it in the transaction that writes the email."""
    send_email.using(run_after=letter.due_at).enqueue(letter.pk)


@task(queue_name="email")
def send_email(letter_id: int) -> str:
    """Send an email that is due, and return what came of it. Raises EmailGivenUp after the last attempt.

    Does nothing if the email was sent or deleted, or while another process has it.
    """
    letter = _lease(letter_id)
    if letter is None:
        return "not due"
    try:
        message = compose(letter) if letter.to.email else None
    except Exception as error:  # such as a record that its templates cannot read: this email alone waits
        logger.exception("Letter %d cannot be composed.", letter.pk)
        return _retry_later(letter, error)
    if message is None:
        trouble = "" if letter.to.email else "no verified address"
        _record(letter, given_up=True, trouble=trouble)
        return trouble or "nothing to say"
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: an invalid email address
        return _retry_later(letter, error)
    _record(letter, sent_at=timezone.now(), given_up=False, trouble="")
    return "sent"


def _lease(letter_id: int) -> Letter | None:
    """The email, leased to this process, if it is due. An attempt counts from here, so that a crash is one."""
    now = timezone.now()
    due = Letter.objects.filter(pk=letter_id, sent_at=None, due_at__lte=now)
    if not due.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return None
    return Letter.objects.select_related("to", "proposal", "event__actor").get(pk=letter_id)


def _record(letter: Letter, **changes: object) -> None:
    Letter.objects.filter(pk=letter.pk).update(**changes)


def _retry_later(letter: Letter, error: Exception) -> str:
    """Enqueue the next attempt. Raises EmailGivenUp if there is none, so that the task is listed as failed."""
    kind, now = type(error).__name__, timezone.now()
    logger.warning("Email %d could not be sent (attempt %d): %s", letter.pk, letter.attempts, kind)
    trouble = redacted(f"{kind}: {error}")[:300]
    if letter.attempts >= MAX_ATTEMPTS:
        _record(letter, due_at=now, given_up=True, trouble=trouble)  # due, for an admin who runs the task again
        raise EmailGivenUp(f"Email {letter.pk} was given up after {letter.attempts} attempts: {kind}.") from None
    letter.due_at = now + timedelta(minutes=2**letter.attempts)
    with transaction.atomic():
        _record(letter, due_at=letter.due_at, trouble=trouble)
        enqueue(letter)
    return f"{kind}: tried again at {letter.due_at:%H:%M} UTC"


def take_up_late_emails() -> None:
    """Enqueue tasks for late emails that have none; give up those whose last attempt ended without an answer."""
    late = dict(_late().values_list("pk", "attempts")[:MAX_LATE])
    if not late:
        return
    if cut_off := [pk for pk, attempts in late.items() if attempts >= MAX_ATTEMPTS]:
        _late().filter(pk__in=cut_off).update(given_up=True, trouble="The last attempt was cut off.")
    for letter_id in late.keys() - unfinished_arguments(send_email) - set(cut_off):
        send_email.enqueue(letter_id)


def _late() -> QuerySet[Letter]:
    return Letter.objects.filter(sent_at=None, given_up=False, due_at__lte=timezone.now() - LATE_AFTER)
