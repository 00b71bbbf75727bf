"""/.well-known/security.txt (RFC 9116)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

pytestmark = pytest.mark.django_db
URL = "/.well-known/security.txt"


def test_it_says_whom_to_tell(client: Client, settings: Any):
    settings.SECURITY_CONTACT, settings.SECURITY_EXPIRES = "mailto:security@example.org", date(2999, 6, 1)
    settings.SITE_URL = "https://portal.example.org"

    response = client.get(URL)

    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert response.content.decode() == (
        "Contact: mailto:security@example.org\n"
        "Expires: 2999-06-01T00:00:00Z\n"
        "Canonical: https://portal.example.org/.well-known/security.txt\n"
        "Preferred-Languages: en\n"
    )


@pytest.mark.parametrize(
    ("contact", "days"),
    [("", None), ("", 1), ("mailto:a@example.org", None), ("mailto:a@example.org", 0), ("mailto:a@example.org", -1)],
)
def test_without_a_contact_or_a_day_to_come_there_is_none(
    contact: str, days: int | None, client: Client, settings: Any
):
    settings.SECURITY_CONTACT = contact
    settings.SECURITY_EXPIRES = None if days is None else timezone.now().date() + timedelta(days)

    assert client.get(URL).status_code == 404
