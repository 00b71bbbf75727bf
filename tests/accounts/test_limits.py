"""Too many sign-ins answer 429 and say when to come back."""

from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client

from tests.accounts.conftest import make_user
from tests.github_double import GitHubDouble

pytestmark = pytest.mark.django_db
MOST = site_settings.SIGN_INS_A_MINUTE


def answers(client: Client, path: str, form: dict[str, str], times: int, **extra: Any) -> list[tuple[int, str]]:
    replies = [client.post(path, form, **extra) for _ in range(times)]
    return [(reply.status_code, reply.get("Retry-After", "")) for reply in replies]


def test_signing_in_with_github(client: Client, github: GitHubDouble) -> None:
    done = answers(client, "/accounts/github/login/", {}, MOST + 1)
    assert done == [(302, "")] * MOST + [(429, "60")]


def test_the_local_demo(client: Client, settings: Any) -> None:
    settings.LOCAL_DEMO, settings.ALLOWED_HOSTS = True, ["localhost"]
    form = {"username": "demo-contributor"}
    done = answers(client, "/accounts/local/", form, MOST + 1, HTTP_HOST="localhost")
    assert done == [(302, "")] * MOST + [(429, "60")]


def test_wrong_passwords_of_one_account(client: Client) -> None:
    make_user(password="correct-horse-battery")
    done = answers(client, "/accounts/login/", {"login": "ada", "password": "wrong"}, 6)
    assert done == [(200, "")] * 5 + [(429, "300")]


def test_wrong_passwords_of_many_accounts(client: Client) -> None:
    replies = [client.post("/accounts/login/", {"login": f"u{n}", "password": "wrong"}) for n in range(MOST + 1)]
    assert [reply.status_code for reply in replies] == [200] * MOST + [429]


def test_the_page_says_how_long(client: Client) -> None:
    make_user(password="correct-horse-battery")
    replies = [client.post("/accounts/login/", {"login": "ada", "password": "wrong"}) for _ in range(6)]
    assert "Please wait 5 minutes and try again." in replies[-1].content.decode()


def test_each_address_of_the_network_is_counted_by_itself(client: Client, github: GitHubDouble) -> None:
    answers(client, "/accounts/github/login/", {}, MOST)
    elsewhere = answers(client, "/accounts/github/login/", {}, 1, REMOTE_ADDR="192.0.2.7")
    assert elsewhere == [(302, "")]


def test_a_forwarded_address_is_believed_behind_a_proxy_only(
    client: Client, github: GitHubDouble, settings: Any
) -> None:
    answers(client, "/accounts/github/login/", {}, MOST)
    extra = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 192.0.2.9"}
    assert answers(client, "/accounts/github/login/", {}, 1, **extra) == [(429, "60")]

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert answers(client, "/accounts/github/login/", {}, 1, **extra) == [(302, "")]
