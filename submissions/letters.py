"""What a letter says."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from submissions.models import Letter, Proposal

LISTED = 20


def worded(letter: Letter) -> tuple[str, str] | None:
    """Subject and text as they are now; None when there is nothing left to say."""
    if letter.proposal is None or letter.event is None:
        return _digest(letter)
    context = {
        **_common(),
        "letter": letter,
        "proposal": letter.proposal,
        "event": letter.event,
        "address": settings.SITE_URL + letter.proposal.get_absolute_url(),
    }
    return _render("decision", context)


def _digest(letter: Letter) -> tuple[str, str] | None:
    queue = Proposal.objects.queued().exclude(author=letter.to).select_related("author")
    count = queue.count()
    if not count or not (letter.to.is_staff and letter.to.is_active and letter.to.mail_queue):
        return None
    context = {
        **_common(),
        "letter": letter,
        "count": count,
        "more": max(0, count - LISTED),
        "first": list(queue[:LISTED]),
        "address": settings.SITE_URL + reverse("admin:submissions_proposal_changelist"),
    }
    return _render("digest", context)


def _common() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "settings_address": settings.SITE_URL + reverse("accounts:settings")}


def _render(name: str, context: dict[str, Any]) -> tuple[str, str]:
    subject = " ".join(render_to_string(f"emails/{name}.subject.txt", context).split())
    return subject, render_to_string(f"emails/{name}.txt", context).strip() + "\n"
