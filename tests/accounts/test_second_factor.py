"""The second factor at sign-in: required, accepted once, and not to be guessed."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.codes import used_up
from accounts.models import User
from tests.accounts.conftest import make_moderator, make_user
from tests.people import log_in
from tests.totp import totp

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def moderator() -> User:
    return make_moderator(password=PASSWORD)


def by_password(client: Client, name: str = "grace", path: str = "/admin/") -> str:
    """Where a right password leads."""
    response = client.post(f"/accounts/login/?next={path}", {"login": name, "password": PASSWORD})
    return str(response["Location"])


def with_code(client: Client, code: str) -> tuple[int, str]:
    response = client.post("/accounts/2fa/authenticate/", {"code": code})
    return response.status_code, response.get("Location", "")


def test_rfc_6238_test_vector() -> None:
    assert totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at=59) == "287082"


def test_a_password_alone_opens_nothing(client: Client, moderator: User) -> None:
    assert by_password(client) == "/accounts/2fa/authenticate/"
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"


def test_a_code_opens_once(client: Client, moderator: User) -> None:
    other = Client()
    assert [by_password(client), by_password(other)] == ["/accounts/2fa/authenticate/"] * 2
    code = totp(SECRET)

    assert with_code(client, code) == (302, "/admin/")
    assert with_code(other, code) == (200, "")
    assert client.get("/admin/tables/").status_code == 200


@pytest.mark.parametrize(("periods", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_for_a_period_before_and_after_its_own(
    periods: int, opens: bool, client: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_password(client)
    code, now = totp(SECRET), time.time()
    monkeypatch.setattr(time, "time", lambda: now + periods * 30)

    assert (with_code(client, code) == (302, "/admin/")) is opens


def test_a_code_that_was_used_stays_used_in_the_next_period_and_in_another_process(
    client: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Client()
    assert [by_password(client), by_password(other)] == ["/accounts/2fa/authenticate/"] * 2
    code, now = totp(SECRET), time.time()
    assert with_code(client, code) == (302, "/admin/")

    monkeypatch.setattr(time, "time", lambda: now + 30)
    cache.clear()  # each process has its own, without Redis

    assert with_code(other, code) == (200, "")
    assert with_code(other, totp(SECRET)) == (302, "/admin/")


def test_the_code_that_sets_up_an_app_opens_nothing_else(client: Client) -> None:
    log_in(client, make_moderator(password=PASSWORD, second_factor=False))
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code, other = totp(secret), Client()
    client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert by_password(other) == "/accounts/2fa/authenticate/"
    assert with_code(other, code) == (200, "")
    assert with_code(other, totp(secret, time.time() + 30)) == (302, "/admin/")


def test_a_code_of_an_app_that_was_removed_meanwhile_is_wrong() -> None:
    app = Authenticator.objects.create(user=make_user(), type="totp", data={"secret": SECRET})
    Authenticator.objects.all().delete()
    with pytest.raises(ValidationError):
        used_up(app, totp(SECRET))


def test_a_recovery_code_opens_once(client: Client, moderator: User) -> None:
    code = RecoveryCodes.activate(moderator).get_unused_codes()[0]
    other = Client()
    assert [by_password(client), by_password(other)] == ["/accounts/2fa/authenticate/"] * 2

    assert with_code(client, code) == (302, "/admin/")
    assert with_code(other, code) == (200, "")


def test_guessing_codes_ends_in_429(client: Client, moderator: User) -> None:
    by_password(client)
    statuses = [with_code(client, f"{number:06}")[0] for number in range(6)]

    assert statuses == [200, 200, 200, 200, 200, 429]


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/admin/login/"])
def test_staff_without_one_is_led_to_it_with_the_reason(path: str, client: Client) -> None:
    log_in(client, make_moderator(second_factor=False))
    response = client.get(path, follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "The admin opens once your account has a second factor, because" in response.content.decode()


def test_the_admin_takes_no_password_itself(client: Client, moderator: User) -> None:
    """A moderator at the admin's own form could go on as an admin without the admin's second factor."""
    make_user("root", password=PASSWORD, is_superuser=True, is_staff=True)
    log_in(client, moderator)
    response = client.post("/admin/login/", {"username": "root", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get("/accounts/settings/").context["user"] == moderator


def test_the_admin_is_closed_to_contributors(client: Client) -> None:
    log_in(client, make_user())
    assert client.get("/admin/login/").status_code == 403


def test_a_suspended_moderator_sees_the_reason(client: Client, moderator: User) -> None:
    moderator.suspend(because="Waved everything through.")
    log_in(client, moderator)
    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert "Waved everything through." in response.content.decode()


def test_visitors_are_led_to_the_sites_own_sign_in(client: Client) -> None:
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"


def test_changing_the_second_factor_asks_once_more(client: Client, moderator: User) -> None:
    log_in(client, moderator, minutes_ago=16)
    for path in ("totp/deactivate/", "webauthn/add/", "recovery-codes/generate/"):
        assert client.get(f"/accounts/2fa/{path}")["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
