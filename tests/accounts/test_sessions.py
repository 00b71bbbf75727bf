"""What a session has proven: the second factor belongs to it, and ending it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.admin import site as admin_site
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.demo import demo_user
from accounts.models import User
from submissions.models import Proposal
from tests.accounts.conftest import make_admin, make_moderator, make_user
from tests.people import admin, log_in, moderator, propose, signed_in
from tests.totp import totp

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "correct-horse-battery"
ASKS = "/accounts/2fa/reauthenticate/"
REASON = "The admin opens once you have used your second factor in this session."


@pytest.fixture
def unused(client: Client) -> Client:
    """The browser of a moderator who has a second factor and has not used it in this session."""
    log_in(client, make_moderator(), by="socialaccount")
    return client


def admin_pages() -> list[str]:
    """Each page of the admin that takes no argument, and the list of each model."""
    open_to_all = ("logout", "login")
    patterns = [one for one in admin_site.get_urls() if isinstance(one, URLPattern) and not one.pattern.regex.groups]
    pages = [reverse(f"admin:{one.name}") for one in patterns if one.name and one.name not in open_to_all]
    models = [model._meta for model in admin_site._registry]
    return pages + [reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist") for meta in models]


def test_every_page_of_the_admin_leads_to_the_second_factor(unused: Client) -> None:
    doors = {path: unused.get(path) for path in admin_pages()}

    assert len(doors) > 15
    assert {path: (door.status_code, door["Location"]) for path, door in doors.items()} == {
        path: (302, f"/admin/login/?next={path}") for path in doors
    }


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/admin/login/"])
def test_it_asks_with_the_reason_and_leads_back(path: str, unused: Client) -> None:
    response = unused.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith(f"{ASKS}?next=%2Fadmin%2F")
    assert REASON in response.content.decode()

    answer = unused.post(response.redirect_chain[-1][0], {"code": totp(SECRET), "next": "/admin/accounts/user/"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/accounts/user/")
    assert unused.get("/admin/accounts/user/").status_code == 200


@pytest.mark.parametrize("there", [True, False])
def test_pages_of_others_lead_to_it_whether_they_are_there_or_not(there: bool, unused: Client) -> None:
    pk = propose().pk if there else 1
    for path in (f"/submissions/{pk}/", "/submissions/batches/1/", "/people/nobody/"):
        assert unused.get(path)["Location"] == f"{ASKS}?{urlencode({'next': path})}"


def test_the_queue_by_the_api_is_refused_with_the_reason(unused: Client) -> None:
    answer = unused.get("/api/v1/proposals/?whose=all")
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "A moderator's session reaches this once it has used the second factor: open the queue first.",
    )
    assert answer.json()["type"].endswith("#problem-second-factor")


def test_a_decision_from_such_a_session_is_not_made(unused: Client) -> None:
    proposal = propose()
    unused.post(f"/admin/submissions/proposal/{proposal.pk}/approve/", {"version": "1"})
    unused.post(f"/api/v1/proposals/{proposal.pk}/approve/", {}, content_type="application/json")
    assert Proposal.objects.get().status == "pending"


def test_a_role_given_later_needs_the_factor_in_the_same_session(client: Client) -> None:
    ada = make_user(second_factor=True)
    log_in(client, ada, by="socialaccount")
    User.objects.filter(pk=ada.pk).update(is_staff=True)

    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(ASKS)


def test_a_factor_that_came_from_elsewhere_has_to_be_used(client: Client) -> None:
    grace = make_moderator(second_factor=False)
    log_in(client, grace)
    Authenticator.objects.create(user=grace, type="totp", data={"secret": SECRET})

    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(ASKS)


def test_the_records_of_somebody_else_count_for_nothing(client: Client) -> None:
    grace = make_moderator()
    log_in(client, grace)
    session: Any = client.session
    session["account_authentication_methods_user"] = str(make_admin().pk)
    session.save()

    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(ASKS)


def test_a_password_does_not_stand_in_for_the_factor(client: Client) -> None:
    log_in(client, make_admin(password=PASSWORD), by="password")
    answer = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/admin/tables/"})

    assert answer["Location"].startswith(ASKS)
    assert client.get("/admin/tables/").status_code == 302


def test_the_accounts_of_the_local_demo_are_exempt_and_no_other(client: Client, settings: Any) -> None:
    settings.LOCAL_DEMO, settings.ALLOWED_HOSTS = True, ["localhost"]
    client.defaults["SERVER_NAME"] = "localhost"
    demo, other = demo_user("demo-moderator"), make_admin(password=PASSWORD, second_factor=False)
    assert demo is not None
    log_in(client, demo, by="local_demo")
    assert client.get("/admin/tables/").status_code == 200

    log_in(client, other, by="password")
    answer = client.get("/admin/tables/", follow=True)

    assert answer.redirect_chain[-1] == ("/accounts/2fa/", 302)


# -- ending sessions


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/settings/").status_code == 200


def set_up_app(client: Client) -> Any:
    client.get("/accounts/2fa/totp/activate/")
    return client.post("/accounts/2fa/totp/activate/", {"code": totp(client.session["mfa.totp.secret"])}, follow=True)


def remove_app(client: Client) -> Any:
    return client.post("/accounts/2fa/totp/deactivate/", follow=True)


def make_codes(client: Client) -> Any:
    return client.post("/accounts/2fa/recovery-codes/generate/", follow=True)


def remove_passkey(client: Client) -> Any:
    pk = Authenticator.objects.create(user=User.objects.get(), type="webauthn", data={"name": "Key"}).pk
    return client.post(f"/accounts/2fa/webauthn/keys/{pk}/remove/", follow=True)


@pytest.mark.parametrize(
    ("change", "has_factor"), [(set_up_app, False), (remove_app, True), (make_codes, True), (remove_passkey, True)]
)
def test_a_changed_factor_ends_the_other_sessions_and_says_so(
    change: Callable[[Client], Any], has_factor: bool, client: Client
) -> None:
    grace = make_moderator(second_factor=has_factor, password=PASSWORD)
    other = signed_in(grace)
    log_in(client, grace)
    assert is_signed_in(other)

    page = change(client).content.decode()

    assert "Your account is signed out everywhere else." in page
    assert (is_signed_in(client), is_signed_in(other)) == (True, False)
    assert SESSION_KEY not in other.session


def test_a_refused_set_up_ends_nothing(client: Client) -> None:
    grace = make_moderator(second_factor=False)
    other = signed_in(grace)
    log_in(client, grace)
    client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert (is_signed_in(client), is_signed_in(other)) == (True, True)


def test_setting_one_up_opens_the_admin_in_this_session(client: Client) -> None:
    log_in(client, make_moderator(second_factor=False))
    set_up_app(client)
    assert client.get("/admin/tables/").status_code == 200


def test_an_admin_who_removes_a_factor_ends_the_sessions(client: Client) -> None:
    grace, bystander = moderator("grace"), moderator("mary")
    browsers = [signed_in(grace), signed_in(bystander)]
    log_in(client, admin())
    client.post("/admin/accounts/user/", {"action": "remove_second_factors", "_selected_action": [grace.pk]})

    assert [is_signed_in(browser) for browser in browsers] == [False, True]
    assert is_signed_in(client)


def test_sessions_of_before_survive_until_they_are_ended(client: Client, settings: Any) -> None:
    """The hash is Django's own as long as nothing was ended, also by a former SECRET_KEY."""
    ada = make_user()
    log_in(client, ada)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", [settings.SECRET_KEY]
    assert is_signed_in(client)

    ada.end_sessions()
    assert not is_signed_in(client)


def test_recovery_codes_count_as_the_factor(client: Client) -> None:
    grace = make_moderator(password=PASSWORD)
    code = RecoveryCodes.activate(grace).get_unused_codes()[0]
    client.post("/accounts/login/", {"login": "grace", "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/admin/tables/").status_code == 200


def test_signing_in_with_github_asks_for_the_factor(sign_in: Callable[..., HttpResponse], client: Client) -> None:
    sign_in()
    User.objects.update(is_staff=True)
    Authenticator.objects.create(user=User.objects.get(), type="totp", data={"secret": SECRET})
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(ASKS)
