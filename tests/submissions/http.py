"""Requests to the site: the final status and the text of the page."""

import re
from html import unescape
from typing import Any

from django.test import Client

QUEUE = "/admin/submissions/proposal/"
DONE = 302
NO_FACTOR = 401
"""Our own number for being led to the second factor: to set one up, or to use it."""


def ask(client: Client, path: str, form: dict[str, Any] | None = None) -> tuple[int, str]:
    """POST `form` (or GET), and go on from the door of the admin: the status and the text of the page.

    Success is DONE; a moderator who is led to the second factor gets NO_FACTOR.
    """
    reply: Any = client.get(path) if form is None else client.post(path, form)
    if reply.status_code == 302 and reply["Location"].startswith("/admin/login/"):
        reply = client.get(reply["Location"])
    if reply.status_code == 302 and reply["Location"].startswith("/accounts/2fa/"):
        return NO_FACTOR, reply["Location"]
    return reply.status_code, text_of(reply)


def text_of(reply: Any) -> str:
    """The text of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())
