"""Unsubscribing from a kind of email by the link in it."""

import pytest
from django.core import signing
from django.test import Client

from accounts.models import User
from accounts.unsubscribe import unsubscribe_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada")


def path(user: User, field: str = "mail_decisions") -> str:
    return unsubscribe_url(user, field).removeprefix("http://127.0.0.1:8000")


def test_a_mail_program_turns_it_off_without_cookies(ada: User) -> None:
    browser = Client(enforce_csrf_checks=True)

    response = browser.post(path(ada), {"List-Unsubscribe": "One-Click"})

    ada.refresh_from_db()
    assert response.status_code == 200
    assert (ada.mail_decisions, ada.mail_queue) == (False, True)
    assert "sessionid" not in response.cookies


def test_following_the_link_asks_and_changes_nothing(ada: User, client: Client) -> None:
    response = client.get(path(ada, "mail_queue"))

    ada.refresh_from_db()
    assert "Stop emails about the digest of what waits for review." in response.content.decode()
    assert (ada.mail_decisions, ada.mail_queue) == (True, True)


@pytest.mark.parametrize(
    "token",
    ["x", "x:y:z", signing.dumps([1, "is_active"]), signing.dumps([1, "mail_queue"])],
    ids=["no token", "no signature", "another field", "another purpose"],
)
def test_a_forged_address_returns_404(client: Client, token: str) -> None:
    assert client.post(f"/accounts/unsubscribe/{token}/").status_code == 404


def test_one_who_left_is_no_error(ada: User, client: Client) -> None:
    address = path(ada)
    ada.delete()

    assert client.post(address).status_code == 200
