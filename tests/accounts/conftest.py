"""People for tests, and GitHub's double for those that sign in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.github_double import CLIENT_ID, CLIENT_SECRET, GitHubDouble

CALLBACK = "http://testserver/accounts/github/login/callback/"


@pytest.fixture(autouse=True)
def counts_from_zero() -> None:
    """Sign-ins are counted in the cache, which outlives a test."""
    cache.clear()


def make_user(username: str = "ada", *, second_factor: bool = False, **fields: Any) -> User:
    """An account that signs in by GitHub, unless `password` is given."""
    user: User = User.objects.create_user(username, **fields)
    if second_factor:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return user


def make_moderator(username: str = "grace", **fields: Any) -> User:
    return make_user(username, **{"is_staff": True, "second_factor": True, **fields})


def make_admin(username: str = "root", **fields: Any) -> User:
    return make_moderator(username, **{"is_superuser": True, **fields})


@pytest.fixture(scope="session")
def running_github() -> Iterator[GitHubDouble]:
    with GitHubDouble(CALLBACK) as double:
        yield double


@pytest.fixture
def github(running_github: GitHubDouble, settings: Any, monkeypatch: pytest.MonkeyPatch) -> GitHubDouble:
    """The double that this process calls instead of GitHub."""
    running_github.reset()
    app = {"client_id": CLIENT_ID, "secret": CLIENT_SECRET, "key": ""}
    provider = {**settings.SOCIALACCOUNT_PROVIDERS["github"], "APPS": [app]}
    settings.SOCIALACCOUNT_PROVIDERS = {"github": provider}
    web, api = running_github.url, f"{running_github.url}/api/v3"
    addresses = {
        "authorize_url": f"{web}/login/oauth/authorize",
        "access_token_url": f"{web}/login/oauth/access_token",
        "profile_url": f"{api}/user",
        "emails_url": f"{api}/user/emails",
    }
    for name, address in addresses.items():  # read from the settings once, when allauth is imported
        monkeypatch.setattr(GitHubOAuth2Adapter, name, address)
    return running_github


@pytest.fixture
def sign_in(client: Client, github: GitHubDouble) -> Callable[..., HttpResponse]:
    """Goes all the way through GitHub and gives the portal's last answer."""

    def through_github(answer: str = "yes", query: str = "process=login", browser: Client = client) -> HttpResponse:
        started = browser.post(f"/accounts/github/login/?{query}")
        assert started.status_code == 302, started.content
        back = requests.post(started["Location"], data={"answer": answer}, allow_redirects=False, timeout=5)
        return browser.get(back.headers["Location"])  # type: ignore[return-value] # the test client's own class

    return through_github
