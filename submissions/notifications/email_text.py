"""Compose emails."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.unsubscribe import unsubscribe_url
from submissions.models import Event, Letter, Proposal
from submissions.verbs import UNDO, email_of

DIGEST_LIMIT = 20


def compose(letter: Letter) -> EmailMessage | None:
    """The email as of now; None if it is outdated or the account has turned such emails off."""
    if letter.proposal is None or letter.event is None:
        return _compose_digest(letter)
    email = email_of(letter.event.verb)
    if email is None or not letter.to.mail_decisions:
        return None
    if email.collects:
        return _compose_collection(letter, letter.event, email.subject)
    values = {"actor": letter.event.actor, "proposal": letter.proposal, "subject": email.subject}
    context = {
        "proposal": letter.proposal,
        "event": letter.event,
        "subject": email.subject,
        "opening": email.opening.format(**values),
        "undone": letter.proposal.events.filter(verb=UNDO.name, pk__gt=letter.event.pk).exists(),
        "prompt": email.prompt,
        "url": settings.SITE_URL + letter.proposal.get_absolute_url(),
    }
    return _build_message("decision", letter, "mail_decisions", context)


def _compose_collection(letter: Letter, first: Event, name: str) -> EmailMessage:
    """The email about the event of a letter and those like it since, as far as no later letter names them."""
    alike = Event.objects.filter(verb=first.verb, proposal__author=letter.to, pk__gte=first.pk)
    events = alike.exclude(actor=letter.to)
    later = Letter.objects.filter(to=letter.to, event__verb=first.verb, event__gt=first)
    following = later.order_by("event").first()
    if following:
        events = events.filter(pk__lt=following.event_id)
    count = events.count()
    context = {
        "count": count,
        "more": max(0, count - DIGEST_LIMIT),
        "events": [
            {"event": event, "url": settings.SITE_URL + event.proposal.get_absolute_url()}
            for event in events.select_related("actor", "proposal")[:DIGEST_LIMIT]
        ],
        "url": settings.SITE_URL + reverse("submissions:mine"),
    }
    return _build_message(name, letter, "mail_decisions", context)


def _compose_digest(letter: Letter) -> EmailMessage | None:
    queue = Proposal.objects.queued().exclude(author=letter.to).select_related("author")
    count = queue.count()
    if not count or not (letter.to.is_staff and letter.to.is_active and letter.to.mail_queue):
        return None
    context = {
        "count": count,
        "more": max(0, count - DIGEST_LIMIT),
        "proposals": list(queue[:DIGEST_LIMIT]),
        "url": settings.SITE_URL + reverse("admin:submissions_proposal_changelist"),
    }
    return _build_message("digest", letter, "mail_queue", context)


def _build_message(name: str, letter: Letter, switch: str, more: dict[str, Any]) -> EmailMessage:
    """Render an email from its two templates; line breaks in names are kept out of the headers.

    The headers mark it as automatic (RFC 3834) and offer to unsubscribe with one click (RFC 2369, RFC 8058).
    """
    unsubscribe = unsubscribe_url(letter.to, switch)
    context = {"site_name": settings.SITE_NAME, "letter": letter, "unsubscribe": unsubscribe, **more}
    subject = " ".join(render_to_string(f"emails/{name}.subject.txt", context).split())
    text = render_to_string(f"emails/{name}.txt", context).strip() + "\n"
    headers = {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject, text, to=[letter.to.email], headers=headers)
