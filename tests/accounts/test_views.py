"""Settings, the pages of allauth in our look, and the addresses that are not there."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import make_moderator, make_user
from tests.people import log_in

pytestmark = pytest.mark.django_db


def test_settings_are_saved(client: Client) -> None:
    log_in(client, make_user())
    response = client.post("/accounts/settings/", {"first_name": "  Ada L. ", "mail_queue": "on"})

    assert response["Location"] == "/accounts/settings/"
    assert User.objects.values_list("first_name", "mail_decisions", "mail_queue").get() == ("Ada L.", False, True)


def test_a_moderator_has_the_switch_of_the_queue(client: Client) -> None:
    log_in(client, make_moderator())
    client.post("/accounts/settings/", {"mail_decisions": "on"})

    assert User.objects.values_list("mail_decisions", "mail_queue").get() == (True, False)


def test_a_bad_name_is_refused_and_stays_in_the_form(client: Client) -> None:
    log_in(client, make_user())
    response = client.post("/accounts/settings/", {"first_name": "Ada\u202elove", "mail_decisions": "on"})

    assert response.status_code == 400
    assert response.context["form"].errors == {
        "first_name": ["A name cannot hold control, direction or invisible characters."],
    }
    assert "Ada\u202elove" in response.content.decode()
    assert "Ada\u202elove" not in response.content.decode().partition("<main")[0]


def test_a_suspended_person_only_reads(client: Client) -> None:
    user = make_user()
    user.suspend(because="Spam.")
    log_in(client, user)

    assert client.post("/accounts/settings/", {"first_name": "Eve"}).status_code == 403
    assert client.get("/accounts/settings/").status_code == 200
    assert User.objects.get().first_name == ""


@pytest.mark.parametrize("forged", ["is_staff", "is_superuser", "email", "username", "suspended_because"])
def test_nothing_else_can_be_set(forged: str, client: Client) -> None:
    log_in(client, make_user())
    before = User.objects.values_list(forged, flat=True).get()
    client.post("/accounts/settings/", {forged: "on"})

    assert User.objects.values_list(forged, flat=True).get() == before


@pytest.mark.parametrize("path", ["settings/", "2fa/", "3rdparty/"])
def test_pages_about_oneself_ask_for_a_sign_in(path: str, client: Client) -> None:
    response = client.get(f"/accounts/{path}")
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next=/accounts/{path}")


@pytest.mark.parametrize(
    "path", ["password/reset/", "confirm-email/", "confirm-email/x/", "login/code/", "signup/passkey/", "sessions/"]
)
def test_unused_doors_of_allauth_are_not_there(path: str, client: Client) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("path", ["email/", "password/set/"])
def test_addresses_and_passwords_are_not_typed_in(path: str, client: Client) -> None:
    log_in(client, make_user())
    typed = client.post(f"/accounts/{path}", {"email": "a@example.org", "password1": "x", "action_add": ""})
    opened = client.get(f"/accounts/{path}")
    assert (typed.status_code, opened.status_code, opened["Location"]) == (405, 302, "/accounts/settings/")


def test_there_is_no_sign_up(client: Client) -> None:
    response = client.post("/accounts/signup/", {"username": "eve", "password1": "x" * 20, "password2": "x" * 20})
    assert "<h1>Accounts come from GitHub</h1>" in response.content.decode()
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("login/", "With a password"),
        ("inactive/", "This account is closed"),
        ("3rdparty/login/cancelled/", "You said no on GitHub"),
        ("signup/", "Accounts come from GitHub"),
    ],
)
def test_pages_for_visitors_are_in_the_sites_frame(path: str, message: str, client: Client) -> None:
    page = client.get(f"/accounts/{path}").content.decode()
    assert message in page
    assert '<a href="/papers/">Papers &amp; models</a>' in page
    assert " · VLM Portal</title>" in page


def test_a_person_who_left_cannot_come_in(client: Client) -> None:
    make_user(password="correct-horse-battery", is_active=False)
    response = client.post("/accounts/login/", {"login": "ada", "password": "correct-horse-battery"})
    assert (response.status_code, response.get("Location")) == (302, "/accounts/inactive/")
    assert client.get("/accounts/settings/").status_code == 302


@pytest.mark.parametrize(("requested", "given"), [("/papers/", "/papers/"), ("https://evil.example/", "/")])
def test_next_never_leaves_the_site(requested: str, given: str, client: Client) -> None:
    make_user(password="correct-horse-battery")
    response = client.post("/accounts/login/", {"login": "ada", "password": "correct-horse-battery", "next": requested})
    assert response["Location"] == given
