"""What asks who somebody is once more, when, and by what; and that nothing which was entered is lost."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from accounts.demo import demo_user
from accounts.models import ApiToken, User
from tests.accounts.conftest import make_admin, make_moderator, make_user
from tests.github_double import GitHubDouble
from tests.people import log_in
from tests.totp import totp

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
LIST = "/admin/accounts/user/"
PASSWORD = "correct-horse-battery"
NEW_PASSWORD = "battery-staple-correct"
TOKENS = "/accounts/settings/tokens/"


@pytest.fixture
def admin(client: Client) -> User:
    """An admin whose session is 16 minutes old."""
    user = make_admin(password=PASSWORD)
    log_in(client, user, minutes_ago=16)
    return user


def confirm(client: Client, asked: Any) -> Any:
    """Enter the code on the page that `asked` leads to, and follow it."""
    path, query = asked["Location"].split("?")
    assert path == "/accounts/2fa/reauthenticate/"
    form = {"code": totp(SECRET), "next": parse_qs(query)["next"][0]}
    return client.post(path, form, follow=True)


class TestRoles:
    form = {"username": "ada", "first_name": "", "email": "", "is_active": "on", "is_staff": "on"}

    @pytest.mark.parametrize("query", ["", "?_changelist_filters=is_staff__exact%3D0"])
    def test_a_role_is_given_once_the_admin_has_confirmed(self, query: str, client: Client, admin: User) -> None:
        ada = make_user()
        asked = client.post(f"{LIST}{ada.pk}/change/{query}", self.form)
        page = client.get(asked["Location"]).content.decode()
        assert "What you sent is kept, and done once you have confirmed." in page
        ada.refresh_from_db()
        assert ada.role == "contributor"

        done = confirm(client, asked)

        ada.refresh_from_db()
        assert ada.role == "moderator"
        assert "was changed successfully" in done.content.decode()
        assert (done.redirect_chain[-1][0], done.status_code) == (f"{LIST}?is_staff__exact=0" if query else LIST, 200)

    def test_what_was_wrong_is_on_the_form_again(self, client: Client, admin: User) -> None:
        ada = make_user()
        asked = client.post(f"{LIST}{ada.pk}/change/", {**self.form, "email": "not an address", "first_name": "Ada L."})
        page = confirm(client, asked).content.decode()
        assert "Enter a valid email address." in page
        assert 'value="Ada L."' in page

    def test_what_was_not_confirmed_is_not_done_later(self, client: Client, admin: User) -> None:
        ada = make_user()
        client.post(f"{LIST}{ada.pk}/change/", self.form)
        confirm(client, client.get("/admin/password_change/"))
        ada.refresh_from_db()
        assert ada.role == "contributor"

    def test_reading_asks_nothing(self, client: Client, admin: User) -> None:
        ada = make_user()
        assert [client.get(path).status_code for path in (LIST, f"{LIST}{ada.pk}/change/")] == [200, 200]

    def test_a_recent_sign_in_is_enough(self, client: Client) -> None:
        log_in(client, make_admin(), minutes_ago=14)
        response = client.post(f"{LIST}{make_user().pk}/change/", self.form)
        assert response["Location"] == LIST

    def test_a_recent_sign_in_without_the_factor_is_not(self, client: Client, admin: User) -> None:
        session: Any = client.session
        session["account_authentication_methods"] += [{"method": "password", "at": 9e9, "reauthenticated": True}]
        session.save()
        assert client.post(f"{LIST}{make_user().pk}/change/", self.form)["Location"].startswith("/accounts/2fa/")

    def test_a_form_without_the_csrf_token_is_not_kept(self, admin: User) -> None:
        careful = Client(enforce_csrf_checks=True)
        log_in(careful, admin, minutes_ago=16)
        assert careful.post(f"{LIST}{make_user().pk}/change/", self.form).status_code == 403
        assert "account_reauthentication_state" not in careful.session

    def test_moderators_are_refused_as_ever(self, client: Client) -> None:
        log_in(client, make_moderator())
        assert client.post(f"{LIST}{make_user().pk}/change/", self.form).status_code == 403


class TestActions:
    def test_removing_a_second_factor_asks(self, client: Client, admin: User) -> None:
        grace = make_moderator()
        form = {"action": "remove_second_factors", "_selected_action": [grace.pk]}
        asked = client.post(f"{LIST}?is_staff__exact=1", form)
        assert Authenticator.objects.filter(user=grace).exists()
        page = confirm(client, asked).content.decode()
        assert "Removed the second factor of grace." in page
        assert not Authenticator.objects.filter(user=grace).exists()

    @pytest.mark.parametrize(
        "named",
        [
            {"action": ["remove_second_factors", ""], "index": "0"},
            {"action": ["remove_second_factors", "suspend"]},
            {"action": ["", "remove_second_factors", "lift"], "index": "1"},
            {"action": ["suspend", "remove_second_factors"], "index": "-1"},
            {"action": ["remove_second_factors"], "index": "9"},
        ],
    )
    def test_it_asks_however_the_action_is_named(self, named: dict[str, Any], client: Client, admin: User) -> None:
        grace = make_moderator()
        asked = client.post(LIST, {**named, "_selected_action": [grace.pk]})
        assert Authenticator.objects.filter(user=grace).exists()
        confirm(client, asked)
        assert not Authenticator.objects.filter(user=grace).exists()

    def test_suspending_does_not_ask(self, client: Client, admin: User) -> None:
        ada = make_user()
        client.post(LIST, {"action": "suspend", "because": "Spam.", "_selected_action": [ada.pk]})
        ada.refresh_from_db()
        assert ada.is_suspended


class TestPasswords:
    @pytest.mark.parametrize("path", [f"{LIST}add/", "/admin/password_change/", "/accounts/password/change/"])
    def test_the_form_asks_before_it_opens(self, path: str, client: Client, admin: User) -> None:
        asked = client.get(path)
        assert asked["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
        assert confirm(client, asked).redirect_chain == [(path, 302)]

    def test_a_password_is_never_kept(self, client: Client, admin: User) -> None:
        ada = make_user()
        path = f"{LIST}{ada.pk}/password/"
        form = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        asked = client.post(path, form)

        assert NEW_PASSWORD not in str(dict(client.session.items()))
        page = client.get(asked["Location"]).content.decode()
        assert "Nothing was changed yet. Confirm that it is you, then fill in the form." in page
        assert confirm(client, asked).redirect_chain == [(path, 302)]
        client.post(path, form)
        ada.refresh_from_db()
        assert ada.check_password(NEW_PASSWORD)


class TestTokens:
    form = {"name": "nightly sync", "scopes": ["read", "moderate"], "days": "30"}

    def test_a_token_is_made_once_its_maker_has_confirmed(self, client: Client, admin: User) -> None:
        asked = client.post(TOKENS, self.form)
        assert not ApiToken.objects.exists()
        page = confirm(client, asked)

        assert "Nothing was made yet. Check what you entered, then make the token." in page.content.decode()
        values = {name: page.context["form"][name].value() for name in self.form}
        assert values == self.form
        assert not ApiToken.objects.exists()
        client.post(TOKENS, self.form)
        assert ApiToken.objects.get().scopes == ["read", "moderate"]

    def test_seeing_and_revoking_asks_nothing(self, client: Client, admin: User) -> None:
        assert client.get(TOKENS).status_code == 200
        assert client.post(f"{TOKENS}1/revoke/").status_code == 404

    def test_a_demo_account_has_nothing_to_confirm_with(self, client: Client, settings: Any) -> None:
        settings.LOCAL_DEMO, settings.ALLOWED_HOSTS = True, ["localhost"]
        client.defaults["SERVER_NAME"] = "localhost"
        demo = demo_user("demo-contributor")
        assert demo is not None
        log_in(client, demo, minutes_ago=16, by="local_demo")
        client.post(TOKENS, {**self.form, "scopes": ["read"]})
        assert ApiToken.objects.count() == 1

    def test_another_account_is_refused_in_the_demo_as_elsewhere(self, client: Client, settings: Any) -> None:
        settings.LOCAL_DEMO, settings.ALLOWED_HOSTS = True, ["localhost"]
        client.defaults["SERVER_NAME"] = "localhost"
        log_in(client, make_user(), minutes_ago=16)
        assert client.post(TOKENS, {**self.form, "scopes": ["read"]}).status_code == 403
        assert not ApiToken.objects.exists()

    def test_elsewhere_such_an_account_is_refused(self, client: Client) -> None:
        log_in(client, make_user(), minutes_ago=16)
        assert client.post(TOKENS, {**self.form, "scopes": ["read"]}).status_code == 403
        assert not ApiToken.objects.exists()


class TestGitHub:
    """An account with neither a second factor nor a password."""

    @pytest.fixture
    def old_session(self, sign_in: Callable[..., HttpResponse], client: Client) -> None:
        sign_in()
        self.age(client)

    @staticmethod
    def age(client: Client) -> None:
        session: Any = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 16 * 60
        session.save()

    def confirm(self, client: Client, asked: Any) -> Any:
        """Go through GitHub from the page that `asked` leads to."""
        assert urlsplit(asked["Location"]).path == "/accounts/reauthenticate/github/"
        page = client.get(asked["Location"])
        assert "Confirm with GitHub" in page.content.decode()
        query = {"process": "redirect", "next": page.context["next"]}
        started = client.post("/accounts/github/login/", query_params=query)
        back = requests.post(started["Location"], data={"answer": "yes"}, allow_redirects=False, timeout=5)
        return client.get(back.headers["Location"], follow=True)

    @pytest.mark.usefixtures("old_session")
    @pytest.mark.parametrize("name", ["2fa/totp/activate/", "2fa/webauthn/add/", "3rdparty/"])
    def test_the_page_opens_after_github(self, name: str, client: Client) -> None:
        path = f"/accounts/{name}"
        key = client.session.session_key
        page = self.confirm(client, client.get(path))
        assert (page.redirect_chain[-1][0], page.status_code) == (path, 200)
        assert "Thank you, that is confirmed." in page.content.decode()
        assert client.session.session_key == key

    @pytest.mark.usefixtures("old_session")
    def test_a_token_form_comes_back_filled_in(self, client: Client) -> None:
        page = self.confirm(client, client.post(TOKENS, {"name": "sync", "scopes": ["read"], "days": "7"}))
        assert page.context["form"]["name"].value() == "sync"

    @pytest.mark.usefixtures("old_session")
    @pytest.mark.parametrize(
        ("query", "form"),
        [
            ("?process=connect", {}),
            ("", {"process": "connect"}),
            ("?process=login", {"process": "connect"}),
            ("?process=connect", {"process": ""}),
            ("?process=login&process=connect", {}),
        ],
    )
    def test_connecting_another_account_asks(self, query: str, form: dict[str, str], client: Client) -> None:
        asked = client.post(f"/accounts/github/login/{query}", form)
        assert asked["Location"] == "/accounts/reauthenticate/github/?next=%2Faccounts%2F3rdparty%2F"

    def test_connecting_asks_when_it_is_done_too(
        self, sign_in: Callable[..., HttpResponse], client: Client, github: GitHubDouble
    ) -> None:
        sign_in()
        started = client.post("/accounts/github/login/?process=connect")
        self.age(client)
        github.person.number += 1
        back = requests.post(started["Location"], data={"answer": "yes"}, allow_redirects=False, timeout=5)
        asked = client.get(back.headers["Location"])
        assert asked["Location"] == "/accounts/reauthenticate/github/?next=%2Faccounts%2F3rdparty%2F"
        assert SocialAccount.objects.count() == 1

    @pytest.mark.usefixtures("old_session")
    def test_another_github_account_confirms_nothing(self, client: Client, github: GitHubDouble) -> None:
        github.person.number += 1
        github.person.login = "somebody-else"
        page = self.confirm(client, client.get("/accounts/2fa/totp/activate/"))

        assert page.redirect_chain[-1][0].startswith("/accounts/reauthenticate/github/")
        assert "At GitHub you are somebody-else, which is not what you sign in with here." in page.content.decode()
        assert User.objects.count() == 1

    @pytest.mark.usefixtures("old_session")
    def test_it_does_not_stand_in_for_a_second_factor(self, client: Client) -> None:
        Authenticator.objects.create(user=User.objects.get(), type="totp", data={"secret": SECRET})
        assert client.get("/accounts/reauthenticate/github/").status_code == 200
        started = client.post("/accounts/github/login/?process=redirect&next=/accounts/2fa/totp/deactivate/")
        back = requests.post(started["Location"], data={"answer": "yes"}, allow_redirects=False, timeout=5)
        page = client.get(back.headers["Location"], follow=True)
        assert page.redirect_chain[-1][0].startswith("/accounts/2fa/reauthenticate/")

    @pytest.mark.usefixtures("old_session")
    def test_the_way_back_never_leaves_the_site(self, client: Client) -> None:
        page = client.get("/accounts/reauthenticate/github/?next=https://evil.example/")
        assert page.context["next"] == "/"
        started = client.post("/accounts/github/login/?process=redirect&next=https://evil.example/")
        back = requests.post(started["Location"], data={"answer": "yes"}, allow_redirects=False, timeout=5)
        assert client.get(back.headers["Location"])["Location"] == "/"

    def test_a_visitor_is_led_to_the_sign_in(self, client: Client) -> None:
        assert client.get("/accounts/reauthenticate/github/")["Location"].startswith("/accounts/login/")
