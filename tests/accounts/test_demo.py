"""The local demo's sign-in: on this machine, by POST, as one of four; elsewhere it is not there."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client

from accounts.demo import is_demo_account
from accounts.models import User
from accounts.rules import can_moderate, needs_second_factor
from submissions.models import Proposal
from tests.accounts.conftest import make_user
from tests.factories import make_paper
from tests.totp import totp

pytestmark = pytest.mark.django_db
HERE: dict[str, Any] = {"HTTP_HOST": "localhost:8000", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def demo(settings: LazySettings) -> None:
    settings.LOCAL_DEMO = True
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def sign_in(client: Client, username: str = "demo-moderator", **extra: Any) -> int:
    return int(client.post("/accounts/local/", {"username": username}, **{**HERE, **extra}).status_code)


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("username", "role"),
    [
        ("demo-contributor", "contributor"),
        ("demo-contributor-2", "contributor"),
        ("demo-moderator", "moderator"),
        ("demo-moderator-2", "moderator"),
    ],
)
def test_each_demo_account_is_made_on_first_use(username: str, role: str, client: Client) -> None:
    assert [sign_in(client, username), sign_in(Client(), username)] == [302, 302]

    user = User.objects.get()
    assert (user.username, user.role, user.email, user.has_usable_password()) == (
        username,
        role,
        f"{username}@localhost",
        False,
    )
    assert client.get("/accounts/settings/", **HERE).context["user"] == user


@pytest.mark.usefixtures("demo")
def test_the_demo_moderator_opens_the_admin_without_a_second_factor(client: Client) -> None:
    sign_in(client)
    assert client.get("/admin/tables/", **HERE).status_code == 200


@pytest.mark.usefixtures("demo")
def test_what_takes_two_moderators_can_be_finished(client: Client) -> None:
    entry = make_paper(name="Vim")
    retire = {"source": "the paper", "comment": "It is the same model.", "version": "1", "submit": "1"}
    sign_in(client, "demo-contributor")
    client.post(f"/papers/{entry.slug}/retire/", retire, **HERE)
    proposal = Proposal.objects.get()
    for name in ("demo-moderator", "demo-moderator-2"):
        sign_in(client, name)
        proposal.refresh_from_db()
        form = {"version": str(proposal.version)}
        client.post(f"/admin/submissions/proposal/{proposal.pk}/approve/", form, **HERE)

    proposal.refresh_from_db()
    assert (proposal.status, str(proposal.seconded_by), str(proposal.decided_by)) == (
        "approved",
        "demo-moderator",
        "demo-moderator-2",
    )


@pytest.mark.usefixtures("demo")
def test_a_second_factor_that_was_set_up_is_required(client: Client) -> None:
    sign_in(client)
    Authenticator.objects.create(user=User.objects.get(), type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    response = Client().post("/accounts/local/", {"username": "demo-moderator"}, **HERE)
    assert response["Location"] == "/accounts/2fa/authenticate/"


@pytest.mark.usefixtures("demo")
def test_no_other_account_is_reached(client: Client) -> None:
    make_user("root", is_superuser=True, is_staff=True)
    assert [sign_in(client, name) for name in ("root", "", "demo-nobody")] == [404, 404, 404]
    assert User.objects.count() == 1


@pytest.mark.usefixtures("demo")
def test_a_demo_name_with_a_password_is_an_account_like_any_other(client: Client) -> None:
    user = make_user("demo-moderator", password="correct-horse-battery", is_superuser=True, is_staff=True)

    assert (sign_in(client), is_demo_account(user)) == (404, False)


@pytest.mark.usefixtures("demo")
def test_an_account_of_before_gets_its_address_and_keeps_another(client: Client) -> None:
    for name, email in (("demo-contributor", ""), ("demo-moderator", "me@example.org")):
        User.objects.service(name)
        User.objects.filter(username=name).update(email=email)
        sign_in(client, name)

    assert dict(User.objects.values_list("username", "email")) == {
        "demo-contributor": "demo-contributor@localhost",
        "demo-moderator": "me@example.org",
    }


@pytest.mark.usefixtures("demo")
def test_the_banner_is_that_of_demo_accounts_alone(client: Client) -> None:
    client.force_login(make_user("root", password="correct-horse-battery", is_superuser=True, is_staff=True))

    assert "Local demo" not in client.get("/about/", **HERE).content.decode()
    settings = client.get("/accounts/settings/", **HERE).content.decode()
    assert "off; the admin needs one" in settings


@pytest.mark.usefixtures("demo")
def test_an_admin_gets_in_by_setting_up_a_second_factor(client: Client) -> None:
    make_user("root", password="correct-horse-battery", is_superuser=True, is_staff=True)
    form = {"login": "root", "password": "correct-horse-battery", "next": "/admin/tables/"}
    led = client.post("/accounts/login/", form, follow=True, **HERE)

    assert led.redirect_chain[-1] == ("/accounts/2fa/", 302)
    client.get("/accounts/2fa/totp/activate/", **HERE)
    client.post("/accounts/2fa/totp/activate/", {"code": totp(client.session["mfa.totp.secret"])}, **HERE)
    assert client.get("/admin/tables/", **HERE).status_code == 200


@pytest.mark.usefixtures("demo")
def test_a_get_is_not_allowed(client: Client) -> None:
    response = client.get("/accounts/local/?username=demo-moderator", **HERE)
    assert (response.status_code, response["Allow"]) == (405, "OPTIONS, POST")


@pytest.mark.usefixtures("demo")
def test_a_form_of_another_site_is_refused() -> None:
    assert sign_in(Client(enforce_csrf_checks=True)) == 403


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
        {"HTTP_X_REAL_IP": "192.0.2.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_it_is_not_there_for_other_machines(extra: dict[str, str], client: Client) -> None:
    assert sign_in(client, **extra) == 404
    assert "Local demo" not in client.get("/accounts/login/", **{**HERE, **extra}).content.decode()


@pytest.mark.usefixtures("demo")
def test_it_is_not_there_under_another_name(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert sign_in(client, HTTP_HOST="portal.example.org") == 404


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["SECURE_SSL", "BEHIND_PROXY", "GITHUB_CLIENT_ID"])
def test_it_is_not_there_on_a_public_site(name: str, client: Client, settings: LazySettings) -> None:
    setattr(settings, name, "1")
    assert sign_in(client) == 404


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOCAL_DEMO", False),
        ("SECURE_SSL", True),
        ("BEHIND_PROXY", True),
        ("GITHUB_CLIENT_ID", "1"),
        ("SITE_URL", "https://portal.example.org"),
        ("ALLOWED_HOSTS", ["localhost", "portal.example.org"]),
    ],
)
def test_where_it_may_not_run_its_moderator_needs_a_second_factor(
    name: str, value: Any, client: Client, settings: LazySettings
) -> None:
    sign_in(client)
    user = User.objects.get()
    before = (is_demo_account(user), needs_second_factor(user), can_moderate(user))

    setattr(settings, name, value)

    assert before == (True, False, True)
    assert (is_demo_account(user), needs_second_factor(user), can_moderate(user)) == (False, True, False)


def test_it_is_off_by_default(client: Client) -> None:
    assert sign_in(client) == 404
    assert "Local demo" not in client.get("/accounts/login/", **HERE).content.decode()


@pytest.mark.usefixtures("demo")
def test_it_is_marked_on_the_sign_in_page_and_in_the_menu(client: Client) -> None:
    assert "<h2>Local demo: choose who you are</h2>" in client.get("/accounts/login/", **HERE).content.decode()
    sign_in(client, "demo-contributor")
    assert "Local demo: you are <b>demo-contributor</b>" in client.get("/about/", **HERE).content.decode()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("requested", "given"), [("/papers/", "/papers/"), ("//evil.example/", "/")])
def test_next_never_leaves_the_site(requested: str, given: str, client: Client) -> None:
    response = client.post("/accounts/local/", {"username": "demo-contributor", "next": requested}, **HERE)
    assert response["Location"] == given


@pytest.mark.usefixtures("demo")
def test_a_request_that_is_refused_before_it_has_a_user_gets_its_page() -> None:
    client = Client(raise_request_exception=False)

    assert client.get("/about/", HTTP_HOST="evil.example").status_code == 400
