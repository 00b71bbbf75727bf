"""Whose account a sign-in opens, under which name, and which address it keeps."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from accounts.account_deletion import erase_account
from accounts.models import User
from tests.accounts.conftest import make_user
from tests.github_double import GitHubDouble, Person

pytestmark = pytest.mark.django_db
SignIn = Callable[..., HttpResponse]


def address(email: str, *, primary: bool = False, verified: bool = True) -> dict[str, Any]:
    return {"email": email, "primary": primary, "verified": verified, "visibility": None}


def signed_in(client: Client) -> str:
    return str(client.get("/accounts/settings/").context["user"].username)


def test_second_sign_in_with_another_login_is_the_same_account(
    client: Client, github: GitHubDouble, sign_in: SignIn
) -> None:
    sign_in()
    client.logout()
    github.person = Person(login="octodog", emails=[address("new@example.org", primary=True)])
    sign_in()

    assert list(User.objects.values_list("username", "email")) == [("octocat", "new@example.org")]
    assert SocialAccount.objects.get().extra_data["login"] == "octodog"


def test_another_number_with_the_same_login_is_another_account(
    client: Client, github: GitHubDouble, sign_in: SignIn
) -> None:
    sign_in()
    client.logout()
    github.person = Person(number=2, emails=[])
    sign_in()

    assert signed_in(client) == "octocat-2"


@pytest.mark.parametrize(
    ("taken", "given"),
    [(["octocat"], "octocat-2"), (["OctoCat", "octocat-2", "octocat-3"], "octocat-4"), (["octocatty"], "octocat")],
)
def test_a_taken_name_gets_the_first_free_variant(
    taken: list[str], given: str, client: Client, sign_in: SignIn
) -> None:
    for name in taken:
        make_user(name)
    sign_in()

    assert signed_in(client) == given


def test_a_name_taken_in_the_same_moment_gets_the_next(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another was faster between the look for a free name and the saving."""
    make_user("octocat")
    first = iter(["octocat"])
    free = User.objects.free_username
    monkeypatch.setattr(User.objects, "free_username", lambda requested: next(first, None) or free(requested))
    sign_in()

    assert signed_in(client) == "octocat-2"


@pytest.mark.parametrize("login", ["former-contributor-7", "Demo-moderator", "demo-contributor"])
def test_names_that_the_portal_gives_out_are_never_taken(
    login: str, client: Client, github: GitHubDouble, sign_in: SignIn
) -> None:
    github.person = Person(login=login)
    sign_in()

    assert signed_in(client) == f"gh-{login}"


@pytest.mark.parametrize(
    ("emails", "stored"),
    [
        ([], ""),
        ([address("a@example.org", primary=True, verified=False)], ""),
        ([address("a@example.org", primary=True, verified=False), address("b@example.org")], "b@example.org"),
        ([address("a@example.org"), address("b@example.org", primary=True)], "b@example.org"),
        ([address("1+octocat@users.noreply.github.com", primary=True), address("b@example.org")], "b@example.org"),
        ([address("1+octocat@users.noreply.github.com", primary=True)], ""),
    ],
)
def test_only_a_verified_address_is_stored(
    emails: list[dict[str, Any]], stored: str, client: Client, github: GitHubDouble, sign_in: SignIn
) -> None:
    github.person = Person(emails=emails, public_email="unverified@example.org")
    sign_in()

    assert User.objects.get().email == stored
    assert signed_in(client) == "octocat"
    assert "unverified" not in str(list(SocialAccount.objects.values()))


def test_an_address_that_is_no_longer_verified_is_forgotten(
    client: Client, github: GitHubDouble, sign_in: SignIn
) -> None:
    sign_in()
    client.logout()
    github.person = Person(emails=[address("octocat@example.org", primary=True, verified=False)])
    sign_in()

    assert User.objects.get().email == ""


def test_accounts_are_never_joined_by_an_address(client: Client, sign_in: SignIn) -> None:
    admin = make_user("root", email="octocat@example.org", is_superuser=True, is_staff=True)
    sign_in()

    assert signed_in(client) == "octocat"
    assert not SocialAccount.objects.filter(user=admin).exists()
    assert User.objects.get(pk=admin.pk).email == "octocat@example.org"


def test_an_address_follows_its_owner_on_github(client: Client, github: GitHubDouble, sign_in: SignIn) -> None:
    sign_in()
    client.logout()
    github.person = Person(number=2, login="newcomer", emails=[address("OCTOCAT@example.org", primary=True)])
    sign_in()

    assert dict(User.objects.values_list("username", "email")) == {"octocat": "", "newcomer": "octocat@example.org"}


def test_after_leaving_the_same_github_account_is_somebody_new(client: Client, sign_in: SignIn) -> None:
    sign_in()
    old = User.objects.get()
    erase_account(user=old)
    sign_in()

    assert signed_in(client) == "octocat"
    assert set(User.objects.values_list("username", flat=True)) == {"octocat", f"former-contributor-{old.pk}"}
